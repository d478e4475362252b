"""What a register of projects may tell, and the words by which its columns are known."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.rules.terms import Dimension


class Kind(Enum):
    """What kind of value a column holds."""

    LINE = auto()
    TEXT = auto()
    KEY = auto()
    PERSON = auto()
    OPENING = auto()
    CLOSING = auto()
    MONEY = auto()
    CURRENCY = auto()
    RATING = auto()
    LIFECYCLE = auto()
    SHARE = auto()
    YEAR = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a register may tell.

    `strong` labels name it surely, `loose` ones perhaps; a label that has one of the `within` phrases in it names it
    when nothing names it better. `remark` marks a text about another thing: only labels with one of `REMARKS` name it
    by a phrase within, and they name nothing else. `limit` is the longest text kept, in characters. Where a register
    has a further column for a field that is `filled_up`, it fills the blanks of the first: one rating of two is given.
    """

    name: str
    kind: Kind
    strong: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    limit: int = 0
    remark: bool = False
    filled_up: bool = False


IGNORE = "ignore"
"""The name by which a mapping says that a column is not to be read."""

REMARKS = frozenset({"comment", "comments", "commentary", "narrative", "note", "notes", "remarks", "explanation"})
"""A label with one of these tells about a thing, not the thing itself: "Narrative on whole life costs" is no amount."""

NAME_LIMIT, LINE_LIMIT, ID_LIMIT, TEXT_LIMIT, DESCRIPTION_LIMIT = 200, 120, 60, 3000, 8000

_WORDS_OF = {
    Dimension.SCHEDULE: ("schedule", "time", "timeline"),
    Dimension.COST: ("cost", "costs", "budget", "financial", "financials", "finance"),
    Dimension.SCOPE: ("scope",),
    Dimension.RESOURCES: ("resources", "resource", "resourcing", "people"),
    Dimension.RISK: ("risk", "risks"),
    Dimension.BENEFITS: ("benefits", "benefit"),
    Dimension.QUALITY: ("quality",),
}


def health_field(dimension: Dimension) -> str:
    """The name of the field that rates one dimension."""
    return f"{dimension}_health"


def comment_field(dimension: Dimension) -> str:
    """The name of the field that tells about one dimension."""
    return f"{dimension}_comment"


def _pairs(firsts: tuple[str, ...], seconds: tuple[str, ...]) -> tuple[str, ...]:
    both = [f"{first} {second}" for first in firsts for second in seconds]
    return (*both, *(f"{second} {first}" for first in firsts for second in seconds))


def _rating(dimension: Dimension) -> Field:
    words = _WORDS_OF[dimension]
    strong = _pairs(words, ("rag", "health", "rating", "status", "rag status", "rag rating", "confidence"))
    return Field(health_field(dimension), Kind.RATING, strong=strong, loose=words)


def _comment(dimension: Dimension) -> Field:
    words = _WORDS_OF[dimension]
    strong = _pairs(words, tuple(sorted(REMARKS)))
    return Field(comment_field(dimension), Kind.TEXT, strong=strong, within=words, limit=TEXT_LIMIT, remark=True)


def _dates(name: str, kind: Kind, points: tuple[str, ...]) -> tuple[Field, Field, Field]:
    """Forecast, baseline and actual; a date that does not say which is the forecast, as in planning tools."""
    dated = (*points, *(f"{point} date" for point in points))
    forecast = _pairs(dated, ("forecast", "expected", "target", "current", "latest", "estimated", "project"))
    return (
        Field(name, kind, strong=(*dated, *forecast), within=tuple(f"{point} date" for point in points)),
        Field(f"{name}_baseline", kind, strong=_pairs(dated, ("baseline", "original", "planned"))),
        Field(f"{name}_actual", kind, strong=_pairs(dated, ("actual",))),
    )


PROJECT_FIELDS = (
    Field(
        "name",
        Kind.LINE,
        strong=("project name", "name", "project title", "name of project", "project or programme name"),
        loose=("project", "title", "initiative", "initiative name", "programme name", "program name",
               "project programme"),
        within=("project name", "project title", "name of project", "programme name"),
        limit=NAME_LIMIT,
    ),
    Field(
        "id",
        Kind.LINE,
        strong=("id", "project id", "project number", "project no", "project ref", "project reference", "gmpp id",
                "gmpp id number", "external id", "identifier", "project identifier", "project code"),
        loose=("ref", "reference", "number", "no", "nr", "code", "id number", "project key", "key"),
        within=("project id", "project number", "gmpp id", "id number"),
        limit=ID_LIMIT,
    ),
    Field("key", Kind.KEY, strong=("key", "project key", "short code", "short key")),
    Field(
        "portfolio",
        Kind.LINE,
        strong=("portfolio", "portfolio name"),
        loose=("programme", "program"),
        limit=LINE_LIMIT,
    ),
    Field(
        "business_unit",
        Kind.LINE,
        strong=("business unit", "department", "bu", "lead department", "sponsoring department", "department name"),
        loose=("dept", "directorate", "division", "organisation", "organization"),
        limit=LINE_LIMIT,
    ),
    Field(
        "category",
        Kind.LINE,
        strong=("category", "report category", "annual report category", "project category"),
        loose=("type", "project type", "investment type", "class"),
        within=("category",),
        limit=LINE_LIMIT,
    ),
    Field(
        "description",
        Kind.TEXT,
        strong=("description", "project description", "description aims", "aims", "purpose", "objectives", "objective"),
        within=("description", "aims"),
        limit=DESCRIPTION_LIMIT,
    ),
    Field(
        "sponsor",
        Kind.PERSON,
        strong=("sponsor", "project sponsor", "executive sponsor", "sro", "sro name", "senior responsible owner",
                "senior responsible owner name", "name of sro"),
        loose=("business owner", "executive owner"),
    ),
    Field(
        "manager",
        Kind.PERSON,
        strong=("project manager", "manager", "pm", "project manager name", "programme manager", "delivery manager"),
        loose=("project lead", "lead", "project leader", "owner", "project owner", "project director",
               "programme director", "responsible"),
    ),
    Field("deputy", Kind.PERSON, strong=("deputy", "deputy manager", "deputy project manager", "deputy pm")),
    Field(
        "state",
        Kind.LIFECYCLE,
        strong=("state", "stage", "phase", "project stage", "project phase", "project state", "lifecycle",
                "lifecycle stage", "lifecycle state"),
        loose=("status", "project status", "current status"),
    ),
    *_dates("start", Kind.OPENING, ("start", "commencement")),
    *_dates("finish", Kind.CLOSING, ("finish", "end", "completion", "go live", "due")),
    Field(
        "bac",
        Kind.MONEY,
        strong=("bac", "budget at completion", "budget", "total budget", "project budget", "approved budget",
                "baseline cost", "cost baseline", "baseline budget", "budget baseline", "whole life cost",
                "whole life costs", "wlc", "wlc baseline", "wlc baseline incl ncg", "total cost", "total project cost"),
        loose=("baseline", "total baseline", "cost", "total approved budget"),
        within=("whole life cost", "whole life costs", "wlc"),
    ),
    Field(
        "eac",
        Kind.MONEY,
        strong=("eac", "estimate at completion", "forecast at completion", "forecast cost", "cost forecast",
                "forecast outturn", "outturn", "projected cost", "total forecast", "latest estimate"),
        loose=("forecast",),
    ),
    Field(
        "actual_cost",
        Kind.MONEY,
        strong=("actual cost", "actual costs", "cost actual", "actual spend", "spend to date", "cost to date",
                "actuals to date", "actual to date", "actuals", "ac"),
        loose=("actual", "spend", "spent"),
    ),
    Field(
        "year_budget",
        Kind.MONEY,
        strong=("fy budget", "budget fy", "fy total budget", "total fy budget", "fy baseline", "fy total baseline",
                "yearly budget",
                "annual budget", "year budget", "in year budget", "current year budget", "budget this year"),
        loose=("total baseline",),
        within=("fy budget", "fy total budget", "fy baseline"),
    ),
    Field(
        "year_forecast",
        Kind.MONEY,
        strong=("fy forecast", "forecast fy", "fy total forecast", "total fy forecast", "yearly forecast",
                "annual forecast", "year forecast", "in year forecast", "current year forecast", "forecast this year"),
        within=("fy forecast", "fy total forecast"),
    ),
    Field("currency", Kind.CURRENCY, strong=("currency", "ccy", "currency code")),
    Field(
        "complete",
        Kind.SHARE,
        strong=("percent complete", "pct complete", "percentage complete", "complete percent", "completion percent"),
        loose=("progress", "complete", "completion", "physical percent complete"),
    ),
    Field(
        "year",
        Kind.YEAR,
        strong=("year", "report year", "reporting year", "annual report year", "fy"),
    ),
    Field(
        "period_end",
        Kind.CLOSING,
        strong=("period end", "period ending", "report date", "reporting date", "status date", "last update",
                "last updated", "date of update", "update date", "snapshot date", "data date", "as at", "as of",
                "reporting month"),
        loose=("period", "month", "reporting period"),
    ),
    Field(
        "health",
        Kind.RATING,
        strong=("rag", "health", "rag rating", "rag status", "overall rag", "rag overall", "overall health",
                "health status", "project health", "dca", "ipa rag rating", "mpa rag rating", "ipa dca",
                "ipa delivery confidence assessment", "colour rating", "color rating", "overall rating", "rating"),
        loose=("overall", "overall status", "colour", "color", "delivery confidence", "status", "project status",
               "current status", "delivery confidence assessment", "sro delivery confidence assessment", "sro dca",
               "sro rating"),
        within=("rag rating", "rag status", "delivery confidence", "dca rating", "overall rag"),
        filled_up=True,
    ),
    *(_rating(dimension) for dimension in Dimension),
    Field(
        "commentary",
        Kind.TEXT,
        strong=("commentary", "rating comment", "rating commentary", "dca commentary", "dca comment", "rag commentary",
                "rag comment", "status commentary", "status summary", "executive summary", "status update",
                "progress update", "latest update", "project summary"),
        loose=("comment", "comments", "narrative", "summary", "update", "notes", "remarks", "status", "current status"),
        within=("rating", "dca", "rag", "delivery confidence", "status"),
        limit=TEXT_LIMIT,
        remark=True,
    ),
    *(_comment(dimension) for dimension in Dimension),
    Field(
        "achievements",
        Kind.TEXT,
        strong=("achievements", "key achievements", "accomplishments", "achieved this period", "progress this period",
                "this period"),
        limit=TEXT_LIMIT,
    ),
    Field(
        "next_period",
        Kind.TEXT,
        strong=("next period", "next steps", "planned next period", "plans for next period", "planned activities"),
        limit=TEXT_LIMIT,
    ),
    Field(
        "decisions_needed",
        Kind.TEXT,
        strong=("decisions needed", "decisions required", "decision needed", "decision required"),
        limit=TEXT_LIMIT,
    ),
)  # fmt: skip
"""All that an import of projects takes; the names are those a mapping uses ("Whole life cost=bac")."""

"""Exports: the projects as a register that our own import reads, and that changes nothing when it comes back."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from bot.rules import forgetting
from bot.rules.registers.fields import comment_field, health_field
from bot.rules.terms import Dimension, Health, Role
from bot.store.projects import HELD
from bot.store.tables import Person, Project, ProjectRole, StatusReport

PAGE: Final = 500
"""How many projects are in memory at a time."""

Row = dict[str, Any]
Name = Callable[[str, int | None], str | None]
"""What people call the row of a table with this number."""

REGISTER: Final[Mapping[str, str]] = {
    "Project name": "name",
    "Key": "key",
    "Portfolio": "portfolio",
    "Business unit": "business_unit",
    "Category": "category",
    "Description": "description",
    **{role.value.capitalize(): role.value for role in HELD},
    "State": "state",
    "Currency": "currency",
    **{
        f"{end.capitalize()} {what}": f"{end}_{what}"
        for end in ("start", "finish")
        for what in ("forecast", "baseline", "actual")
    },
    "Budget at completion": "budget_baseline",
    "Estimate at completion": "budget_forecast",
    "Actual cost": "budget_actual",
    "Period end": "period_end",
    "Overall health": "reported_health",
    "Commentary": "cause",
    **{f"{each.value.capitalize()} health": health_field(each) for each in Dimension},
    **{f"{each.value.capitalize()} comment": comment_field(each) for each in Dimension},
    "Achievements": "achievements",
    "Next steps": "next_steps",
    "Decisions needed": "decisions_needed",
}
"""The titles of projects.csv, which our import understands by themselves, and the field that each shows."""

_OF_REPORT: Final = ("comments", "achievements", "next_steps", "decisions_needed")


_SHOWN: Final = {*REGISTER.values(), "id", "workspace_id", "identity", "portfolio_id", "dimensions", "path_owner_id"}
_BESIDE: Final = tuple(name for name in Project.model_fields if name not in _SHOWN)
"""What else is current of a project; our import has no use for it."""


def titles() -> list[str]:
    """The titles of the register of projects; what they go by in another register of theirs stands first."""
    return ["Project ID", *REGISTER, *_BESIDE, "path_owner"]


def rows(session: Session, name: Name) -> Iterator[list[Any]]:
    """The projects with what is current, as a register that changes nothing when it is imported again."""
    held = _held(session)
    after = 0
    while page := session.exec(_with_report(after)).all():
        for project, *said in page:
            told = dict(zip(_OF_REPORT, said, strict=True))
            fields = {**_fields(project), **told, **_dimensions(project, told["comments"] or {})}
            fields["portfolio"] = name("portfolios", project.portfolio_id)
            fields |= {role.value: held.get((project.id, role)) for role in HELD}
            beside = [getattr(project, name) for name in _BESIDE]
            owner = name("people", project.path_owner_id)
            yield [_external_id(project), *(fields[name] for name in REGISTER.values()), *beside, owner]
        after = page[-1][0].id


def _with_report(after: int) -> Any:
    columns = [getattr(StatusReport, name) for name in _OF_REPORT]
    newest = (col(StatusReport.id) == Project.report_id) & (col(StatusReport.project_id) == Project.id)
    query = select(Project, *columns).outerjoin(StatusReport, newest)
    return query.where(col(Project.id) > after).order_by(col(Project.id)).limit(PAGE)


def _fields(project: Project) -> Row:
    return {name: getattr(project, name, None) for name in REGISTER.values() if name in Project.model_fields}


def _dimensions(project: Project, comments: Mapping[str, str]) -> Row:
    rated = {health_field(each): project.dimensions.get(each.value) for each in Dimension}
    healths = {name: None if rank is None else Health(rank) for name, rank in rated.items()}
    return {**healths, **{comment_field(each): comments.get(each.value) for each in Dimension}}


def _external_id(project: Project) -> str | None:
    kind, _, known = (project.identity or "").partition(":")
    return known if kind == "id" else None


def _held(session: Session) -> Mapping[tuple[int, Role], str | None]:
    """Who has each role, by name and id; nobody where several have it, for a register names one."""
    query = select(ProjectRole.project_id, ProjectRole.role, Person.name, Person.slack_id).join(
        Person, col(Person.id) == ProjectRole.person_id
    )
    found: dict[tuple[int, Role], str | None] = {}
    for project_id, role, name, slack_id in session.exec(query):
        named = slack_id if forgetting.is_pseudonym(slack_id) else f"{name} <@{slack_id}>"
        key = (project_id, Role(role))
        found[key] = None if key in found else named
    return found

"""Columns: which one tells what, by mapping, by label, and by what stands in it."""

from decimal import Decimal

import pytest

from bot.errors import Refused
from bot.rules.registers import columns as columns_of
from bot.rules.registers.columns import Columns
from bot.rules.registers.fields import PROJECT_FIELDS
from bot.rules.registers.money import Unit
from bot.rules.registers.sheets import Row, Sheet


def a_sheet(*rows: list[str], untitled: frozenset[str] = frozenset()) -> Sheet:
    titles, *records = [tuple(row) for row in rows]
    return Sheet(titles, tuple(Row(f"row {at}", row) for at, row in enumerate(records, 2)), untitled=untitled)


def understood(sheet: Sheet, mapping: dict[str, str] | None = None) -> dict[str, str]:
    return told(columns_of.understand(sheet, PROJECT_FIELDS, mapping or {}))


def told(columns: Columns) -> dict[str, str]:
    return {column.title: column.field.name for column in columns.read}


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2015/16 Budget (£million)", "fy budget"),
        ("2013/2014 Forecast", "fy forecast"),
        ("Financial Year Baseline (£m) (including Non-Government Costs)", "fy baseline"),
        ("FY21 Budget", "fy budget"),
        ("wlc_baseline_incl_NCG", "wlc baseline incl ncg"),
        ("ProjectName", "project name"),
        ("% complete", "percent complete"),
        ("IPA RAG rating\n(A Delivery Confidence Assessment, using a five-point scale", "ipa rag rating"),
        ("Project - Start Date(Latest approved start date)", "project start date"),
        ("(£m)", ""),
        ("(RAG)", "rag"),
    ],
)
def test_a_label_is_compared_without_units_footnotes_and_signs(label: str, words: str) -> None:
    assert columns_of.label_words(label) == words


GMPP = {
    "GMPP ID Number": "id",
    "Project Name": "name",
    "Department": "business_unit",
    "Annual Report Category": "category",
    "Description / Aims \n(From GMPP data)": "description",
    "MPA RAG rating\n(A Delivery Confidence Assessment of the project at a fixed point in time)": "health",
    "IPA Delivery Confidence Assessment(A Delivery Confidence Assessment of the project)": "health",
    "SRO Delivery Confidence Assessment \n(A Delivery Confidence Assessment of the project)": "health",
    "Departmental commentary on actions planned or taken on the IPA RAG rating.": "commentary",
    "Project - Start Date \n(Latest Approved Start Date)": "start",
    "Project - End Date\n(Latest approved end date)": "finish",
    "Departmental narrative on schedule, including any deviation from planned schedule": "schedule_comment",
    "2013/2014 Budget (£million)": "year_budget",
    "2016/17 TOTAL Baseline £m\n(including Non-Government costs)": "year_budget",
    "Financial Year Baseline (£m) (including Non-Government Costs)": "year_budget",
    "2018/19 TOTAL Forecast £m\n(including Non-Government costs)": "year_forecast",
    "Financial Year Forecast (£m) (including Non-Government Costs)": "year_forecast",
    "2013/2014 Variance (£million)": "",
    "2016/2017 Variance %age": "",
    "Financial Year Variance (%)": "",
    "Departmental narrative on  budget/forecast variance for 2020/21 \n(if variance is more than 5%)": "",
    "Total budgeted whole life costs (£million) (including Non-government costs)": "bac",
    "Whole Life Cost TOTAL Baseline £m\n(including Non-Government costs)": "bac",
    "TOTAL Baseline Whole Life Costs (£m) (including Non-Government Costs)": "bac",
    "Departmental Narrative on Budgeted Whole Life Costs": "cost_comment",
    "Costs Narrative": "cost_comment",
    "TOTAL Baseline Benefits (£m)": "",
    "Departmental Narrative on Budgeted Benefits": "benefits_comment",
    "SRO Name": "sponsor",
}


@pytest.mark.parametrize(("label", "field"), GMPP.items())
def test_the_labels_of_every_year_of_the_british_portfolio_are_known(label: str, field: str) -> None:
    sheet = a_sheet(["Name", label], ["Apollo", ""])

    assert understood(sheet).get(label, "") == ("" if field == "name" else field)
    assert columns_of.namer(PROJECT_FIELDS, {})(label) == (field or columns_of.namer(PROJECT_FIELDS, {})(label))


REGISTER = {
    "Project ID": ("P-014", "id"),
    "Name": ("Payroll", "name"),
    "Programme": ("Back office", "portfolio"),
    "Sponsor": ("Ana Diaz", "sponsor"),
    "PM": ("Bob Cole", "manager"),
    "BU": ("Finance", "business_unit"),
    "Type": ("IT", "category"),
    "Stage": ("In progress", "state"),
    "RAG overall": ("A", "health"),
    "RAG schedule": ("A", "schedule_health"),
    "RAG cost": ("G", "cost_health"),
    "RAG scope": ("G", "scope_health"),
    "RAG resource": ("G", "resources_health"),
    "RAG benefit": ("G", "benefits_health"),
    "Start (baseline)": ("01/02/2026", ""),
    "Start baseline": ("01/02/2026", "start_baseline"),
    "Actual start": ("01/02/2026", "start_actual"),
    "Finish Date": ("01/02/2027", "finish"),
    "Baseline Finish Date": ("01/02/2027", "finish_baseline"),
    "Budget": ("100", "bac"),
    "Actual": ("10", "actual_cost"),
    "EAC": ("110", "eac"),
    "% complete": ("40%", "complete"),
    "Last update": ("20/11/2026", "period_end"),
    "Commentary": ("Late", "commentary"),
    "Next milestone": ("G3", ""),
}


def test_a_register_as_offices_exchange_them_is_understood() -> None:
    sheet = a_sheet(list(REGISTER), [value for value, _ in REGISTER.values()])
    found = understood(sheet)

    assert {label: found.get(label, "") for label in REGISTER if label != "Start (baseline)"} == {
        label: field for label, (_, field) in REGISTER.items() if label != "Start (baseline)"
    }


@pytest.mark.parametrize(
    ("value", "field"), [("On track", "health"), ("In progress", "state"), ("All went well", "commentary")]
)
def test_a_status_is_what_its_values_are(value: str, field: str) -> None:
    assert understood(a_sheet(["Name", "Status"], ["Apollo", value]))["Status"] == field


def test_a_guess_that_the_values_deny_is_dropped_and_said() -> None:
    columns = columns_of.understand(a_sheet(["Name", "EAC"], ["Apollo", "see below"]), PROJECT_FIELDS, {})

    assert told(columns) == {"Name": "name"}
    assert columns.unread == ("EAC",)
    assert columns.notes == ('column "EAC" was not read: few of its values are what its name promises',)


def test_the_surest_label_tells_a_field_and_the_other_stays_unread() -> None:
    sheet = a_sheet(["year", "project", "total_baseline", "wlc"], ["2021", "Apollo", "5", "50"])

    assert understood(sheet) == {"year": "year", "project": "name", "total_baseline": "year_budget", "wlc": "bac"}


def test_a_second_rating_fills_the_blanks_of_the_first() -> None:
    sheet = a_sheet(
        ["Name", "colour_rating", "colour_rating (2)", "Budget", "Budget (2)"], ["Apollo", "", "A", "1", "2"]
    )

    columns = columns_of.understand(sheet, PROJECT_FIELDS, {})

    assert [column.field.name for column in columns.read] == ["name", "health", "health", "bac"]
    assert columns.unread == ("Budget (2)",)


def test_the_corner_over_the_names_may_be_empty() -> None:
    sheet = a_sheet(["column A", "RAG"], ["Apollo", "A"], untitled=frozenset({"column A"}))

    assert understood(sheet) == {"column A": "name", "RAG": "health"}
    assert understood(a_sheet(["Titel", "RAG"], ["Apollo", "A"])) == {"RAG": "health"}


def test_a_mapping_counts_before_every_guess() -> None:
    sheet = a_sheet(["Title", "Name", "Cost\n(footnote)", "RAG"], ["Apollo", "x", "5", "A"])
    mapping = {"title": "name", "COST": "bac (£m)", "RAG": "ignore", " Name ": "Commentary"}

    columns = columns_of.understand(sheet, PROJECT_FIELDS, mapping)

    assert told(columns) == {"Title": "name", "Name": "commentary", "Cost\n(footnote)": "bac"}
    assert columns.unread == ("RAG",)
    assert [column.unit for column in columns.read][-1] == Unit(Decimal(10) ** 6, "GBP")
    assert all(column.mapped for column in columns.read)


def test_a_mapped_column_keeps_the_unit_of_its_label() -> None:
    columns = columns_of.understand(a_sheet(["Name", "Price (€k)"], ["a", "5"]), PROJECT_FIELDS, {"Price (€k)": "bac"})

    assert columns.read[1].unit == Unit(Decimal(1000), "EUR")


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ({"Nmae": "name"}, 'No column is called "Nmae". The columns are: "Name", "RAG".'),
        ({"Name": "title"}, '"title" is nothing a register tells. Choose one of: name, id,'),
        ({"Name": "name", "RAG": "name"}, '"Name" and "RAG" are both mapped to name. Choose one of them.'),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, str], why: str) -> None:
    with pytest.raises(Refused) as refused:
        columns_of.understand(a_sheet(["Name", "RAG"], ["Apollo", "A"]), PROJECT_FIELDS, mapping)

    assert refused.value.message.startswith(why)


def test_the_namer_knows_mapped_labels_and_no_sentences() -> None:
    name = columns_of.namer(PROJECT_FIELDS, {"Ampel": "health"})

    assert [name("AMPEL"), name("Ampel\n(Note)"), name("Budget"), name("Zeus"), name("budget " * 80)] == [
        "health", "health", "bac", "", "",
    ]  # fmt: skip

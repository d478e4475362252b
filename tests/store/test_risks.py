"""Risks count in their project, whose health follows; of two who change one at once, the second sees the first."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.errors import Refused
from bot.rules.actors import Actor
from bot.rules.references import parse_ref
from bot.rules.risks import Closing, RiskDraft
from bot.rules.terms import Health, ProjectState, RiskOutcome, RiskState, Severity
from bot.store import Database, audit, people, posts, projects, risks
from bot.store.tables import Message, Person, Project, RiskEntry, Workspace
from tests.factories import NOW, a_person, a_project, a_workspace, an_actor

SLIP = RiskDraft(project="", event="Vendor may slip", probability=4, impact=5)
SMALL = replace(SLIP, event="Paper runs out", probability=1, impact=2)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ana(db: Database, workspace: Workspace) -> Person:
    return a_person(db, workspace)


@pytest.fixture
def actor(db: Database, ana: Person) -> Actor:
    return an_actor(db, ana)


@pytest.fixture
def apollo(db: Database, workspace: Workspace, ana: Person) -> Project:
    return a_project(db, workspace, manager=ana)


@pytest.fixture
def raised(db: Database, actor: Actor, apollo: Project) -> Callable[..., RiskEntry]:
    def raised(draft: RiskDraft = SLIP, **more: Any) -> RiskEntry:
        values = {"of": apollo.id, "owner": None, "by": actor, "now": NOW} | more
        with db.transaction(actor.workspace) as session:
            entry = risks.raise_risk(session, draft, **values)
        assert entry is not None
        return entry

    return raised


def counts(db: Database, project: Project) -> tuple[int, Severity | None, Severity | None, Health, list[str]]:
    with db.reading(project.workspace_id) as session:
        now = projects.get_by_id(session, project.id)
    return now.open_risks, now.worst_risk, now.worst_unanswered, now.computed_health, now.computed_because


def together(*works: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_risk_is_raised_and_counts(
    db: Database, apollo: Project, ana: Person, raised: Callable[..., RiskEntry]
) -> None:
    entry = raised(replace(SLIP, due=date(2026, 11, 27), evidence="https://x/p1"), owner=ana)
    with db.reading(apollo.workspace_id) as session:
        kept = risks.get(session, entry.risk.id)
        assert risks.find_by_ref(session, parse_ref("APOLLO-R1")) == kept
        assert risks.find_by_ref(session, parse_ref("APOLLO-R2")) is None
    assert (kept.risk.ref, kept.risk.score, kept.risk.severity) == ("APOLLO-R1", 20, Severity.VERY_HIGH)
    assert (kept.risk.state, kept.risk.due, kept.risk.evidence) == (
        RiskState.ASSESSED,
        date(2026, 11, 27),
        "https://x/p1",
    )
    assert (kept.owner, kept.raised_by, kept.zone, kept.closed_by) == ("UANA", "UANA", "Europe/London", None)
    assert kept.project == entry.project
    assert kept.risk.model_dump() == entry.risk.model_dump()


def test_a_risk_without_owner_or_date_makes_its_project_red(
    db: Database, apollo: Project, raised: Callable[..., RiskEntry]
) -> None:
    raised(SMALL)
    assert counts(db, apollo) == (1, Severity.LOW, None, Health.NOT_SET, [])
    raised()
    assert counts(db, apollo) == (
        2,
        Severity.VERY_HIGH,
        Severity.VERY_HIGH,
        Health.RED,
        ["very high risk without owner or date"],
    )
    raised(SMALL)
    assert counts(db, apollo)[:3] == (3, Severity.VERY_HIGH, Severity.VERY_HIGH)


def test_a_risk_in_hand_is_amber_and_gone_when_closed(
    db: Database, apollo: Project, actor: Actor, ana: Person, raised: Callable[..., RiskEntry]
) -> None:
    draft = replace(SLIP, owner="UANA", due=date(2026, 11, 27))
    entry = raised(draft, owner=ana)
    assert counts(db, apollo)[1:4] == (Severity.VERY_HIGH, None, Health.AMBER)
    with db.transaction(actor.workspace) as session:
        entry = risks.close(
            session, risks.take(session, entry.risk.id), Closing(RiskOutcome.AVOIDED, "Paid"), by=actor, now=NOW
        )
    assert (entry.risk.state, entry.closed_by, entry.risk.closing_note) == (RiskState.CLOSED, "UANA", "Paid")
    assert counts(db, apollo) == (0, None, None, Health.NOT_SET, [])


def test_a_report_of_health_without_dimensions_is_taken_at_its_word(
    db: Database, workspace: Workspace, raised: Callable[..., RiskEntry]
) -> None:
    imported = a_project(db, workspace, "GEMINI", reported_health=Health.AMBER_RED, computed_health=Health.AMBER_RED)
    raised(SMALL, of="GEMINI")
    assert counts(db, imported)[3] is Health.AMBER_RED


def test_a_project_is_named_by_key_or_number_and_must_be_going_on(
    db: Database, workspace: Workspace, actor: Actor, raised: Callable[..., RiskEntry]
) -> None:
    a_project(db, workspace, "OLD", state=ProjectState.CLOSED)
    other = a_project(db, a_workspace(db), "GEMINI")
    assert raised(of="APOLLO").risk.ref == "APOLLO-R1"
    with db.transaction(actor.workspace) as session:
        for nothing in ("NONE", 99, "GEMINI", other.id):
            assert risks.raise_risk(session, SLIP, of=nothing, owner=None, by=actor, now=NOW) is None
    with pytest.raises(Refused, match="OLD is over"), db.transaction(actor.workspace) as session:
        risks.raise_risk(session, SLIP, of="OLD", owner=None, by=actor, now=NOW)


def test_every_change_is_audited_and_counts_anew(
    db: Database, apollo: Project, actor: Actor, raised: Callable[..., RiskEntry]
) -> None:
    number = raised(replace(SLIP, due=date(2026, 11, 27))).risk.id
    with db.transaction(actor.workspace) as session:
        entry = risks.own(session, risks.take(session, number), by=actor, now=NOW)
        assert entry.owner == "UANA"
        entry = risks.own(session, entry, by=actor, now=NOW)
        entry = risks.rescore(session, entry, 2, 5, by=actor, now=NOW)
        entry = risks.edit(session, entry, replace(SMALL, cause="Print", effect="Delay"), owner=None, by=actor, now=NOW)
        assert (entry.risk.event, entry.risk.cause, entry.owner) == ("Paper runs out", "Print", None)
        trail = [(change.what, change.person_id) for change in audit.list_of(session, entry.risk)]
        rescored = audit.list_of(session, entry.risk)[2].changes
    assert trail == [
        ("raised", actor.person),
        ("owned", actor.person),
        ("scored", actor.person),
        ("edited", actor.person),
    ]
    assert rescored == {"probability": [4, 2], "score": [20, 10], "severity": ["very_high", "high"]}
    assert counts(db, apollo)[:3] == (1, Severity.LOW, None)


def test_what_is_over_is_not_changed(db: Database, actor: Actor, raised: Callable[..., RiskEntry]) -> None:
    number = raised().risk.id
    with db.transaction(actor.workspace) as session:
        entry = risks.close(session, risks.take(session, number), Closing(RiskOutcome.EXPIRED, ""), by=actor, now=NOW)
        with pytest.raises(Refused):
            risks.close(session, entry, Closing(RiskOutcome.AVOIDED, ""), by=actor, now=NOW)
        with pytest.raises(Refused):
            risks.rescore(session, entry, 1, 1, by=actor, now=NOW)
        with pytest.raises(Refused):
            risks.edit(session, entry, SMALL, owner=None, by=actor, now=NOW)
        with pytest.raises(Refused, match="not here any more"):
            risks.take(session, number + 1)


def test_what_was_just_raised_is_taken_back(
    db: Database, apollo: Project, actor: Actor, raised: Callable[..., RiskEntry]
) -> None:
    number = raised().risk.id
    with db.transaction(actor.workspace) as session:
        entry = risks.undo(session, risks.take(session, number), by=actor, now=NOW + MINUTE)
    assert (entry.risk.state, entry.closed_by) == (RiskState.REJECTED, "UANA")
    assert counts(db, apollo) == (0, None, None, Health.NOT_SET, [])


def test_what_somebody_worked_with_is_not_taken_back(
    db: Database, workspace: Workspace, actor: Actor, raised: Callable[..., RiskEntry]
) -> None:
    bob = an_actor(db, a_person(db, workspace, "Bob"))
    number = raised().risk.id
    with db.transaction(actor.workspace) as session:
        risks.own(session, risks.take(session, number), by=bob, now=NOW)
    with pytest.raises(Refused, match="worked with this risk"), db.transaction(actor.workspace) as session:
        risks.undo(session, risks.take(session, number), by=actor, now=NOW + MINUTE)


def test_the_list_is_worst_first_then_oldest_and_paged(
    db: Database, workspace: Workspace, raised: Callable[..., RiskEntry]
) -> None:
    a_project(db, workspace, "GEMINI")
    old = a_project(db, workspace, "OLD")
    raised(SMALL)
    raised(now=NOW + MINUTE)
    raised(of="GEMINI")
    raised(of="OLD")
    with db.transaction(workspace.id) as session:
        projects.get_by_id(session, old.id).state = ProjectState.CANCELLED
    with db.reading(workspace.id) as session:
        everywhere = [entry.risk.ref for entry in risks.list_open(session)]
        second = [entry.risk.ref for entry in risks.list_open(session, limit=1, offset=1)]
        theirs = [entry.risk.ref for entry in risks.list_open(session, project_id=old.id)]
        assert (risks.count_open(session), risks.count_open(session, project_id=old.id)) == (3, 1)
    assert everywhere == ["GEMINI-R1", "APOLLO-R2", "APOLLO-R1"]
    assert (second, theirs) == (["APOLLO-R2"], ["OLD-R1"])


def test_risks_raised_at_once_all_count(db: Database, apollo: Project, raised: Callable[..., RiskEntry]) -> None:
    refs: list[str] = []

    def three() -> None:
        refs.extend(raised(of="APOLLO").risk.ref for _ in range(3))

    together(*[three] * 4)
    assert sorted(refs, key=lambda ref: int(ref[8:])) == [f"APOLLO-R{number}" for number in range(1, 13)]
    assert counts(db, apollo)[:3] == (12, Severity.VERY_HIGH, Severity.VERY_HIGH)


def test_risks_closed_at_once_leave_nothing_counted(
    db: Database, apollo: Project, actor: Actor, raised: Callable[..., RiskEntry]
) -> None:
    numbers = [raised().risk.id for _ in range(4)]

    def close(number: int) -> Callable[[], None]:
        def work() -> None:
            with db.transaction(actor.workspace) as session:
                closing = Closing(RiskOutcome.EXPIRED, "")
                risks.close(session, risks.take(session, number), closing, by=actor, now=NOW)

        return work

    together(*(close(number) for number in numbers))
    assert counts(db, apollo) == (0, None, None, Health.NOT_SET, [])


def test_of_two_who_close_one_at_once_the_second_is_refused(
    db: Database, actor: Actor, raised: Callable[..., RiskEntry]
) -> None:
    number = raised().risk.id
    ends: list[str] = []

    def work() -> None:
        try:
            with db.transaction(actor.workspace) as session:
                closing = Closing(RiskOutcome.EXPIRED, "")
                risks.close(session, risks.take(session, number), closing, by=actor, now=NOW)
            ends.append("closed")
        except Refused:
            ends.append("refused")

    together(*[work] * 4)
    assert sorted(ends) == ["closed", "refused", "refused", "refused"]


def test_raising_one_costs_few_statements(db: Database, workspace: Workspace, actor: Actor, apollo: Project) -> None:
    said: list[str] = []
    event.listen(db._writing, "before_cursor_execute", lambda *args: said.append(args[2]))
    with db.transaction(actor, once="command:1", now=NOW) as session:
        entry = risks.raise_risk(session, replace(SMALL, project="7"), of="APOLLO", owner=None, by=actor, now=NOW)
        assert entry is not None
        posts.put(session, entry.risk.card_key, to="C1", message=Message("Card"), now=NOW)
    verbs = [statement.split()[0] for statement in said]
    assert [verb for verb in verbs if verb != "BEGIN"] == ["INSERT", "UPDATE", "INSERT", "INSERT", "INSERT"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"is_bot": True}, "an app"),
        ({"deactivated_at": NOW}, "not active"),
        ({"is_guest": True}, "Guests"),
    ],
)
def test_who_cannot_act_answers_for_nothing(
    db: Database, workspace: Workspace, values: dict[str, Any], why: str
) -> None:
    a_person(db, workspace, "Bob", **values)
    with pytest.raises(Refused, match=why) as refused, db.transaction(workspace.id) as session:
        people.responsible(session, "UBOB", field="owner")
    assert set(refused.value.fields) == {"owner"}
    with db.transaction(workspace.id) as session:
        assert people.responsible(session, "UNEW", field="owner").slack_id == "UNEW"

"""Escalations: who is asked, who may see them, and one outcome however many act at once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.rules.actors import Actor
from bot.rules.escalations import Decision, EscalationDraft
from bot.rules.references import parse_ref
from bot.rules.risks import RiskDraft
from bot.rules.terms import EscalationLevel, EscalationState, Health, Role
from bot.store import Database, audit, escalations, inside, projects, risks
from bot.store.tables import EscalationEntry, Person, Project, ProjectRole, Workspace
from tests.factories import NOW, a_person, a_project, a_workspace, an_actor

ASK = EscalationDraft(
    project="",
    what="Vendor test is late",
    ask="Add a second tester",
    impact_if_nothing="9k a week",
    decide_by=date(2026, 11, 25),
    to=EscalationLevel.SPONSOR,
)
DECISION = Decision("Add one", "Cheaper than waiting")
TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 0, tzinfo=UTC)


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def people(db: Database, workspace: Workspace) -> dict[str, Person]:
    """Eva manages, Farah sponsors, Ana and Pia are the PMO."""
    return {
        "eva": a_person(db, workspace, "Eva", timezone="Europe/Stockholm"),
        "farah": a_person(db, workspace, "Farah"),
        "ana": a_person(db, workspace, "Ana", Role.PMO),
        "pia": a_person(db, workspace, "Pia", Role.PMO),
    }


@pytest.fixture
def apollo(db: Database, workspace: Workspace, people: dict[str, Person]) -> Project:
    return a_project(db, workspace, manager=people["eva"], sponsor=people["farah"])


@pytest.fixture
def acting(db: Database, people: dict[str, Person], apollo: Project) -> Callable[[str], Actor]:
    return lambda name: an_actor(db, people[name])


@pytest.fixture
def raised(db: Database, acting: Callable[[str], Actor], apollo: Project) -> Callable[..., EscalationEntry]:
    def raised(draft: EscalationDraft = ASK, **more: Any) -> EscalationEntry:
        with db.transaction(apollo.workspace_id) as session:
            by = more.get("by", acting("eva"))
            to = escalations.list_deciders(session, apollo.id, draft.to, raiser=by.person, now=NOW)
            values: dict[str, Any] = {"project": apollo, "to": to, "by": by, "now": NOW} | more
            return escalations.raise_escalation(session, draft, **values)

    return raised


def change(db: Database, verb: Callable[..., EscalationEntry], entry: EscalationEntry, *args: Any, **more: Any) -> Any:
    with db.transaction(entry.escalation.workspace_id) as session:
        taken = escalations.take(session, entry.escalation.id)
        return verb(session, taken, *args, **{"now": NOW} | more)


def climb_all(db: Database, now: datetime) -> list[EscalationEntry]:
    with db.across_workspaces() as session:
        climbed = []
        for escalation in escalations.claim_unacknowledged(session, now, limit=10):
            with inside(session, escalation.workspace_id):
                climbed.append(escalations.climb(session, escalation, now=now))
        return climbed


def fall_all(db: Database, now: datetime) -> int:
    with db.across_workspaces() as session:
        claimed = escalations.claim_overdue(session, now, limit=10)
        for escalation in claimed:
            with inside(session, escalation.workspace_id):
                escalations.fall_overdue(session, escalation, now=now)
        return len(claimed)


def the_project(db: Database, apollo: Project) -> Project:
    with db.reading(apollo.workspace_id) as session:
        return projects.get_by_id(session, apollo.id)


def test_the_sponsor_is_asked_and_has_two_working_days(db: Database, raised: Callable[..., EscalationEntry]) -> None:
    entry = raised()
    escalation = entry.escalation
    assert (escalation.ref, escalation.state, escalation.level) == (
        "APOLLO-E1",
        EscalationState.RAISED,
        EscalationLevel.SPONSOR,
    )
    assert (escalation.put_to(EscalationLevel.SPONSOR), escalation.climbs_at) == (["UFARAH"], TUESDAY)
    assert (escalation.overdue_at, entry.zone, entry.raised_by) == (THURSDAY, "Europe/Stockholm", "UEVA")
    with db.reading(escalation.workspace_id) as session:
        assert escalations.find_by_ref(session, parse_ref("APOLLO-E1")) is not None
        assert escalations.find_by_ref(session, parse_ref("APOLLO-E2")) is None
        assert escalations.next_due_at(session) == TUESDAY
        with pytest.raises(Refused, match="not here any more"):
            escalations.get(session, escalation.id + 1)


def test_at_the_pmo_everybody_is_asked_and_no_clock_runs(db: Database, raised: Callable[..., EscalationEntry]) -> None:
    escalation = raised(replace(ASK, to=EscalationLevel.PMO)).escalation
    assert (escalation.put_to(EscalationLevel.PMO), escalation.climbs_at) == (["UANA", "UPIA"], None)
    assert (escalation.decider_id, escalation.overdue_at) == (None, datetime(2026, 11, 25, 23, tzinfo=UTC))


def test_who_is_gone_is_not_asked(
    db: Database, workspace: Workspace, apollo: Project, people: dict[str, Person]
) -> None:
    with db.transaction(workspace.id) as session:
        session.merge(people["farah"]).deactivated_at = NOW
    with db.reading(workspace.id) as session:
        to = escalations.list_deciders(session, apollo.id, EscalationLevel.SPONSOR, raiser=0, now=NOW)
        assert to == []


def test_each_step_is_kept_and_audited(
    db: Database, raised: Callable[..., EscalationEntry], acting: Callable[[str], Actor]
) -> None:
    entry = change(db, escalations.acknowledge, raised(), by=acting("farah"))
    assert (entry.escalation.climbs_at, entry.acknowledged_by) == (None, "UFARAH")
    entry = change(db, escalations.decide, entry, DECISION, by=acting("farah"))
    assert (entry.escalation.state, entry.decided_by, entry.escalation.decision) == (
        EscalationState.DECIDED,
        "UFARAH",
        "Add one",
    )
    assert (entry.escalation.overdue_at, entry.escalation.climbs_at) == (None, None)
    with db.reading(entry.escalation.workspace_id) as session:
        trail = [change.what for change in audit.list_of(session, entry.escalation)]
        assert escalations.next_due_at(session) is None
    assert trail == ["raised", "acknowledged", "decided"]
    with pytest.raises(Refused):
        change(db, escalations.withdraw, entry, by=acting("eva"))


def test_what_is_withdrawn_is_asked_of_nobody(
    db: Database, raised: Callable[..., EscalationEntry], acting: Callable[[str], Actor]
) -> None:
    entry = change(db, escalations.withdraw, raised(), by=acting("eva"))
    assert (entry.escalation.state, entry.withdrawn_by) == (EscalationState.WITHDRAWN, "UEVA")
    assert climb_all(db, TUESDAY) == []
    assert fall_all(db, THURSDAY) == 0


def test_what_nobody_acknowledges_climbs_once(db: Database, raised: Callable[..., EscalationEntry]) -> None:
    raised()
    assert climb_all(db, TUESDAY - timedelta(seconds=1)) == []
    [entry] = climb_all(db, TUESDAY)
    assert climb_all(db, TUESDAY) == []
    escalation = entry.escalation
    assert (escalation.level, escalation.state, escalation.climbs_at) == (
        EscalationLevel.PMO,
        EscalationState.RAISED,
        None,
    )
    assert (escalation.climbed_at, escalation.put_to(EscalationLevel.PMO)) == (TUESDAY, ["UANA", "UPIA"])
    assert (escalation.decider_id, escalation.put_to(EscalationLevel.SPONSOR)) == (None, ["UFARAH"])


def test_what_is_acknowledged_does_not_climb(
    db: Database, raised: Callable[..., EscalationEntry], acting: Callable[[str], Actor]
) -> None:
    change(db, escalations.acknowledge, raised(), by=acting("farah"))
    assert climb_all(db, TUESDAY) == []


def test_a_decision_that_is_overdue_counts_against_the_project_until_it_is_taken(
    db: Database, apollo: Project, raised: Callable[..., EscalationEntry], acting: Callable[[str], Actor]
) -> None:
    entry = raised()
    assert fall_all(db, THURSDAY - timedelta(seconds=1)) == 0
    assert fall_all(db, THURSDAY) == 1
    assert fall_all(db, THURSDAY) == 0
    late = the_project(db, apollo)
    assert (late.overdue_escalations, late.computed_health, late.computed_because) == (
        1,
        Health.AMBER,
        ["1 decision overdue"],
    )
    entry = change(db, escalations.decide, entry, DECISION, by=acting("farah"))
    assert not entry.escalation.is_overdue
    on_time = the_project(db, apollo)
    assert (on_time.overdue_escalations, on_time.computed_health) == (0, Health.NOT_SET)


def test_one_sees_what_concerns_one_the_most_urgent_first(
    db: Database,
    workspace: Workspace,
    people: dict[str, Person],
    acting: Callable[[str], Actor],
    raised: Callable[..., EscalationEntry],
) -> None:
    gemini = a_project(db, workspace, "GEMINI", sponsor=people["farah"])
    raised()
    raised(replace(ASK, decide_by=date(2026, 11, 23)))
    raised(project=gemini, by=acting("ana"))
    change(db, escalations.withdraw, raised(), by=acting("eva"))
    with db.transaction(workspace.id) as session:
        hana = Person(slack_id="UHANA", name="Hana", timezone="Europe/London", refreshed_at=NOW)
        session.add(hana)
        session.flush()
        session.add(ProjectRole(project_id=gemini.id, person_id=hana.id, role=Role.MEMBER))

    def seen(actor: Actor, **page: int) -> list[str]:
        with db.reading(workspace.id) as session:
            listed = escalations.list_open(session, actor, **page)
            assert page or len(listed) == escalations.count_open(session, actor)
        return [entry.escalation.ref for entry in listed]

    assert seen(acting("ana")) == ["APOLLO-E2", "APOLLO-E1", "GEMINI-E1"]
    assert seen(acting("ana"), limit=1, offset=1) == ["APOLLO-E1"]
    assert seen(acting("eva")) == ["APOLLO-E2", "APOLLO-E1"]
    assert seen(acting("farah")) == ["APOLLO-E2", "APOLLO-E1", "GEMINI-E1"]
    assert seen(an_actor(db, hana)) == ["GEMINI-E1"]


def test_the_open_escalation_of_a_risk_is_found(
    db: Database, apollo: Project, acting: Callable[[str], Actor], raised: Callable[..., EscalationEntry]
) -> None:
    with db.transaction(apollo.workspace_id) as session:
        draft = RiskDraft("", "Vendor may slip", 4, 5)
        risk = risks.raise_risk(session, draft, of=apollo.id, owner=None, by=acting("eva"), now=NOW)
        assert risk is not None
    entry = raised(risk_id=risk.risk.id)
    assert entry.risk == "APOLLO-R1"

    def found() -> EscalationEntry | None:
        with db.reading(apollo.workspace_id) as session:
            return escalations.find_open_of_risk(session, risk.risk.id)

    assert found() == entry
    with pytest.raises(Refused, match="worked with"), db.transaction(apollo.workspace_id) as session:
        risks.undo(session, risks.take(session, risk.risk.id), by=acting("eva"), now=NOW)
    change(db, escalations.withdraw, entry, by=acting("eva"))
    assert found() is None


def together(*works: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_many_who_decide_at_once_one_does(
    db: Database, raised: Callable[..., EscalationEntry], acting: Callable[[str], Actor]
) -> None:
    entry = raised(replace(ASK, to=EscalationLevel.PMO))
    ends: list[str] = []

    def deciding(actor: Actor) -> Callable[[], None]:
        def work() -> None:
            try:
                change(db, escalations.decide, entry, Decision(actor.name, "So"), by=actor)
                ends.append(actor.name)
            except Refused:
                ends.append("refused")

        return work

    together(*(deciding(actor) for actor in [acting("ana"), acting("pia")] * 2))
    with db.reading(entry.escalation.workspace_id) as session:
        decided = escalations.get(session, entry.escalation.id)
    assert sorted(ends) == sorted([str(decided.escalation.decision), "refused", "refused", "refused"])


def test_acknowledged_or_climbed_but_never_both(
    db: Database, raised: Callable[..., EscalationEntry], acting: Callable[[str], Actor]
) -> None:
    farah = acting("farah")
    for _ in range(4):
        entry = raised()
        climbed: list[EscalationEntry] = []

        def acknowledge(entry: EscalationEntry = entry) -> None:
            with db.transaction(farah.workspace) as session:
                taken = escalations.take(session, entry.escalation.id)
                if taken.escalation.level is EscalationLevel.SPONSOR:
                    escalations.acknowledge(session, taken, by=farah, now=TUESDAY)

        def climb(climbed: list[EscalationEntry] = climbed) -> None:
            climbed.extend(climb_all(db, TUESDAY))

        together(acknowledge, climb, climb)
        with db.reading(farah.workspace) as session:
            now = escalations.get(session, entry.escalation.id).escalation
        at_sponsor = (EscalationLevel.SPONSOR, EscalationState.ACKNOWLEDGED)
        at_pmo = (EscalationLevel.PMO, EscalationState.RAISED)
        assert (now.level, now.state) == (at_pmo if climbed else at_sponsor)
        assert len(climbed) <= 1


def test_what_falls_overdue_while_many_look_is_counted_once(
    db: Database, apollo: Project, raised: Callable[..., EscalationEntry]
) -> None:
    for _ in range(3):
        raised()
    together(*[lambda: fall_all(db, THURSDAY)] * 4)
    assert the_project(db, apollo).overdue_escalations == 3

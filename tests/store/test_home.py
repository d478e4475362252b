"""A Home shows what concerns one person, and costs the same however much there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import event

from bot.rules.home import Home, Office, Some
from bot.rules.terms import (
    CheckinState,
    EscalationLevel,
    EscalationState,
    Health,
    ProjectState,
    RiskState,
    Role,
    Severity,
)
from bot.store import Database, Session, home, posts, roles
from bot.store.tables import Checkin, Escalation, Message, Person, Project, Risk, Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace, an_actor, given_up

TODAY = NOW.date()


def home_of(db: Database, person: Person) -> Home:
    actor = an_actor(db, person)
    with db.reading(person.workspace_id) as session:
        return home.of(session, actor, now=NOW)


def keep(db: Database, workspace: Workspace, *rows: Any) -> None:
    with db.transaction(workspace.id) as session:
        session.add_all(rows)


def a_risk(project: Project, ref: str, **values: Any) -> Risk:
    given: dict[str, Any] = {"event": "Vendor slips", "raised_at": NOW, "probability": 3, "impact": 4, "score": 12}
    given |= {"severity": Severity.HIGH} | values
    return Risk(project_id=project.id, ref=ref, **given)


def an_escalation(project: Project, ref: str, **values: Any) -> Escalation:
    given: dict[str, Any] = {"what": "Vendor", "ask": "Money", "impact_if_nothing": "Late", "decide_by": TODAY}
    return Escalation(project_id=project.id, ref=ref, raised_at=NOW, **(given | values))


def a_checkin(project: Project, person: Person, **values: Any) -> Checkin:
    given: dict[str, Any] = {"period_start": TODAY, "period_end": TODAY, "due_at": NOW}
    return Checkin(project_id=project.id, person_id=person.id, **(given | values))


def refs(some: Some[Any]) -> list[str]:
    return [line.ref for line in some.lines]


def test_somebody_new_is_told_whom_to_ask(db: Database) -> None:
    workspace = a_workspace(db)
    a_person(db, workspace, "Pia", Role.PMO)
    found = home_of(db, a_person(db, workspace))
    assert found.is_empty
    assert found.ask == ["UPIA"]


def test_my_projects_come_worst_first_with_what_i_am_in_them(db: Database) -> None:
    workspace = a_workspace(db)
    ana, ben = a_person(db, workspace), a_person(db, workspace, "Ben")
    a_project(db, workspace, "GEMINI", sponsor=ana, manager=ben, reported_health=Health.GREEN)
    a_project(db, workspace, "APOLLO", manager=ana, sponsor=ana, reported_health=Health.RED, next_due_at=NOW)
    a_project(db, workspace, "HALTED", deputy=ana, reported_health=Health.GREEN, state=ProjectState.ON_HOLD)
    a_project(db, workspace, "DONE", manager=ana, state=ProjectState.CLOSED)
    a_project(db, workspace, "THEIRS", manager=ben)
    found = home_of(db, ana).projects
    assert [(line.key, line.roles, line.health) for line in found.lines] == [
        ("APOLLO", (Role.MANAGER, Role.SPONSOR), Health.RED),
        ("GEMINI", (Role.SPONSOR,), Health.GREEN),
        ("HALTED", (Role.DEPUTY,), Health.NOT_SET),
    ]
    assert (found.lines[0].next_due_at, found.total) == (NOW, 3)


def test_i_owe_the_check_ins_i_was_asked_for_oldest_first(db: Database) -> None:
    workspace = a_workspace(db)
    ana, ben = a_person(db, workspace), a_person(db, workspace, "Ben")
    apollo, gemini = (a_project(db, workspace, key) for key in ("APOLLO", "GEMINI"))
    earlier = TODAY - timedelta(days=7)
    keep(
        db,
        workspace,
        a_checkin(apollo, ana),
        a_checkin(gemini, ana, due_at=NOW - timedelta(days=1)),
        a_checkin(apollo, ana, period_end=earlier, state=CheckinState.MISSED),
        a_checkin(gemini, ben, period_end=earlier),
    )
    assert [line.key for line in home_of(db, ana).checkins.lines] == ["GEMINI", "APOLLO"]


def test_my_risks_are_those_that_are_due_soon_and_open(db: Database) -> None:
    workspace = a_workspace(db)
    ana, ben = a_person(db, workspace), a_person(db, workspace, "Ben")
    apollo = a_project(db, workspace)

    def mine(ref: str, due: date | None, **values: Any) -> Risk:
        return a_risk(apollo, ref, due=due, owner_id=ana.id, raised_by=ben.id, **values)

    keep(
        db,
        workspace,
        mine("APOLLO-R1", TODAY + timedelta(days=7)),
        mine("APOLLO-R2", TODAY - timedelta(days=1)),
        mine("APOLLO-R3", TODAY, severity=Severity.VERY_HIGH),
        mine("APOLLO-R4", TODAY + timedelta(days=8)),
        mine("APOLLO-R5", None),
        mine("APOLLO-R6", TODAY, state=RiskState.CLOSED),
        a_risk(apollo, "APOLLO-R7", due=TODAY, owner_id=ben.id, raised_by=ana.id),
    )
    found = home_of(db, ana)
    assert refs(found.risks) == ["APOLLO-R3", "APOLLO-R2", "APOLLO-R1"]
    assert refs(found.raised_risks) == ["APOLLO-R7"]


def test_a_risk_of_mine_that_is_due_stands_once(db: Database) -> None:
    workspace = a_workspace(db)
    ana = a_person(db, workspace)
    apollo = a_project(db, workspace)

    def mine(ref: str, due: date | None, owner: int | None) -> Risk:
        return a_risk(apollo, ref, due=due, owner_id=owner, raised_by=ana.id)

    keep(
        db,
        workspace,
        mine("APOLLO-R1", TODAY, ana.id),
        mine("APOLLO-R2", TODAY + timedelta(days=30), ana.id),
        mine("APOLLO-R3", None, ana.id),
        mine("APOLLO-R4", TODAY, None),
    )
    found = home_of(db, ana)
    assert refs(found.risks) == ["APOLLO-R1"]
    assert sorted(refs(found.raised_risks)) == ["APOLLO-R2", "APOLLO-R3", "APOLLO-R4"]


def test_decisions_wait_for_who_is_asked_and_at_the_last_level_for_the_pmo(db: Database) -> None:
    workspace = a_workspace(db)
    sam, pia = a_person(db, workspace, "Sam"), a_person(db, workspace, "Pia", Role.PMO)
    apollo = a_project(db, workspace)
    sponsor, pmo = EscalationLevel.SPONSOR, EscalationLevel.PMO
    later = TODAY + timedelta(days=1)
    keep(
        db,
        workspace,
        an_escalation(apollo, "APOLLO-E1", level=sponsor, decider_id=sam.id, raised_by=pia.id, decide_by=later),
        an_escalation(
            apollo,
            "APOLLO-E2",
            level=sponsor,
            decider_id=sam.id,
            raised_by=pia.id,
            state=EscalationState.ACKNOWLEDGED,
        ),
        an_escalation(apollo, "APOLLO-E3", level=pmo, raised_by=sam.id),
        an_escalation(
            apollo, "APOLLO-E4", level=sponsor, decider_id=sam.id, raised_by=sam.id, state=EscalationState.DECIDED
        ),
        an_escalation(apollo, "APOLLO-E5", level=sponsor, decider_id=sam.id, raised_by=sam.id),
        an_escalation(apollo, "APOLLO-E6", level=pmo, raised_by=pia.id),
    )
    sams, pias = home_of(db, sam), home_of(db, pia)
    assert refs(sams.escalations) == ["APOLLO-E2", "APOLLO-E1"]
    assert [line.is_acknowledged for line in sams.escalations.lines] == [True, False]
    assert refs(sams.raised_escalations) == ["APOLLO-E3", "APOLLO-E5"]
    assert refs(pias.escalations) == ["APOLLO-E3"]
    assert (sams.office, pias.office and pias.office.escalations_open) == (None, 5)


def test_who_leads_the_pmo_of_a_portfolio_decides_there(db: Database) -> None:
    workspace = a_workspace(db)
    sam, lea = a_person(db, workspace, "Sam"), a_person(db, workspace, "Lea")
    change = a_portfolio(db, workspace)
    apollo = a_project(db, workspace, portfolio_id=change.id)
    other = a_project(db, workspace, "OTHER")
    keep(
        db,
        workspace,
        an_escalation(apollo, "APOLLO-E1", level=EscalationLevel.PMO, raised_by=sam.id),
        an_escalation(other, "OTHER-E1", level=EscalationLevel.PMO, raised_by=sam.id),
    )
    with db.transaction(workspace.id) as session:
        roles.grant(session, lea, Role.PMO, by=None, now=NOW, portfolio=change.id)
        roles.grant(session, sam, Role.EXECUTIVE, by=None, now=NOW, portfolio=change.id)
    assert refs(home_of(db, lea).escalations) == ["APOLLO-E1"]
    assert refs(home_of(db, sam).escalations) == []


def test_the_pmo_sees_counts_of_the_whole_office(db: Database) -> None:
    workspace = a_workspace(db)
    pia = a_person(db, workspace, "Pia", Role.PMO)
    apollo = a_project(db, workspace, reported_health=Health.RED)
    a_project(db, workspace, "HALTED", reported_health=Health.RED, state=ProjectState.ON_HOLD)
    keep(db, workspace, a_checkin(apollo, pia))
    with db.transaction(workspace.id) as session:
        for key in ("lost", "waiting"):
            posts.put(session, key, to="C1", message=Message("Hello"), now=NOW)
        lost = posts.find(session, "lost")
        assert lost is not None
        given_up(lost)
    assert home_of(db, pia).office == Office({Health.RED: 1}, checkins_open=1, escalations_open=0, posts_in_trouble=1)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def test_a_full_home_is_cut_and_costs_no_more_than_an_empty_one(db: Database) -> None:
    workspace = a_workspace(db)
    pia = a_person(db, workspace, "Pia", Role.PMO)

    def cost() -> int:
        actor = an_actor(db, pia)
        with db.reading(workspace.id) as session, counted(session) as statements:
            home.of(session, actor, now=NOW)
        return len(statements)

    empty = cost()
    apollo = a_project(db, workspace, manager=pia)
    keep(
        db,
        workspace,
        *(a_risk(apollo, f"APOLLO-R{n}", due=TODAY, owner_id=pia.id, raised_by=pia.id) for n in range(13)),
    )
    assert cost() == empty == 11
    found = home_of(db, pia).risks
    assert (len(found.lines), found.left) == (10, 3)

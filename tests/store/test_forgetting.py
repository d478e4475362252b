"""Forgetting: after it nothing in the database says who it was, but for what brings them back while there is a way."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy
from sqlmodel import SQLModel, select

from bot import store
from bot.errors import Refused
from bot.rules.exports import Form, Part
from bot.rules.forgetting import REVERSIBLE
from bot.rules.terms import (
    CheckinState,
    EscalationLevel,
    EscalationState,
    Health,
    ProjectState,
    Role,
    Severity,
)
from bot.store import Database, forgetting, handovers
from bot.store.tables import (
    AuditEntry,
    Checkin,
    Escalation,
    Export,
    Forgotten,
    InboxEntry,
    Lane,
    Message,
    Person,
    Post,
    Project,
    ProjectRole,
    Risk,
    RoleGrant,
    Schedule,
    StatusReport,
    Workspace,
)
from tests.factories import NOW, a_person, a_project, a_workspace

TODAY = NOW.date()
BEN, NAME = "U0BENCARTER", "Bén Carter"


def dump(db: Database, *, but: str = "") -> str:
    """Every value of every table as text."""
    with db.across_workspaces() as session:
        rows = [
            str(tuple(row))
            for table in SQLModel.metadata.sorted_tables
            if table.name != but
            for row in session.execute(sqlalchemy.select(table))
        ]
    return "\n".join(rows)


def a_risk(project: Project, raised_by: Person, owner: Person | None = None, **values: Any) -> Risk:
    number = values.pop("number", 1)
    defaults: dict[str, Any] = {
        "event": "Vendor slips",
        "probability": 4,
        "impact": 5,
        "score": 20,
        "severity": Severity.VERY_HIGH,
    }
    return Risk(
        project_id=project.id,
        ref=f"{project.key}-R{number}",
        raised_by=raised_by.id,
        owner_id=owner.id if owner else None,
        raised_at=NOW,
        **(defaults | values),
    )


def an_escalation(project: Project, raised_by: Person, decider: Person) -> Escalation:
    return Escalation(
        project_id=project.id,
        ref=f"{project.key}-E1",
        what="Choose",
        ask="Choose",
        impact_if_nothing="Late",
        decide_by=TODAY,
        level=EscalationLevel.SPONSOR,
        decider_id=decider.id,
        raised_by=raised_by.id,
        raised_at=NOW,
        asked=[["sponsor", decider.slack_id]],
    )


class Office:
    """Ana leads, Ben leaves, Eva stays; Ben has written, and is written about."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.ours: Workspace = a_workspace(db)
        self.ana = a_person(db, self.ours, "Ana", Role.ADMIN)
        self.ben = a_person(db, self.ours, NAME, Role.EXECUTIVE, slack_id=BEN, dm_channel="D0BEN", is_admin=True)
        self.eva = a_person(db, self.ours, "Eva")
        self.project = a_project(db, self.ours, manager=self.eva)

    def writes(self) -> None:
        """Ben's words, and words about Ben, in every place that has some."""
        over = a_project(self.db, self.ours, "OVER", manager=self.ben, state=ProjectState.CLOSED)
        with self.db.transaction(self.ours.id) as session:
            session.add(a_risk(self.project, self.ben, event=f"<@{BEN}> is away; @{NAME} said so", cause=f"@{BEN}"))
            session.add(
                StatusReport(
                    project_id=over.id,
                    author_id=self.ben.id,
                    action_owner_id=self.ben.id,
                    period_start=TODAY,
                    period_end=TODAY,
                    reported_at=NOW,
                    overall=Health.RED,
                    computed=Health.RED,
                    cause="The API is late",
                )
            )
            escalation = an_escalation(self.project, self.eva, self.ben)
            escalation.state, escalation.decider_id = EscalationState.DECIDED, None
            session.add(escalation)
            session.flush()
            said = Message(f"<@{BEN}> owns it", [{"type": "section", "text": f"{NAME} or <@{BEN}> or @{NAME}"}])
            store.posts.put(session, "risk:1:card", to="CAPOLLO", message=said, now=NOW)
            store.posts.put(session, f"escalation:1:asked:{BEN}", to=BEN, message=said, now=NOW)
            session.add(Lane(address=BEN, free_at=NOW))
            session.add(InboxEntry(key="action:1", answer={"text": f"<@{BEN}>"}, received_at=NOW))
            session.add(Export(person_id=self.ben.id, part=Part.MINE, form=Form.CSV, asked_at=NOW, due_at=NOW))
            store.audit.record(session, self.project, what="edited", by=self.ben.id, now=NOW)
        with self.db.across_workspaces() as session:
            (card,) = session.exec(select(Post).where(Post.key == "risk:1:card"))
            card.channel, card.ts, card.delivered_version, card.due_at = "CAPOLLO", "1.2", 1, None

    def forgets(self) -> Forgotten:
        with self.db.transaction(self.ours.id) as session:
            ben = store.people.get(session, self.ben.id)
            return forgetting.forget(session, ben, by=self.ana.id, now=NOW)

    def remembers(self, forgotten: Forgotten) -> Person:
        with self.db.transaction(self.ours.id) as session:
            known = forgetting.get(session, forgotten.id)
            return forgetting.remember(session, known, by=self.ana.id, now=NOW + timedelta(days=1))

    def one(self, kind: Any, **values: Any) -> Any:
        with self.db.reading(self.ours.id) as session:
            return session.exec(select(kind).filter_by(**values)).one()


@pytest.fixture
def office(db: Database) -> Office:
    return Office(db)


def test_nothing_in_the_database_says_who_it_was_but_what_brings_them_back(office: Office) -> None:
    office.writes()
    assert BEN in dump(office.db, but="forgotten")

    office.forgets()

    left = dump(office.db, but="forgotten").replace("'Bén Carter or", "")  # written without an @: others' own words
    assert BEN not in left
    assert "D0BEN" not in left
    assert f"@{NAME}" not in left
    assert BEN in dump(office.db)


def test_after_thirty_days_nothing_at_all_does(office: Office) -> None:
    office.writes()
    office.forgets()

    with office.db.across_workspaces() as session:
        assert forgetting.drop_due(session, NOW + REVERSIBLE - timedelta(seconds=1), limit=9) == 0
        assert forgetting.drop_due(session, NOW + REVERSIBLE, limit=9) == 1
        assert forgetting.drop_due(session, NOW + REVERSIBLE, limit=9) == 0

    assert BEN not in dump(office.db)
    with office.db.reading(office.ours.id) as session:
        assert forgetting.list_reversible(session) == []


def test_their_words_and_what_they_did_stay(office: Office) -> None:
    office.writes()

    office.forgets()

    report = office.one(StatusReport)
    assert (report.cause, report.author_id, report.action_owner) == (
        "The API is late",
        office.ben.id,
        "Former colleague 1",
    )
    risk = office.one(Risk)
    assert risk.event == "Former colleague 1 is away; Former colleague 1 said so"
    assert (risk.cause, risk.raised_by) == ("Former colleague 1", office.ben.id)
    assert office.one(Escalation).asked == [["sponsor", "Former colleague 1"]]
    assert office.one(AuditEntry, what="edited").person_id == office.ben.id


def test_the_person_is_a_pseudonym_without_rights_or_address(office: Office) -> None:
    office.forgets()

    ben = office.one(Person, id=office.ben.id)
    assert (ben.slack_id, ben.name, ben.dm_channel, ben.is_admin) == (
        "Former colleague 1",
        "Former colleague 1",
        None,
        False,
    )
    assert ben.deactivated_at == NOW
    with office.db.reading(office.ours.id) as session:
        assert session.exec(select(RoleGrant).where(RoleGrant.person_id == ben.id)).all() == []
        assert store.people.find(session, BEN) is None


def test_roles_in_what_is_over_are_history_and_stay(office: Office) -> None:
    office.writes()
    with office.db.transaction(office.ours.id) as session:
        session.add(ProjectRole(project_id=office.project.id, person_id=office.ben.id, role=Role.MEMBER))

    office.forgets()

    assert office.one(ProjectRole, person_id=office.ben.id).role is Role.MANAGER


def test_what_is_seen_in_channels_is_said_anew_and_what_was_said_to_them_is_theirs(office: Office) -> None:
    office.writes()

    office.forgets()

    card = office.one(Post)
    assert (card.key, card.version, card.due_at) == ("risk:1:card", 2, NOW)
    assert card.wanted["text"] == "Former colleague 1 owns it"
    assert card.wanted["blocks"][0]["text"] == f"{NAME} or Former colleague 1 or Former colleague 1"


def test_it_is_noted_without_the_name(office: Office) -> None:
    office.forgets()

    noted = office.one(AuditEntry, what="forgotten")
    assert (noted.record, noted.person_id, noted.changes) == (f"people:{office.ben.id}", office.ana.id, {})


def test_everybody_gets_a_number_of_their_own(office: Office) -> None:
    office.forgets()
    with office.db.transaction(office.ours.id) as session:
        eva = store.people.get(session, office.eva.id)
        store.projects.appoint(session, office.project, Role.MANAGER, [office.ana])
        assert forgetting.forget(session, eva, by=office.ana.id, now=NOW).number == 2

    assert office.one(Person, id=office.eva.id).name == "Former colleague 2"


def test_undone_everything_is_as_it_was(office: Office) -> None:
    office.writes()
    risk, post = office.one(Risk), office.one(Post, key="risk:1:card")
    forgotten = office.forgets()

    ben = office.remembers(forgotten)

    assert (ben.slack_id, ben.name, ben.dm_channel, ben.is_admin, ben.deactivated_at) == (
        BEN,
        NAME,
        "D0BEN",
        True,
        None,
    )
    assert office.one(Risk).event == risk.event
    card = office.one(Post)
    assert (card.wanted, card.version) == (post.wanted, 3)
    assert office.one(Escalation).asked == [["sponsor", BEN]]
    assert office.one(AuditEntry, what="remembered").person_id == office.ana.id
    with office.db.reading(office.ours.id) as session:
        assert forgetting.list_reversible(session) == []


def test_whoever_had_left_before_has_left_still_when_brought_back(office: Office) -> None:
    with office.db.transaction(office.ours.id) as session:
        store.people.get(session, office.ben.id).deactivated_at = NOW - timedelta(days=9)

    ben = office.remembers(office.forgets())

    assert ben.deactivated_at == NOW - timedelta(days=9)


def test_what_somebody_wrote_since_stays_as_they_wrote_it(office: Office) -> None:
    office.writes()
    forgotten = office.forgets()
    with office.db.transaction(office.ours.id) as session:
        session.exec(select(Risk)).one().event = "Former colleague 1 is back"
        session.delete(session.exec(select(Post)).one())

    office.remembers(forgotten)

    assert office.one(Risk).event == "Former colleague 1 is back"


def test_it_can_be_undone_once(office: Office) -> None:
    forgotten = office.forgets()
    office.remembers(forgotten)

    with pytest.raises(Refused, match="undone already"):
        office.remembers(forgotten)


def test_after_thirty_days_it_cannot_be_undone(office: Office) -> None:
    forgotten = office.forgets()
    with office.db.across_workspaces() as session:
        forgetting.drop_due(session, NOW + REVERSIBLE, limit=9)

    with pytest.raises(Refused, match="can no longer be undone"):
        office.remembers(forgotten)


def test_whoever_came_back_as_somebody_new_stays_that(office: Office) -> None:
    forgotten = office.forgets()
    a_person(office.db, office.ours, "Ben again", slack_id=BEN)

    with pytest.raises(Refused, match="somebody new"):
        office.remembers(forgotten)


def test_another_workspace_is_not_touched(office: Office) -> None:
    theirs = a_workspace(office.db)
    other = a_person(office.db, theirs, NAME, slack_id=BEN)
    project = a_project(office.db, theirs)
    with office.db.transaction(theirs.id) as session:
        session.add(a_risk(project, other, event=f"<@{BEN}> is away"))

    office.forgets()

    with office.db.reading(theirs.id) as session:
        assert store.people.get(session, other.id).slack_id == BEN
        assert session.exec(select(Risk.event)).one() == f"<@{BEN}> is away"


# --- what they answer for ------------------------------------------------------------------------------------


def answers_for(office: Office) -> None:
    """Ben manages APOLLO, sponsors GEMINI, owns a risk, owes a check-in and a decision."""
    with office.db.transaction(office.ours.id) as session:
        store.projects.appoint(session, office.project, Role.MANAGER, [office.ben])
        session.add(ProjectRole(project_id=office.project.id, person_id=office.eva.id, role=Role.DEPUTY))
    gemini = a_project(office.db, office.ours, "GEMINI", manager=office.ana, sponsor=office.ben)
    with office.db.transaction(office.ours.id) as session:
        session.add(a_risk(office.project, office.ana, office.ben))
        session.add(a_risk(office.project, office.ana, office.ben, number=2, state="closed"))
        session.add(an_escalation(gemini, office.ana, office.ben))
        session.add(
            Checkin(
                project_id=office.project.id, person_id=office.ben.id, period_start=TODAY, period_end=TODAY, due_at=NOW
            )
        )


def test_whoever_answers_for_something_is_not_forgotten(office: Office) -> None:
    answers_for(office)

    with pytest.raises(Refused, match="Hand it over first"):
        office.forgets()
    with office.db.reading(office.ours.id) as session:
        held = handovers.held(session, office.ben)
    assert (held.managed, held.sponsored, held.risks, held.checkins, held.escalations) == (
        ("APOLLO",),
        ("GEMINI",),
        1,
        1,
        1,
    )


def test_everything_they_answer_for_goes_to_their_successor(office: Office) -> None:
    answers_for(office)
    with office.db.transaction(office.ours.id) as session:
        assert handovers.deputy_of(session, office.ben) == office.eva.slack_id
        done = handovers.hand_over(session, office.ben, office.eva, by=office.ana.id, now=NOW)
        assert not handovers.held(session, office.ben)

    assert (done.projects, len(done.risks), len(done.escalations), done.checkins) == (("APOLLO", "GEMINI"), 1, 1, 1)
    with office.db.reading(office.ours.id) as session:
        apollo = store.projects.holders(session, office.project.id)
    assert {role: [person.name for person in people] for role, people in apollo.items() if people} == {
        Role.MANAGER: ["Eva"]
    }
    assert office.one(Risk, ref="APOLLO-R1").owner_id == office.eva.id
    assert office.one(Risk, ref="APOLLO-R2").owner_id == office.ben.id
    escalation = office.one(Escalation)
    assert (escalation.decider_id, escalation.asked) == (office.eva.id, [["sponsor", BEN], ["sponsor", "UEVA"]])
    assert office.one(Checkin, state=CheckinState.REQUESTED).person_id == office.eva.id
    with office.db.reading(office.ours.id) as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.what == "handed over")).all()
    assert [entry.record.partition(":")[0] for entry in noted] == ["projects", "projects", "risks", "escalations"]
    assert noted[0].changes == {"manager": [office.ben.id, office.eva.id]}


def test_the_check_ins_are_planned_in_the_successors_zone(office: Office) -> None:
    with office.db.transaction(office.ours.id) as session:
        store.projects.appoint(session, office.project, Role.MANAGER, [office.ben])
    tokyo = a_person(office.db, office.ours, "Kei", timezone="Asia/Tokyo")

    with office.db.transaction(office.ours.id) as session:
        handovers.hand_over(session, office.ben, tokyo, by=office.ana.id, now=NOW)

    assert office.one(Schedule, project_id=office.project.id).next_due_at.hour == 6


def test_the_preview_counts_what_stays_and_what_is_rewritten(office: Office) -> None:
    office.writes()

    with office.db.reading(office.ours.id) as session:
        trace = forgetting.trace(session, office.ben)

    assert not trace.held
    assert (trace.reports, trace.risks, trace.escalations, trace.acts) == (1, 1, 0, 1)
    assert trace.named == 5  # the risk, the escalation, two posts, the answer in the inbox


def test_people_are_found_by_what_was_typed_also_those_who_left(office: Office) -> None:
    a_person(office.db, office.ours, "Eva Two", deactivated_at=NOW, slack_id="UEVA2")
    a_person(office.db, office.ours, "Evabot", is_bot=True)
    office.forgets()
    with office.db.reading(office.ours.id) as session:
        assert [person.name for person in forgetting.search(session, "eva")] == ["Eva", "Eva Two"]
        assert forgetting.search(session, "colleague") == []
        assert forgetting.search(session, "%") == []
        found = forgetting.named(session, "@EVA")
        assert found is not None
        assert found.id == office.eva.id
        assert forgetting.named(session, "Ev") is None
        assert forgetting.find(session, 9999) is None


def test_without_a_common_deputy_nobody_is_suggested(office: Office) -> None:
    with office.db.reading(office.ours.id) as session:
        assert handovers.deputy_of(session, office.ben) is None
        assert handovers.deputy_of(session, office.eva) is None


def test_who_it_was_is_shown_while_it_can_be_undone(office: Office) -> None:
    forgotten = office.forgets()

    assert forgetting.name_of(forgotten) == NAME
    assert forgetting.name_of(Forgotten(person_id=office.ben.id, number=1, forgotten_at=NOW)) == ""

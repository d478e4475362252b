"""A page of the trail, with the names by which people know what stands in it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from bot.rules.audit import About, Part
from bot.rules.references import Letter, Reference
from bot.store import Database, audit, audit_trail, channels, digests
from bot.store.tables import Checkin, Name, Person, Project, Risk, Trail, Workspace
from tests.factories import NOW, a_person, a_portfolio, a_project, a_workspace


@pytest.fixture
def client(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ana(db: Database, client: Workspace) -> Person:
    return a_person(db, client)


@pytest.fixture
def apollo(db: Database, client: Workspace) -> Project:
    return a_project(db, client)


def note(db: Database, *rows: object, by: int | None = None, **changes: object) -> None:
    for row in rows:
        with db.transaction(getattr(row, "workspace_id", 0) or row.id) as session:  # type: ignore[attr-defined]
            audit.record(session, row, what="edited", by=by, now=NOW, changes=changes)  # type: ignore[arg-type]


def page(db: Database, client: Workspace, part: Part | None = None) -> Trail:
    with db.reading(client.id) as session:
        return audit_trail.page(session, part or Part())


def a_risk(db: Database, project: Project, by: Person, ref: str = "APOLLO-R1") -> Risk:
    values: dict[str, Any] = {"event": "x", "probability": 1, "impact": 1, "score": 1, "severity": 1}
    with db.transaction(project.workspace_id) as session:
        risk = Risk(project_id=project.id, ref=ref, raised_by=by.id, raised_at=NOW, **values)
        session.add(risk)
    return risk


def test_pages_are_turned_from_the_newest_to_the_oldest_and_back(
    db: Database, client: Workspace, apollo: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_trail, "PAGE", 2)
    note(db, *([apollo] * 5))
    first = page(db, client)
    ids = [first.entries[0].id - each for each in range(5)]
    assert ([entry.id for entry in first.entries], first.has_newer, first.has_older) == (ids[:2], False, True)
    second = page(db, client, Part().older(ids[1]))
    assert ([entry.id for entry in second.entries], second.has_newer, second.has_older) == (ids[2:4], True, True)
    third = page(db, client, Part().older(ids[3]))
    assert ([entry.id for entry in third.entries], third.has_newer, third.has_older) == (ids[4:], True, False)
    back = page(db, client, Part().newer(ids[4]))
    assert ([entry.id for entry in back.entries], back.has_newer, back.has_older) == (ids[2:4], True, True)
    note(db, apollo)
    again = page(db, client, Part().older(ids[1]))
    assert [entry.id for entry in again.entries] == ids[2:4]


def test_a_part_has_what_belongs_to_it(db: Database, client: Workspace, ana: Person, apollo: Project) -> None:
    gemini = a_project(db, client, "GEMINI")
    risk = a_risk(db, apollo, ana)
    note(db, apollo, risk, gemini, ana)
    note(db, gemini, by=ana.id)
    parts = {
        Part(): [f"projects:{gemini.id}", f"people:{ana.id}", f"projects:{gemini.id}", f"risks:{risk.id}", "projects:"],
        Part(About.PROJECT, str(apollo.id)): [f"risks:{risk.id}", f"projects:{apollo.id}"],
        Part(About.RECORD, f"risks:{risk.id}"): [f"risks:{risk.id}"],
        Part(About.PERSON, str(ana.id)): [f"projects:{gemini.id}", f"people:{ana.id}"],
        Part(About.PERSON, "999"): [],
    }
    for part, records in parts.items():
        found = [entry.record for entry in page(db, client, part).entries]
        assert len(found) == len(records)
        assert all(got.startswith(wanted) for got, wanted in zip(found, records, strict=True))


def test_nothing_of_another_client_is_in_it(db: Database, client: Workspace, ana: Person, apollo: Project) -> None:
    theirs = a_workspace(db)
    zeus = a_project(db, theirs, "ZEUS")
    note(db, apollo)
    note(db, zeus)
    assert [entry.record for entry in page(db, client).entries] == [f"projects:{apollo.id}"]
    for part in (Part(About.PROJECT, str(zeus.id)), Part(About.RECORD, f"projects:{zeus.id}")):
        trail = page(db, client, part)
        assert (trail.entries, trail.names) == ([], {})


def test_everything_is_called_by_its_name(db: Database, client: Workspace, ana: Person, apollo: Project) -> None:
    change = a_portfolio(db, client)
    bob = a_person(db, client, "Bob")
    risk = a_risk(db, apollo, ana)
    with db.transaction(client.id) as session:
        digest = digests.add(session, name="Weekly", channel="C1", portfolio_id=None, now=NOW)
        channel = channels.keep(session, "C1")
        end = date(2026, 11, 20)
        checkin = Checkin(project_id=apollo.id, period_start=end, period_end=end, due_at=NOW)
        session.add(checkin)
    note(db, client, digest, channel, checkin, change, risk, by=ana.id)
    note(db, apollo, manager=([bob], []), portfolio_id=(None, change.id), confidential=(False, True))
    names = page(db, client).names
    assert names == {
        f"people:{ana.id}": Name("UANA"),
        f"people:{bob.id}": Name("UBOB"),
        f"digests:{digest.id}": Name("Weekly"),
        f"channels:{channel.id}": Name("C1"),
        f"checkins:{checkin.id}": Name("APOLLO", end),
        f"portfolios:{change.id}": Name("Change"),
        f"risks:{risk.id}": Name("APOLLO-R1"),
        f"projects:{apollo.id}": Name("APOLLO"),
    }


def test_what_has_no_entry_yet_is_called_by_its_name_too(db: Database, client: Workspace, apollo: Project) -> None:
    trail = page(db, client, Part(About.PROJECT, str(apollo.id)))
    assert (trail.entries, trail.names) == ([], {f"projects:{apollo.id}": Name("APOLLO")})
    assert (trail.has_newer, trail.has_older) == (False, False)


def test_a_page_costs_the_same_however_much_is_on_it(db: Database, client: Workspace, apollo: Project) -> None:
    people = [a_person(db, client, f"Ana{number}") for number in range(8)]
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    costs = []
    for some in (people[:1], people):
        for person in some:
            note(db, apollo, by=person.id, manager=([person], some))
        event.listen(db._writing, "before_cursor_execute", count)
        event.listen(db._reading, "before_cursor_execute", count)
        page(db, client)
        event.remove(db._writing, "before_cursor_execute", count)
        event.remove(db._reading, "before_cursor_execute", count)
        costs.append(len(asked))
        asked.clear()
    assert costs[0] == costs[1]


def test_a_record_is_found_by_its_reference(db: Database, client: Workspace, ana: Person, apollo: Project) -> None:
    risk = a_risk(db, apollo, ana, "APOLLO-R7")
    theirs = a_workspace(db)
    with db.reading(client.id) as session:
        assert audit_trail.find_record(session, Reference("APOLLO", Letter.RISK, 7)) == f"risks:{risk.id}"
        assert audit_trail.find_record(session, Reference("APOLLO", Letter.RISK, 8)) is None
        assert audit_trail.find_record(session, Reference("APOLLO", Letter.ESCALATION, 7)) is None
        assert audit_trail.find_record(session, Reference("APOLLO", Letter.LESSON, 7)) is None
    with db.reading(theirs.id) as session:
        assert audit_trail.find_record(session, Reference("APOLLO", Letter.RISK, 7)) is None

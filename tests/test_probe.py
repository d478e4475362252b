"""The probe: whatever can be asked, asked by everybody whose it is not; and what it finds when a wall is taken out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, NoResultFound

from bot.errors import Refused
from bot.handlers import errors
from bot.rules import access
from bot.rules.actors import Actor
from bot.rules.exports import Form, Part
from bot.rules.terms import Role
from bot.store import Database, exports_rows, people, wall
from bot.store.wall import WallBreached, WalledSession
from tests.factories import NOW
from tests.probing import ELSEWHERE, HIDDEN, SEES_HIDDEN, TARGETS, WHO, Probe, Target, build, rows, slack_id
from tests.probing_store import verbs


@pytest.fixture
def db(new_database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr("bot.store.database.os.fsync", lambda _: None)  # nothing here has to outlive the test
    database = Database(new_database("sqlite"), pool=5)
    yield database
    database.close()


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("of", TARGETS)
def test_whatever_is_tried_is_denied_or_answered_as_for_nothing(db: Database, who: str, of: str) -> None:
    if of == "hidden" and who in SEES_HIDDEN:
        pytest.skip("it is theirs to see")
    ours, theirs = build(db)
    before = rows(db, theirs, who)
    probe = Probe(db, ours, theirs, who)
    probe.try_all(TARGETS[of])
    assert "\n".join([*probe.faults, *probe.leaked()]) == ""
    assert rows(db, theirs, who) == before
    assert probe.tried > 100
    assert probe.denied > 20


VERBS = [*verbs()]


def test_the_verbs_of_the_store_are_found_by_themselves() -> None:
    found = {verb.name for verb in VERBS}
    assert found >= {
        *("projects.find", "projects.get_by_id", "projects.search", "risks.get", "risks.list_open", "home.of"),
        *("escalations.find_by_ref", "digests.snapshot", "portfolios.page", "audit_trail.find_record", "teams.of"),
    }
    assert len(found) > 60


def probed(db: Database, who: str, target: Target) -> Iterator[str]:
    """What each verb of the store gives away of a target to somebody."""
    ours, theirs = build(db)
    with db.reading(ours.id) as session:
        actor = people.actor(session, slack_id(who), now=NOW)
    assert actor is not None
    before = rows(db, theirs, who)
    for verb in VERBS:
        try:
            with db.transaction(actor) as session:
                found = verb(session, target, actor)
        except (Refused, WallBreached, IntegrityError, NoResultFound):
            continue
        if target.word in found.lower() or target.key in found:
            yield f"{verb.name}: {target.key}"
        if (after := rows(db, theirs, who)) != before:
            yield f"{verb.name}: changed {[name for name in before if before[name] != after[name]]}"
            before = after


@pytest.mark.parametrize(("who", "of"), [("colleague", "hidden"), ("auditor", "hidden"), ("admin", "elsewhere")])
def test_no_verb_of_the_store_gives_anything_away(db: Database, who: str, of: str) -> None:
    assert [*probed(db, who, TARGETS[of])] == []


def exported(db: Database, who: str) -> str:
    """All that somebody could ever get in a file, whatever they may ask for."""
    ours, _ = build(db)
    with db.reading(ours.id) as session:
        actor = people.actor(session, slack_id(who), now=NOW)
    assert actor is not None
    told = BytesIO()
    with db.snapshot(actor) as session:
        for part in Part:
            of = actor.person if part is Part.MINE else None
            exports_rows.write(session, part, Form.JSON, told, of=of, now=NOW)
    return told.getvalue().decode().lower()


@pytest.mark.parametrize(
    ("who", "hidden"), [("admin", True), ("pmo", True), ("member", True), ("auditor", False), ("colleague", False)]
)
def test_no_file_holds_what_its_reader_may_not_see(db: Database, who: str, hidden: bool) -> None:
    told = exported(db, who)
    assert (HIDDEN.word in told, ELSEWHERE.word in told) == (hidden, False)


def found_by_a_probe(db: Database, who: str, target: Target) -> str:
    ours, theirs = build(db)
    probe = Probe(db, ours, theirs, who)
    for noun in ("project", "risk", "portfolio"):
        probe.try_all(target, noun=noun)
    return "\n".join(probe.faults)


def test_the_probe_finds_that_there_are_no_eyes(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    real = people.actor

    def all_seeing(*args: Any, **more: Any) -> Actor | None:
        actor = real(*args, **more)
        return replace(actor, hidden=frozenset()) if actor else None

    monkeypatch.setattr(people, "actor", all_seeing)
    found = found_by_a_probe(db, "colleague", HIDDEN)
    assert "colleague: command project (a key): quagga was shown" in found
    assert "colleague: command portfolio (nothing more): quagga was shown" in found
    assert "colleague: options risk.project (nothing): quagga was shown" in found


def test_the_probe_finds_that_there_is_no_wall(db: Database) -> None:
    event.remove(WalledSession, "do_orm_execute", wall._filter)
    try:
        found = found_by_a_probe(db, "colleague", ELSEWHERE)
    finally:
        event.listen(WalledSession, "do_orm_execute", wall._filter)
    assert "colleague: action risk.show (a number): brocket was shown" in found
    assert "colleague: command portfolio (nothing more): brocket was shown" in found


def test_the_probe_finds_that_a_denial_is_not_noted(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "_noted", lambda *_: None)
    assert "action project.edit (a number): denied, and not noted" in found_by_a_probe(db, "colleague", HIDDEN)


def test_the_probe_finds_that_everybody_may_everything(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "holding", lambda *_: frozenset(Role))
    assert "quagga was shown" in found_by_a_probe(db, "colleague", HIDDEN)

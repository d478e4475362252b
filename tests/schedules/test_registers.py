"""Registers on time: whatever Slack answers, whoever dropped one is told, and nothing is imported twice."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.errors import Undeliverable
from bot.messenger import Retry
from bot.rules.terms import RegisterState, Role
from bot.schedules import registers
from bot.store import Database
from bot.store import registers as kept
from bot.store.tables import Person, RegisterFile
from tests.factories import a_person, a_workspace, posts

REGISTER = b"Project,Key,Manager,Budget\nApollo,APOLLO,Eva,7\nGemini,GEMINI,Nobody,much\n"
EVA = {"id": "UEVA", "name": "eva", "real_name": "Eva", "tz": "Europe/Stockholm", "profile": {}}


class Shelf:
    """A messenger with one file and one colleague, that fails when told to."""

    def __init__(self, content: bytes = REGISTER) -> None:
        self.content = content
        self.fault: Exception | None = None
        self.hides_people = False
        self.asked = 0

    def download(self, workspace: int, file: str, *, most: int) -> bytes:
        self.asked += 1
        if self.fault:
            raise self.fault
        return self.content

    def everybody(self, workspace: int) -> Iterator[dict[str, Any]]:
        if self.hides_people:
            raise Undeliverable("missing_argument")
        yield EVA


@pytest.fixture
def ana(db: Database) -> Person:
    return a_person(db, a_workspace(db), "Ana", Role.PMO)


@pytest.fixture
def work(db: Database, ana: Person, now: datetime) -> Callable[..., str]:
    """Drop a file, have it worked on, and give the words of the message that is wanted then."""
    with db.transaction(ana.workspace_id) as session:
        kept.ask(session, file_id="F1", name="r.csv", columns={}, as_of=None, by=ana.id, now=now)

    def work(shelf: Shelf, at: datetime = now) -> str:
        registers.work_due(db, at, shelf)  # type: ignore[arg-type]
        told = [post for post in posts(db) if post.key.startswith("register:") and post.under is None]
        return str(told[0].wanted["text"]) if told else ""

    return work


def the_file(db: Database) -> RegisterFile:
    from sqlmodel import select

    with db.across_workspaces() as session:
        return session.exec(select(RegisterFile)).one()


def want(db: Database, now: datetime) -> None:
    file = the_file(db)
    with db.transaction(file.workspace_id) as session:
        kept.wanted(session, kept.take(session, file.id), now=now)


def test_a_preview_keeps_nothing_but_whom_it_names(
    db: Database, work: Callable[..., str], ana: Person, now: datetime
) -> None:
    assert work(Shelf()).startswith("r.csv: 2 projects added, 0 changed")
    file = the_file(db)
    assert (file.state, file.people) == (RegisterState.SHOWN, {"eva": "UEVA"})
    assert [post.under is not None for post in posts(db)] == [False, True]
    assert "much" in str(posts(db)[1].wanted)

    want(db, now)
    assert work(Shelf()).startswith("r.csv is imported: 2 projects added")
    assert the_file(db).content is None
    assert "Nobody is asked for check-ins before you go live" in str(posts(db)[0].wanted)
    assert not _workspace(db).state.is_live
    assert work(Shelf(), now + timedelta(days=9)).startswith("r.csv is imported")


def test_what_nobody_wants_is_let_go_after_a_day(db: Database, work: Callable[..., str], now: datetime) -> None:
    work(Shelf())
    assert "was left" in work(Shelf(), now + kept.KEPT)
    assert (the_file(db).state, the_file(db).content) == (RegisterState.DROPPED, None)


def test_a_busy_slack_is_asked_again(db: Database, work: Callable[..., str], now: datetime) -> None:
    shelf = Shelf()
    for fault, wait in ((Retry("ratelimited", 60), 60), (Retry("unreachable"), 30)):
        shelf.fault = fault
        assert work(shelf, now) == ""
        now += timedelta(seconds=wait)
        assert the_file(db).due_at == now
    shelf.fault = None
    assert "2 projects added" in work(shelf, now)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Undeliverable("file_too_large"), "it is larger than 5 MB"),
        (Undeliverable("file_not_found"), "Slack does not have it any more"),
        (Undeliverable("file_elsewhere"), "it is kept outside of Slack"),
        (Undeliverable("file_not_shown"), "Slack does not show it to me"),
    ],
)
def test_a_file_that_cannot_be_had_is_refused_in_words(
    db: Database, work: Callable[..., str], fault: Exception, said: str
) -> None:
    shelf = Shelf()
    shelf.fault = fault
    assert said in work(shelf)
    assert the_file(db).state is RegisterState.REFUSED


def test_what_is_no_register_is_refused_in_words(db: Database, work: Callable[..., str]) -> None:
    assert "r.csv cannot be imported" in work(Shelf(b""))


def test_where_slack_lists_nobody_only_those_known_are_found(db: Database, work: Callable[..., str]) -> None:
    shelf = Shelf()
    shelf.hides_people = True
    assert "2 projects added" in work(shelf)
    assert the_file(db).people == {}


def test_who_may_not_any_more_or_has_left_imports_nothing(
    db: Database, work: Callable[..., str], ana: Person, now: datetime
) -> None:
    from bot.store import roles

    a_person(db, _workspace(db), "Bea", Role.PMO)
    with db.transaction(ana.workspace_id) as session:
        roles.revoke(session, session.merge(ana), Role.PMO, by=None, now=now)
    shelf = Shelf()
    assert "may not import registers any more" in work(shelf)
    assert shelf.asked == 0


def test_who_has_left_imports_nothing(db: Database, work: Callable[..., str], ana: Person, now: datetime) -> None:
    with db.transaction(ana.workspace_id) as session:
        session.merge(ana).deactivated_at = now
    work(Shelf())
    assert the_file(db).state is RegisterState.DROPPED


def test_what_never_comes_to_an_end_is_given_up(db: Database, work: Callable[..., str], now: datetime) -> None:
    shelf = Shelf()
    shelf.fault = Retry("unreachable")
    for _ in range(registers.ATTEMPTS):
        work(shelf, now)
        now += registers.LATER
    assert "I tried several times" in work(shelf, now)


def _workspace(db: Database) -> Any:
    from bot.store import workspaces

    with db.across_workspaces() as session:
        return workspaces.list_all(session)[0]

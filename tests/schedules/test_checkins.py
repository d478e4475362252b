"""Check-ins on time: asked once, in a direct message, however often and by however many it is looked."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.rules.checkins import ReportDraft
from bot.rules.terms import Dimension, Health, ProjectState
from bot.schedules import checkins
from bot.store import Database, schedules
from bot.store import checkins as kept
from bot.store.tables import Person, Post, Project, Workspace
from tests.factories import NOW, a_person, a_project, a_workspace, an_actor, posts

WEEK = timedelta(days=7)
NOTHING = dict.fromkeys(Dimension, Health.NOT_SET)


@pytest.fixture
def workspace(db: Database) -> Workspace:
    return a_workspace(db)


@pytest.fixture
def ana(db: Database, workspace: Workspace) -> Person:
    return a_person(db, workspace, "Ana")


@pytest.fixture
def apollo(db: Database, workspace: Workspace, ana: Person) -> Project:
    return a_project(db, workspace, manager=ana, next_due_at=NOW)


def report(db: Database, by: Person, project: Project, **values: Any) -> None:
    """What was said of the week before."""
    draft = replace(ReportDraft(Health.GREEN, NOTHING), **values)
    actor = an_actor(db, by)
    with db.transaction(project.workspace_id) as session:
        period = (date(2026, 11, 7), date(2026, 11, 13))
        kept.answer(session, project, draft, period=period, by=actor, now=NOW - WEEK)


def buttons(post: Post) -> list[str]:
    rows = [block for block in post.wanted["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def test_a_due_manager_is_asked_once(db: Database, workspace: Workspace, apollo: Project) -> None:
    bob = a_person(db, workspace, "Bob")
    a_project(db, workspace, "GEMINI", manager=bob, next_due_at=NOW + timedelta(hours=1))

    assert checkins.open_due(db, NOW) == 1
    assert checkins.open_due(db, NOW + timedelta(minutes=1)) == 0

    [post] = posts(db)
    assert (post.to, post.key, post.workspace_id) == ("UANA", "checkin:1:prompt", workspace.id)


def test_everything_due_is_opened_however_much(
    db: Database, workspace: Workspace, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkins, "BATCH", 2)
    a_project(db, workspace, "OLD", manager=ana, next_due_at=NOW - WEEK, state=ProjectState.ON_HOLD)
    for number in range(5):
        a_project(db, workspace, f"P{number}", manager=ana, next_due_at=NOW)

    assert checkins.open_due(db, NOW) == 5
    assert len(posts(db)) == 5


def test_each_workspace_has_posts_of_its_own(db: Database, workspace: Workspace, apollo: Project) -> None:
    other = a_workspace(db)
    a_project(db, other, "ZEUS", manager=a_person(db, other, "Zoe"), next_due_at=NOW)

    checkins.open_due(db, NOW)

    assert [post.to for post in posts(db, workspace)] == ["UANA"]
    assert [post.to for post in posts(db, other)] == ["UZOE"]


def test_a_deputy_is_asked_for_a_manager_who_left(db: Database, workspace: Workspace) -> None:
    gone, dana = a_person(db, workspace, "Gone", deactivated_at=NOW), a_person(db, workspace, "Dana")
    a_project(db, workspace, manager=gone, deputy=dana, next_due_at=NOW)

    checkins.open_due(db, NOW)

    assert [post.to for post in posts(db)] == ["UDANA"]


def test_where_nobody_is_there_nobody_is_asked_and_nothing_stops(
    db: Database, workspace: Workspace, apollo: Project
) -> None:
    a_project(db, workspace, "LOST", next_due_at=NOW)

    assert checkins.open_due(db, NOW) == 2
    assert checkins.open_due(db, NOW + WEEK) == 2
    assert [post.to for post in posts(db)] == ["UANA", "UANA"]


def test_a_sponsor_alone_is_told_that_somebody_is_missing(db: Database, workspace: Workspace) -> None:
    a_project(db, workspace, sponsor=a_person(db, workspace, "Sue"), next_due_at=NOW)

    checkins.open_due(db, NOW)

    [post] = posts(db)
    assert post.to == "USUE"
    assert buttons(post) == []


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ({}, ["Check in", "No change"]),
        ({"overall": Health.RED}, ["Check in"]),
        ({"overall": Health.AMBER, "action_due": date(2026, 11, 20)}, ["Check in", "No change"]),
        ({"overall": Health.AMBER, "action_due": date(2026, 11, 19)}, ["Check in"]),
    ],
)
def test_no_change_is_offered_when_it_would_be_taken(
    db: Database, ana: Person, apollo: Project, said: dict[str, Any], offered: list[str]
) -> None:
    report(db, ana, apollo, **said)

    checkins.open_due(db, NOW)

    assert buttons(posts(db)[-1]) == offered


def test_the_day_of_a_path_is_that_of_the_manager(db: Database, workspace: Workspace) -> None:
    kiri = a_person(db, workspace, "Kiri", timezone="Pacific/Auckland")
    gemini = a_project(db, workspace, "GEMINI", manager=kiri, next_due_at=NOW)
    report(db, kiri, gemini, overall=Health.AMBER, action_due=date(2026, 11, 20))

    checkins.open_due(db, NOW)

    assert buttons(posts(db)[-1]) == ["Check in"]


def test_what_was_not_answered_becomes_a_way_to_report_late(db: Database, apollo: Project) -> None:
    checkins.open_due(db, NOW)
    checkins.open_due(db, NOW + WEEK)

    first, second = posts(db)
    assert (buttons(first), buttons(second)) == (["Report late"], ["Check in"])
    assert first.version == 2


def test_a_question_is_worth_asking_until_the_next_one(db: Database, apollo: Project) -> None:
    checkins.open_due(db, NOW + timedelta(hours=2))

    [post] = posts(db)
    assert (post.moment, post.expires_at) == (NOW, NOW + WEEK)


def test_its_hour_was_chosen_for_whoever_is_asked_unless_it_is_kept_in_another_zone(
    db: Database, workspace: Workspace, apollo: Project
) -> None:
    kai = a_person(db, workspace, "Kai", timezone="Asia/Tokyo")
    gemini = a_project(db, workspace, "GEMINI", manager=kai, next_due_at=NOW)
    with db.transaction(workspace.id) as session:
        schedule = schedules.of_project(session, gemini.id)
        assert schedule is not None
        schedule.timezone = "Europe/London"

    checkins.open_due(db, NOW)

    assert {post.to: post.any_hour for post in posts(db)} == {"UANA": True, "UKAI": False}


def test_questions_that_were_passed_over_are_missed(db: Database, apollo: Project) -> None:
    checkins.open_due(db, NOW + 2 * WEEK)

    passed = [post for post in posts(db) if post.key.endswith(":passed")]
    assert [post.moment for post in passed] == [NOW, NOW + WEEK]
    assert all(post.expires_at == post.moment for post in passed)
    assert passed[0].wanted["text"] == "A check-in of APOLLO Apollo was due."

"""Undelivered: whoever has to know is told, by another way, once, of what could not be said."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot import store, views
from bot.rules.delivery import End
from bot.store import Session, inside
from bot.store.delivery import Outcome
from bot.store.tables import Person, Post, Project

LISTED = 11
SHOWN_FOR = timedelta(days=1)


def tell(session: Session, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Have people told of broken places, of what nobody knows the end of, and of what was missed."""
    for outcome in outcomes:
        post = outcome.claim.post
        with inside(session, post.workspace_id):
            if outcome.is_broken and store.delivery.mark_broken(
                session, post, str(outcome.version["trouble"]), now=now
            ):
                _tell_of_broken(session, outcome, now)
            elif outcome.ended is End.UNCERTAIN:
                _tell_of_doubt(session, outcome, now)
    for workspace in {each.claim.post.workspace_id for each in outcomes if each.ended is End.EXPIRED}:
        with inside(session, workspace):
            _tell_of_missed(session, now)


def _tell_of_broken(session: Session, outcome: Outcome, now: datetime) -> None:
    """Whose project it is gets it by direct message instead; the PMO hears of it too."""
    post = outcome.claim.post
    message = views.delivery.broken(post, str(outcome.version["trouble"]))
    project = _project(session, post)
    owner = store.projects.manager(session, project.id) if project else None
    for person in _each_once([owner, *store.people.list_office(session, now=now)]):
        if person.slack_id != post.to:
            key = f"undelivered:{post.id}:{post.version}:{person.slack_id}"
            store.posts.put(session, key, to=person.slack_id, message=message, now=now, about=project)


def _tell_of_doubt(session: Session, outcome: Outcome, now: datetime) -> None:
    post, project = outcome.claim.post, _project(session, outcome.claim.post)
    for person in store.people.list_office(session, now=now):
        key = f"uncertain:{post.id}:{post.version}:{person.slack_id}"
        message = views.delivery.uncertain(post, person.timezone)
        store.posts.put(session, key, to=person.slack_id, message=message, now=now, about=project)


def _tell_of_missed(session: Session, now: datetime) -> None:
    """One message a day to each of the PMO, which grows with what is missed."""
    posts, total = store.delivery.list_missed(session, since=now - SHOWN_FOR, limit=LISTED)
    for person in store.people.list_office(session, now=now):
        key = f"missed:{now.date()}:{person.slack_id}"
        message = views.delivery.missed(posts, total, person.timezone)
        store.posts.put(session, key, to=person.slack_id, message=message, now=now)


def _project(session: Session, post: Post) -> Project | None:
    return store.projects.get_by_id(session, post.project_id) if post.project_id else None


def _each_once(people: Iterable[Person | None]) -> Iterable[Person]:
    return {person.id: person for person in people if person is not None}.values()

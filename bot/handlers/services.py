"""Services: what is off is not answered, but for who can switch it on."""

from datetime import datetime

from bot import store, views
from bot.errors import Refused
from bot.rules.access import Act
from bot.rules.actors import Actor
from bot.rules.terms import Service
from bot.store import Database


def must_be_on(db: Database, actor: Actor, service: Service | None, now: datetime) -> None:
    """Refused, naming who can switch it on, where a service is off; what belongs to none is always there."""
    if service is None or actor.charter.has(service):
        return
    with db.reading(actor) as session:
        office = [person.slack_id for person in store.people.list_office(session, now=now)]
    raise Refused(views.services.is_off(service, office, may_switch=actor.may(Act.MANAGE_SETTINGS)))

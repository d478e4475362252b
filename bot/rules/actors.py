"""Whoever acted, with what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.errors import Denied
from bot.rules import access
from bot.rules.access import Act
from bot.rules.cadence import zone_named
from bot.rules.terms import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acted, as the store knows them now.

    `workspace` and `person` are row numbers, `roles` are held in the whole workspace, `projects` maps a project's
    number to the roles held in it. Everybody who is no guest and no bot is a colleague. `via` is where the act came
    from, as the audit trail notes it (`command risk`, `action risk.close`).
    """

    workspace: int
    person: int
    slack_id: str
    name: str
    zone: str
    roles: frozenset[Role]
    projects: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    via: str = ""

    def roles_in(self, project: int | None) -> frozenset[Role]:
        """The roles that count in a project: those of the workspace and those held in it."""
        return self.roles if project is None else self.roles | self.projects.get(project, frozenset())

    def may(self, act: Act, project: int | None = None) -> bool:
        """Whether the matrix allows the act, in this project where one is meant."""
        return access.allows(act, self.roles_in(project))

    def may_ever(self, act: Act) -> bool:
        """Whether there is any project, or the workspace, in which the act is allowed."""
        held = frozenset[Role]().union(self.roles, *self.projects.values())
        return access.allows(act, held)

    def projects_where(self, act: Act) -> frozenset[int] | None:
        """The numbers of the projects in which the act is allowed; None where it is allowed in all of them."""
        if self.may(act):
            return None
        return frozenset(project for project in self.projects if self.may(act, project))

    def today(self, now: datetime) -> date:
        """The day it is where the person is."""
        return now.astimezone(zone_named(self.zone)).date()

    def must(self, act: Act, project: int | None = None) -> None:
        """Raise Denied, naming who can do it, unless the act is allowed."""
        if not self.may(act, project):
            raise Denied(access.refusal(act), act=act, project=project)

"""Whoever acted, with what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.errors import Denied
from bot.rules import access
from bot.rules.access import Act, Scope
from bot.rules.cadence import zone_named
from bot.rules.charter import DEFAULT, Charter
from bot.rules.terms import Role

NONE: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """The roles somebody holds in one portfolio, and the numbers of its projects."""

    roles: frozenset[Role]
    projects: frozenset[int]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acted, as the store knows them now.

    `workspace` and `person` are row numbers, `roles` are held in the whole workspace, `portfolios` maps a portfolio's
    number to what is held there, `projects` a project's number to the roles held in it. Everybody who is no guest, no
    app and of this organisation is a colleague. `hidden` are the confidential projects that are not theirs to see:
    no session of theirs shows them. `charter` is what their workspace has agreed on. `via` is where the act came
    from, as the audit trail notes it (`command risk`, `action risk.close`).
    """

    workspace: int
    person: int
    slack_id: str
    name: str
    zone: str
    roles: frozenset[Role]
    projects: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    portfolios: Mapping[int, Share] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    charter: Charter = DEFAULT
    via: str = ""

    def roles_in(self, project: int | None) -> frozenset[Role]:
        """The roles that count in a project: those of the workspace, of its portfolio, and those held in it."""
        if project is None:
            return self.roles
        return self.roles | self._over(project) | self.projects.get(project, NONE)

    def may(self, act: Act, project: int | None = None, *, portfolio: int | None = None) -> bool:
        """Whether the matrix allows the act, in this project or this portfolio where one is meant."""
        if access.allows(act, self.roles):
            return True
        if project is not None and access.allows(act, self.projects.get(project, NONE), Scope.PROJECT):
            return True
        over = self._over(project) if portfolio is None else self._within(portfolio)
        return access.allows(act, over, Scope.PORTFOLIO)

    def may_ever(self, act: Act) -> bool:
        """Whether there is any project or portfolio, or the workspace, in which the act is allowed."""
        return (
            access.allows(act, self.roles)
            or any(access.allows(act, roles, Scope.PROJECT) for roles in self.projects.values())
            or any(access.allows(act, share.roles, Scope.PORTFOLIO) for share in self.portfolios.values())
        )

    def projects_where(self, act: Act) -> frozenset[int] | None:
        """The numbers of the projects in which the act is allowed; None where it is allowed in all of them."""
        if self.may(act):
            return None
        own = {number for number, roles in self.projects.items() if access.allows(act, roles, Scope.PROJECT)}
        over = (share for share in self.portfolios.values() if access.allows(act, share.roles, Scope.PORTFOLIO))
        return frozenset(own).union(*(share.projects for share in over))

    def today(self, now: datetime) -> date:
        """The day it is where the person is."""
        return now.astimezone(zone_named(self.zone)).date()

    def must(self, act: Act, project: int | None = None, *, portfolio: int | None = None) -> None:
        """Raise Denied, naming who can do it, unless the act is allowed."""
        if not self.may(act, project, portfolio=portfolio):
            raise Denied(access.refusal(act), act=act, project=project)

    def _over(self, project: int | None) -> frozenset[Role]:
        """The roles held in the portfolio that a project is in."""
        if not self.portfolios:
            return NONE
        return NONE.union(*(share.roles for share in self.portfolios.values() if project in share.projects))

    def _within(self, portfolio: int) -> frozenset[Role]:
        share = self.portfolios.get(portfolio)
        return share.roles if share else NONE

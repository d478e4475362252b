"""Home: what concerns one person, as their own page in Slack shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Generic, TypeVar

from bot.rules.terms import EscalationLevel, Health, ProjectState, Role, Service, Severity, WorkspaceState

T = TypeVar("T")

SHOWN: Final = 10
"""How many lines of a kind a Home shows at most: all kinds together stay far below Slack's 100 blocks."""
SOON: Final = 7
"""Risks are shown from so many days before they are due."""


@dataclass(frozen=True, slots=True)
class Some(Generic[T]):
    """The first lines of a list, and how many there are in all."""

    lines: Sequence[T] = ()
    total: int = 0

    @property
    def left(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)

    def __bool__(self) -> bool:
        return bool(self.lines)


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project that somebody has roles in."""

    id: int
    key: str
    name: str
    state: ProjectState
    roles: tuple[Role, ...]
    health: Health
    reported_at: datetime | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckinLine:
    """A check-in that somebody owes."""

    id: int
    project_id: int
    key: str
    name: str
    period_end: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class RiskLine:
    """An open risk that somebody owns or raised."""

    id: int
    ref: str
    event: str
    severity: Severity
    score: int
    due: date | None


@dataclass(frozen=True, slots=True)
class EscalationLine:
    """An open escalation that somebody decides or raised."""

    id: int
    ref: str
    what: str
    decide_by: date
    level: EscalationLevel
    is_acknowledged: bool


@dataclass(frozen=True, slots=True)
class Office:
    """What the PMO looks at every day: live projects by health, and what is overdue across all of them."""

    healths: Mapping[Health, int]
    checkins_open: int
    escalations_open: int
    posts_in_trouble: int


@dataclass(frozen=True, slots=True)
class Home:
    """All that a person's Home shows; `office` is None for who is not of the PMO, `ask` are the PMO's Slack ids.

    Of services that are `off` it has nothing. `phase` is set, for who sees to that, while the PMO is being set up.
    """

    projects: Some[ProjectLine] = field(default_factory=Some)
    checkins: Some[CheckinLine] = field(default_factory=Some)
    risks: Some[RiskLine] = field(default_factory=Some)
    escalations: Some[EscalationLine] = field(default_factory=Some)
    raised_risks: Some[RiskLine] = field(default_factory=Some)
    raised_escalations: Some[EscalationLine] = field(default_factory=Some)
    office: Office | None = None
    ask: Sequence[str] = ()
    off: frozenset[Service] = frozenset()
    phase: WorkspaceState | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing here concerns the person yet."""
        lists = (self.projects, self.checkins, self.risks, self.escalations, self.raised_risks, self.raised_escalations)
        return self.office is None and not any(lists)

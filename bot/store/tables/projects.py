"""Projects, with what is current kept in their own columns, and who has which role in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlmodel import Field, col

from bot.rules.charter import DEFAULT, Charter
from bot.rules.terms import Health, ProjectState, Role, Severity
from bot.store.tables.columns import Json, Money, OfProject, Ranked, within, worded
from bot.store.tables.people import Person, slack_id_of
from bot.store.tables.reports import StatusReport
from bot.store.tables.schedules import Schedule


class Project(OfProject, table=True):
    """A project; the columns from `report_id` on are a copy of its newest report, written in the report's transaction.

    Every date and amount has a baseline, a forecast and an actual; amounts are in `currency`.
    `health_since` is the end of the first period of the run of reports with the present rating, `health_runs` their
    number. One that is `confidential` is seen by its team, its sponsor and the PMO's leads alone.
    `risks_raised` and `escalations_raised` count up for references and never go down.
    """

    __tablename__ = "projects"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "identity"),
        Index("ix_projects_workspace_id_state_reported_health", "workspace_id", "state", "reported_health"),
        Index("ix_projects_workspace_id_portfolio_id", "workspace_id", "portfolio_id"),
        Index(
            "ix_projects_confidential",
            "workspace_id",
            sqlite_where=text("confidential = 1"),
            postgresql_where=text("confidential"),
        ),
        within("portfolios", "portfolio_id"),
        within("people", "path_owner_id"),
    )

    key: str = Field(max_length=10)
    name: str = Field(max_length=255)
    identity: str | None = Field(default=None, max_length=300)
    portfolio_id: int | None = None
    state: ProjectState = Field(default=ProjectState.EXECUTING, sa_type=worded(ProjectState))
    business_unit: str | None = Field(default=None, max_length=120)
    category: str | None = Field(default=None, max_length=120)
    description: str | None = Field(default=None, max_length=8000)
    channel: str | None = Field(default=None, max_length=32)
    is_pilot: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    confidential: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    currency: str = Field(max_length=3)
    start_baseline: date | None = None
    start_forecast: date | None = None
    start_actual: date | None = None
    finish_baseline: date | None = None
    finish_forecast: date | None = None
    finish_actual: date | None = None
    budget_baseline: Decimal | None = Field(default=None, sa_type=Money)
    budget_forecast: Decimal | None = Field(default=None, sa_type=Money)
    budget_actual: Decimal | None = Field(default=None, sa_type=Money)
    created_at: datetime
    closed_at: datetime | None = None

    report_id: int | None = None
    reported_at: datetime | None = None
    period_end: date | None = None
    reported_health: Health = Field(default=Health.NOT_SET, sa_type=Ranked(Health))
    previous_health: Health = Field(default=Health.NOT_SET, sa_type=Ranked(Health))
    computed_health: Health = Field(default=Health.NOT_SET, sa_type=Ranked(Health))
    computed_because: list[str] = Field(default_factory=list, sa_type=Json)
    dimensions: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    health_since: date | None = None
    health_runs: int = 0
    unchanged_runs: int = 0
    missed_runs: int = 0
    cause: str | None = Field(default=None, max_length=3000)
    path_action: str | None = Field(default=None, max_length=3000)
    path_owner_id: int | None = None
    path_owner: ClassVar[str | None]
    path_due: date | None = None

    open_risks: int = 0
    worst_risk: Severity | None = Field(default=None, sa_type=Ranked(Severity))
    worst_unanswered: Severity | None = Field(default=None, sa_type=Ranked(Severity))
    overdue_escalations: int = 0
    risks_raised: int = 0
    escalations_raised: int = 0

    @classmethod
    def outside(cls, hidden: Collection[int]) -> Any:
        """The condition that it is none of these projects."""
        return col(cls.id).not_in(hidden)

    @property
    def whose(self) -> int | None:
        """Its own number."""
        return self.id

    @property
    def card_key(self) -> str:
        """The key of the post that introduces the project in its channel; another channel gets another post."""
        return f"project:{self.id}:card:{self.channel}"

    def told_key(self, role: Role, slack_id: str) -> str:
        """The key of the post that tells somebody of their role in the project."""
        return f"project:{self.id}:told:{role}:{slack_id}"


Project.path_owner = slack_id_of(Project.path_owner_id)


class ProjectRole(OfProject, table=True):
    """A role somebody holds in one project."""

    __tablename__ = "project_roles"
    __table_args__ = (
        UniqueConstraint("project_id", "person_id", "role"),
        Index("ix_project_roles_person_id", "person_id"),
        within("projects", "project_id"),
        within("people", "person_id"),
    )

    project_id: int
    person_id: int
    role: Role = Field(sa_type=worded(Role))


@dataclass(frozen=True, slots=True)
class ProjectName:
    """What a project is called, and where it lives: enough to show whose record something is."""

    id: int
    key: str
    name: str
    channel: str | None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a project stands: its row with all that its card shows beside it, and what its workspace has agreed on."""

    project: Project
    portfolio: str | None
    held: Mapping[Role, Sequence[Person]]
    schedule: Schedule | None
    report: StatusReport | None
    author: Person | None
    open_escalations: int
    charter: Charter = DEFAULT

    @property
    def asked_next(self) -> datetime | None:
        """When its check-in is asked for next; None while nobody is asked."""
        asks = self.charter.asks(is_pilot=self.project.is_pilot)
        return self.schedule.next_due_at if self.schedule is not None and asks else None

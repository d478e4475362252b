"""The words of the field, each with its order and the letter it is shown by."""

from enum import IntEnum, StrEnum


class Health(IntEnum):
    """A RAG rating, ranked from best to worst; not set and done rank below every rating.

    The letters are those of the UK Delivery Confidence Assessment: G, AG, A, AR, R, with X (not set) and B (done).
    """

    NOT_SET = 0
    DONE = 1
    GREEN = 2
    AMBER_GREEN = 3
    AMBER = 4
    AMBER_RED = 5
    RED = 6

    @property
    def letter(self) -> str:
        """The letter that stands for the rating wherever colour alone would not do."""
        return {0: "X", 1: "B", 2: "G", 3: "AG", 4: "A", 5: "AR", 6: "R"}[self.value]

    @property
    def is_rating(self) -> bool:
        """Whether somebody judged: not set and done are states, not judgements."""
        return self >= Health.GREEN

    @property
    def needs_path_to_green(self) -> bool:
        """Amber and worse owe an action, an owner and a date."""
        return self >= Health.AMBER


class Severity(IntEnum):
    """The class of a risk by its score, probability times impact (bands 1-4, 5-9, 10-14, 15-25)."""

    LOW = 1
    MODERATE = 2
    HIGH = 3
    VERY_HIGH = 4


class Dimension(StrEnum):
    """What a status report rates besides the whole."""

    SCHEDULE = "schedule"
    COST = "cost"
    SCOPE = "scope"
    RESOURCES = "resources"
    RISK = "risk"
    BENEFITS = "benefits"
    QUALITY = "quality"


class ProjectState(StrEnum):
    """The lifecycle of a project: proposed to post-reviewed, with hold and cancellation."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    INITIATING = "initiating"
    PLANNING = "planning"
    EXECUTING = "executing"
    CLOSING = "closing"
    ON_HOLD = "on_hold"
    CLOSED = "closed"
    POST_REVIEWED = "post_reviewed"
    CANCELLED = "cancelled"

    @property
    def is_live(self) -> bool:
        """Live projects are asked for check-ins and counted in the portfolio line."""
        return self in {
            ProjectState.INITIATING,
            ProjectState.PLANNING,
            ProjectState.EXECUTING,
            ProjectState.CLOSING,
        }


class WorkspaceState(StrEnum):
    """How far a client of the PMO is: the four phases of setting a PMO up, and its end."""

    PREPARATION = "preparation"
    DESIGN = "design"
    DEPLOYMENT = "deployment"
    OPERATING = "operating"
    EXITING = "exiting"
    CLOSED = "closed"

    @property
    def is_live(self) -> bool:
        """Whether everybody is asked and told on time; before that, only pilot projects are."""
        return self is WorkspaceState.OPERATING


class Service(StrEnum):
    """What a PMO does for a workspace, each of which can be switched off there (domain.md 8.5)."""

    CHECKINS = "checkins"
    RAID = "raid"
    ESCALATIONS = "escalations"
    DIGESTS = "digests"


class RegisterState(StrEnum):
    """How far a register that was dropped into a form is."""

    ASKED = "asked"
    SHOWN = "shown"
    WANTED = "wanted"
    IMPORTED = "imported"
    REFUSED = "refused"
    DROPPED = "dropped"


class PortfolioState(StrEnum):
    """The lifecycle of a portfolio."""

    DRAFT = "draft"
    ACTIVE = "active"
    FROZEN = "frozen"
    CLOSED = "closed"


class CheckinState(StrEnum):
    """Where one request for a status report stands."""

    REQUESTED = "requested"
    SUBMITTED = "submitted"
    MISSED = "missed"


class RiskState(StrEnum):
    """The lifecycle of a risk."""

    IDENTIFIED = "identified"
    ASSESSED = "assessed"
    RESPONSE_PLANNED = "response_planned"
    MONITORING = "monitoring"
    CLOSED = "closed"
    REJECTED = "rejected"

    @property
    def is_open(self) -> bool:
        """Open risks count towards health and the digest."""
        return self not in {RiskState.CLOSED, RiskState.REJECTED}


class RiskOutcome(StrEnum):
    """How a closed risk ended."""

    EXPIRED = "expired"
    AVOIDED = "avoided"
    TRANSFERRED = "transferred"
    REALISED = "realised"


class EscalationState(StrEnum):
    """The lifecycle of an escalation; climbing to the next level raises it anew with a new clock."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """Open escalations are decisions somebody still owes."""
        return self in {EscalationState.RAISED, EscalationState.ACKNOWLEDGED}


class EscalationLevel(StrEnum):
    """Who is asked, from near to far."""

    SPONSOR = "sponsor"
    PMO = "pmo"


class Role(StrEnum):
    """What a person is: held in the whole workspace (some in one portfolio), in one project, or by everybody.

    ADMIN has the keys of the workspace, PMO leads the office, ANALYST writes for it; SUPPORT is the provider's own,
    for a time.
    """

    ADMIN = "admin"
    PMO = "pmo"
    ANALYST = "analyst"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    FINANCE = "finance"
    RESOURCE_OWNER = "resource_owner"
    SUPPORT = "support"
    MANAGER = "manager"
    DEPUTY = "deputy"
    SPONSOR = "sponsor"
    MEMBER = "member"
    COLLEAGUE = "colleague"

    @property
    def is_of_project(self) -> bool:
        """Whether the role is held in a project rather than in the workspace."""
        return self in {Role.MANAGER, Role.DEPUTY, Role.SPONSOR, Role.MEMBER}

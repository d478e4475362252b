"""Health: what the signals of a project say of it, kept in its own columns in the transaction of each change."""

from typing import Any

import sqlalchemy
from sqlalchemy import Row, Select, Table, Update, bindparam
from sqlmodel import Session, select

from bot import rules
from bot.errors import NotHere
from bot.rules.health import Signals
from bot.rules.terms import Dimension, Health
from bot.store import workspaces
from bot.store.prepared import Prepared
from bot.store.projects import OVER
from bot.store.tables import Project
from bot.store.wall import beyond

SIGNALS = (
    *("reported_health", "computed_health", "computed_because", "dimensions", "path_action", "path_owner_id"),
    *("path_due", "missed_runs", "worst_risk", "worst_unanswered", "overdue_escalations"),
    *("finish_baseline", "finish_forecast", "budget_baseline", "budget_forecast"),
)
"""The columns of a project that its health comes from, and in which it is kept."""


def hold(session: Session, project_id: int) -> Project:
    """The project as it is now, its row held until the transaction ends: two who change its signals take turns.

    Whoever calls `recompute` holds the project first. Refused when it is not there.
    """
    query = select(Project).where(Project.id == project_id).with_for_update()
    project = session.exec(query, execution_options={"populate_existing": True}).one_or_none()
    if project is None:
        raise NotHere("That project is not here any more. `/pmo portfolio` lists those that are.")
    return project


def recompute(session: Session, project: Project) -> None:
    """Set what the signals in the project's columns say."""
    health, because = computed(session, signals(project), project.reported_health)
    if project.computed_health is not health:
        project.computed_health = health
    if project.computed_because != because:
        project.computed_because = because


def recompute_all(session: Session) -> int:
    """The workspace has agreed on something else: have the health of its projects follow; how many changed.

    Also of those that are hidden from whoever acts: nothing of them is told.
    """
    changed = 0
    with beyond(session):
        for row in _UNDER_WAY(session).all():
            changed += settle(session, row)
    return changed


def settle(session: Session, project: Row[Any]) -> bool:
    """Keep what the signals of a project say that was read as plain columns; whether that is something else."""
    health, because = computed(session, signals(project), project.reported_health)
    if (health, because) == (project.computed_health, project.computed_because):
        return False
    _SETTLE(session, of=project.id, computed=health, because=because)
    return True


def computed(session: Session, known: Signals, reported: Health) -> tuple[Health, list[str]]:
    """The health by the signals, and why; a report that rates no dimension is taken at its word."""
    health, because = rules.health.computed(known, workspaces.charter(session))
    return health if known.dimensions else rules.health.worse(health, reported), list(because)


def signals(project: Project | Row[Any]) -> Signals:
    """What is known of a project, from its columns."""
    return Signals(
        dimensions={Dimension(name): Health(rank) for name, rank in project.dimensions.items()},
        path_to_green=bool(project.path_action and project.path_owner_id and project.path_due),
        missed=project.missed_runs,
        worst_risk=project.worst_risk,
        worst_unanswered=project.worst_unanswered,
        overdue_escalations=project.overdue_escalations,
        baseline_finish=project.finish_baseline,
        forecast_finish=project.finish_forecast,
        bac=project.budget_baseline,
        eac=project.budget_forecast,
    )


def _under_way(projects: Table) -> Select[*tuple[Any, ...]]:
    columns = (projects.c[name] for name in ("id", *SIGNALS))
    return sqlalchemy.select(*columns).where(projects.c.state.not_in(OVER))


def _settled(projects: Table) -> Update:
    values: dict[str, Any] = {"computed_health": bindparam("computed"), "computed_because": bindparam("because")}
    return sqlalchemy.update(projects).where(projects.c.id == bindparam("of")).values(values)


_UNDER_WAY = Prepared(Project, _under_way)
_SETTLE = Prepared(Project, _settled)

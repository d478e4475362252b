"""Health: what the signals of a project say of it, kept in its own columns in the transaction of each change."""

from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, select

from bot import rules
from bot.errors import Refused
from bot.rules.health import Signals
from bot.rules.terms import Dimension, Health
from bot.store.tables import Project


def hold(session: Session, project_id: int) -> Project:
    """The project as it is now, its row held until the transaction ends: two who change its signals take turns.

    Whoever calls `recompute` holds the project first. Refused when it is not there.
    """
    query = select(Project).where(Project.id == project_id).with_for_update()
    project = session.exec(query, execution_options={"populate_existing": True}).one_or_none()
    if project is None:
        raise Refused("That project is not here any more. `/pmo portfolio` lists those that are.")
    return project


def recompute(project: Project) -> None:
    """Set what the signals in the project's columns say."""
    health, because = computed(signals(project), project.reported_health)
    if project.computed_health is not health:
        project.computed_health = health
    if project.computed_because != because:
        project.computed_because = because


def computed(known: Signals, reported: Health) -> tuple[Health, list[str]]:
    """The health by the signals, and why; a report that rates no dimension is taken at its word."""
    health, because = rules.health.computed(known)
    return health if known.dimensions else rules.health.worse(health, reported), list(because)


def signals(project: Project | Row[Any]) -> Signals:
    """What is known of a project, from its columns."""
    return Signals(
        dimensions={Dimension(name): Health(rank) for name, rank in project.dimensions.items()},
        path_to_green=bool(project.path_action and project.path_owner and project.path_due),
        missed=project.missed_runs,
        worst_risk=project.worst_risk,
        worst_unanswered=project.worst_unanswered,
        overdue_escalations=project.overdue_escalations,
        baseline_finish=project.finish_baseline,
        forecast_finish=project.finish_forecast,
        bac=project.budget_baseline,
        eac=project.budget_forecast,
    )

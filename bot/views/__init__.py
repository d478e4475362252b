"""Show: rows in, a message or a modal out; the only place with blocks and ids of actions."""

from bot.views import (
    blocks,
    channels,
    checkins,
    checkins_forms,
    digests,
    escalations,
    escalations_forms,
    home,
    portfolios,
    projects,
    projects_forms,
    reports,
    risks,
    risks_forms,
    roles,
    text,
)

__all__ = [
    "blocks",
    "channels",
    "checkins",
    "checkins_forms",
    "digests",
    "escalations",
    "escalations_forms",
    "home",
    "portfolios",
    "projects",
    "projects_forms",
    "reports",
    "risks",
    "risks_forms",
    "roles",
    "text",
]

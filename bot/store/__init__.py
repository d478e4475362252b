"""Keep: rows, queries and verbs of the business; the only place with SQL."""

from bot.store import (
    audit,
    channels,
    checkins,
    digests,
    escalations,
    health,
    home,
    imports,
    inbox,
    people,
    portfolios,
    posts,
    projects,
    reports,
    risks,
    schedules,
    workspaces,
)
from bot.store.database import Database
from bot.store.inbox import Repeated
from bot.store.wall import WalledSession as Session
from bot.store.wall import inside

__all__ = [
    "Database",
    "Repeated",
    "Session",
    "audit",
    "channels",
    "checkins",
    "digests",
    "escalations",
    "health",
    "home",
    "imports",
    "inbox",
    "inside",
    "people",
    "portfolios",
    "posts",
    "projects",
    "reports",
    "risks",
    "schedules",
    "workspaces",
]

"""Every table, so that one import knows them all."""

from bot.store.tables.audit import AuditEntry
from bot.store.tables.channels import Channel
from bot.store.tables.checkins import Checkin
from bot.store.tables.digests import Digest, Edition
from bot.store.tables.escalations import Escalation, EscalationEntry
from bot.store.tables.inbox import InboxEntry
from bot.store.tables.people import Person, RoleGrant
from bot.store.tables.portfolios import Portfolio
from bot.store.tables.posts import Lane, Message, Post
from bot.store.tables.projects import Project, ProjectName, ProjectRole, Standing
from bot.store.tables.reports import StatusReport, Version
from bot.store.tables.risks import Risk, RiskEntry
from bot.store.tables.schedules import Schedule
from bot.store.tables.workspaces import Workspace

__all__ = [
    "AuditEntry",
    "Channel",
    "Checkin",
    "Digest",
    "Edition",
    "Escalation",
    "EscalationEntry",
    "InboxEntry",
    "Lane",
    "Message",
    "Person",
    "Portfolio",
    "Post",
    "Project",
    "ProjectName",
    "ProjectRole",
    "Risk",
    "RiskEntry",
    "RoleGrant",
    "Schedule",
    "Standing",
    "StatusReport",
    "Version",
    "Workspace",
]

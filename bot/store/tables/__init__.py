"""Every table, so that one import knows them all."""

from bot.store.tables.audit import AuditEntry, AuditSeal, Name, Trail, UnsealedEntry
from bot.store.tables.channels import Channel
from bot.store.tables.checkins import Checkin
from bot.store.tables.digests import Digest, DigestProject, Edition
from bot.store.tables.escalations import Escalation, EscalationEntry
from bot.store.tables.exports import Export
from bot.store.tables.forgotten import Forgotten
from bot.store.tables.inbox import InboxEntry
from bot.store.tables.installations import Installation, InstallState
from bot.store.tables.people import Holding, Person, RoleGrant
from bot.store.tables.portfolios import Portfolio
from bot.store.tables.posts import Lane, Message, Post
from bot.store.tables.projects import Project, ProjectName, ProjectRole, Standing
from bot.store.tables.registers import RegisterFile
from bot.store.tables.reports import StatusReport, Version
from bot.store.tables.risks import Risk, RiskEntry
from bot.store.tables.schedules import Schedule
from bot.store.tables.setup import SetupStep
from bot.store.tables.workspaces import Workspace

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "Channel",
    "Checkin",
    "Digest",
    "DigestProject",
    "Edition",
    "Escalation",
    "EscalationEntry",
    "Export",
    "Forgotten",
    "Holding",
    "InboxEntry",
    "InstallState",
    "Installation",
    "Lane",
    "Message",
    "Name",
    "Person",
    "Portfolio",
    "Post",
    "Project",
    "ProjectName",
    "ProjectRole",
    "RegisterFile",
    "Risk",
    "RiskEntry",
    "RoleGrant",
    "Schedule",
    "SetupStep",
    "Standing",
    "StatusReport",
    "Trail",
    "UnsealedEntry",
    "Version",
    "Workspace",
]

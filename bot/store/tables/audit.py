"""The audit trail: who changed what, when, from what to what, why, from where, and the seals that chain it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.audit import Part
from bot.store.tables.columns import Frozen, Json, PerhapsOfProject, Walled, within


class AuditEntry(PerhapsOfProject, Frozen, table=True):
    """One act on one record; `person_id` is null when nobody acted: the clock, an import, Slack itself.

    `record` is the table and number (`risks:88`), `changes` maps a field to `[old, new]`, in which people are the
    numbers of their rows. `via` is where it came from (`action risk.close`, `clock`). `project_id` is the project
    that the record belongs to, or is; null where it belongs to none.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_workspace_id_record", "workspace_id", "record"),
        Index("ix_audit_workspace_id_id", "workspace_id", "id"),
        Index("ix_audit_project_id_id", "project_id", "id"),
        Index("ix_audit_person_id_id", "person_id", "id"),
        within("people", "person_id"),
        within("projects", "project_id"),
    )

    at: datetime
    person_id: int | None = None
    record: str = Field(max_length=64)
    what: str = Field(max_length=64)
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    why: str | None = Field(default=None, max_length=3000)
    project_id: int | None = None
    via: str | None = Field(default=None, max_length=80)


class AuditSeal(Frozen, table=True):
    """The seal of one entry, whose number is the seal's own; `number` is its place in the workspace's chain, from 1.

    `hash` is `rules.audit.seal` of the hash before it and the entry.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (UniqueConstraint("workspace_id", "number"),)

    id: int = Field(primary_key=True, foreign_key="audit.id")
    number: int
    hash: str = Field(max_length=64)


class UnsealedEntry(Walled, table=True):
    """The number of an entry that has no seal yet: the database itself puts it here when the entry is added."""

    __tablename__ = "audit_unsealed"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


@dataclass(frozen=True, slots=True)
class Name:
    """What people call a record; `day` tells those of one project apart that are called by their period."""

    word: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of the trail, the newest entry first; what people call its records, by table and number (`risks:88`).

    Somebody is called by their id in Slack.
    """

    part: Part
    entries: Sequence[AuditEntry]
    names: Mapping[str, Name]
    has_newer: bool
    has_older: bool

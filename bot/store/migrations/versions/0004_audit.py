"""Audit: a trail that cannot be rewritten

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_audit_workspace_id_id", ["workspace_id", "id"]),
    ("ix_audit_project_id_id", ["project_id", "id"]),
    ("ix_audit_person_id_id", ["person_id", "id"]),
)

# The records that belong to a project, and the column that says to which.
OF_A_PROJECT = (
    ("projects", "id"),
    ("risks", "project_id"),
    ("escalations", "project_id"),
    ("checkins", "project_id"),
    ("status_reports", "project_id"),
)

# A closed workspace is one whose time to be kept is over: only then may its trail go.
# SQLite's REPLACE takes away the row in its way without asking a trigger on deletes, hence those on inserts.
SQLITE = (
    """
create trigger audit_not_changed before update on audit begin
  select raise(abort, 'the audit trail is append-only');
end""",
    """
create trigger audit_not_deleted before delete on audit
when not exists (select 1 from workspaces where id = old.workspace_id and state = 'closed') begin
  select raise(abort, 'the audit trail is append-only');
end""",
    """
create trigger audit_not_replaced before insert on audit
when exists (select 1 from audit where id = new.id) begin
  select raise(abort, 'the audit trail is append-only');
end""",
    """
create trigger audit_waits after insert on audit begin
  insert into audit_unsealed (id, workspace_id) values (new.id, new.workspace_id);
end""",
    """
create trigger audit_seals_not_changed before update on audit_seals begin
  select raise(abort, 'the seals of the audit trail are append-only');
end""",
    """
create trigger audit_seals_not_deleted before delete on audit_seals
when not exists (select 1 from workspaces where id = old.workspace_id and state = 'closed') begin
  select raise(abort, 'the seals of the audit trail are append-only');
end""",
    """
create trigger audit_seals_not_replaced before insert on audit_seals
when exists (select 1 from audit_seals where id = new.id)
  or exists (select 1 from audit_seals where workspace_id = new.workspace_id and number = new.number) begin
  select raise(abort, 'the seals of the audit trail are append-only');
end""",
)

POSTGRESQL = (
    """
create function audit_stays() returns trigger language plpgsql as $$ begin
  if tg_op = 'DELETE' then
    if exists (select 1 from workspaces where id = old.workspace_id and state = 'closed') then
      return old;
    end if;
  end if;
  raise exception 'the audit trail is append-only' using errcode = 'integrity_constraint_violation';
end $$""",
    """
create function audit_waits() returns trigger language plpgsql as $$ begin
  insert into audit_unsealed (id, workspace_id) values (new.id, new.workspace_id);
  return null;
end $$""",
    "create trigger audit_not_changed before update on audit for each row execute function audit_stays()",
    "create trigger audit_not_deleted before delete on audit for each row execute function audit_stays()",
    "create trigger audit_not_emptied before truncate on audit for each statement execute function audit_stays()",
    "create trigger audit_waits after insert on audit for each row execute function audit_waits()",
    "create trigger audit_seals_not_changed before update on audit_seals for each row execute function audit_stays()",
    "create trigger audit_seals_not_deleted before delete on audit_seals for each row execute function audit_stays()",
    """
create trigger audit_seals_not_emptied before truncate on audit_seals
  for each statement execute function audit_stays()""",
)


def upgrade() -> None:
    """Say from where and of which project; queue what is there for its seal; then let nothing be changed any more."""
    with op.batch_alter_table("audit") as batch_op:
        batch_op.add_column(sa.Column("project_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("via", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_audit_workspace_id_project_id"),
            "projects",
            ["workspace_id", "project_id"],
            ["workspace_id", "id"],
        )
    for table, column in OF_A_PROJECT:
        op.execute(_belonging(table, column))
    for name, columns in INDEXES:
        op.create_index(name, "audit", columns, unique=False)
    op.create_table(
        "audit_seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["audit.id"], name=op.f("fk_audit_seals_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_audit_seals_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_audit_seals_workspace_id_number")),
    )
    op.create_table(
        "audit_unsealed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_audit_unsealed_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_unsealed")),
    )
    op.execute("insert into audit_unsealed (id, workspace_id) select id, workspace_id from audit")
    for statement in POSTGRESQL if _on_postgresql() else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Let go of the seals, and of what they guard."""
    if _on_postgresql():
        for name in ("audit_not_changed", "audit_not_deleted", "audit_not_emptied", "audit_waits"):
            op.execute(f"drop trigger {name} on audit")
    op.drop_table("audit_unsealed")
    op.drop_table("audit_seals")
    for name, _ in INDEXES:
        op.drop_index(name, "audit")
    with op.batch_alter_table("audit") as batch_op:
        batch_op.drop_constraint(op.f("fk_audit_workspace_id_project_id"), type_="foreignkey")
        batch_op.drop_column("via")
        batch_op.drop_column("project_id")
    if _on_postgresql():
        op.execute("drop function audit_stays")
        op.execute("drop function audit_waits")


def _belonging(table: str, column: str) -> str:
    """Have the entries of a table's rows carry the number of the project that these belong to."""
    number = f"cast(substr(audit.record, {len(table) + 2}) as integer)"
    is_it = f"{table}.workspace_id = audit.workspace_id and {table}.id = {number}"
    project = f"select {column} from {table} where {is_it}"  # noqa: S608 - names of ours
    return f"update audit set project_id = ({project}) where record like '{table}:%'"  # noqa: S608 - names of ours


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"

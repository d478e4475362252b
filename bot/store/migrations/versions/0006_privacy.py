"""Privacy: people forgotten, data kept no longer than agreed

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
PARTS = ("all", "projects", "risks", "escalations", "reports", "audit", "me")
FORMS = ("csv", "xlsx", "json")

# Columns that held somebody's id in Slack: from now on they hold the number of that person's row.
PEOPLE = (("projects", "path_owner"), ("status_reports", "action_owner"))

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of people in records which row of `people` they are, and keep what forgetting and exporting need."""
    for table, column in PEOPLE:
        op.execute(_met(table, column))
        op.add_column(table, sa.Column(f"{column}_id", sa.Integer(), nullable=True))
        op.execute(_numbered(table, column))
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
            batch_op.create_foreign_key(
                op.f(f"fk_{table}_workspace_id_{column}_id"),
                "people",
                ["workspace_id", f"{column}_id"],
                ["workspace_id", "id"],
            )
    op.add_column("workspaces", sa.Column("purged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("workspaces", sa.Column("purged_rows", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_index(
        "ix_posts_withdrawn",
        "posts",
        ["created_at"],
        sqlite_where=sa.text("withdrawn = 1"),
        postgresql_where=sa.text("withdrawn"),
    )
    _create_exports()
    _create_forgotten()


def downgrade() -> None:
    """People in records by their ids in Slack again; who was forgotten goes by the pseudonym."""
    op.drop_index("ix_posts_withdrawn", "posts")
    op.drop_table("forgotten")
    op.drop_table("exports")
    op.drop_column("workspaces", "purged_rows")
    op.drop_column("workspaces", "purged_at")
    for table, column in reversed(PEOPLE):
        op.add_column(table, sa.Column(column, sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True))
        op.execute(_named(table, column))
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_workspace_id_{column}_id"), type_="foreignkey")
            batch_op.drop_column(f"{column}_id")


def _create_exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(*PARTS, name="part", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(*FORMS, name="form", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("file", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("is_uncertain", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("trouble", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("fk_exports_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_exports_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_due_at", "exports", ["due_at"], unique=False)


def _create_forgotten() -> None:
    op.create_table(
        "forgotten",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("forgotten_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("kept", JSON, nullable=True),
        sa.Column("kept_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("fk_forgotten_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_forgotten_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten")),
        sa.UniqueConstraint("person_id", name=op.f("uq_forgotten_person_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_forgotten_workspace_id_number")),
    )
    op.create_index("ix_forgotten_kept_until", "forgotten", ["kept_until"], unique=False)


def _met(table: str, column: str) -> str:
    """Know everybody who is named: whom we were not told of gets a row, and Slack is asked about them later."""
    is_known = f"select 1 from people p where p.workspace_id = t.workspace_id and p.slack_id = t.{column}"  # noqa: S608
    told = f"t.workspace_id, t.{column}, t.{column}, w.timezone, false, false, false"
    source = f"{table} t join workspaces w on w.id = t.workspace_id"
    columns = "workspace_id, slack_id, name, timezone, is_admin, is_guest, is_bot"
    unknown = f"select distinct {told} from {source} where t.{column} is not null and not exists ({is_known})"  # noqa: S608
    return f"insert into people ({columns}) {unknown}"


def _numbered(table: str, column: str) -> str:
    whose = f"p.workspace_id = {table}.workspace_id and p.slack_id = {table}.{column}"
    number = f"select p.id from people p where {whose}"  # noqa: S608 - names of ours
    return f"update {table} set {column}_id = ({number}) where {column} is not null"  # noqa: S608 - names of ours


def _named(table: str, column: str) -> str:
    slack_id = f"select p.slack_id from people p where p.id = {table}.{column}_id"  # noqa: S608 - names of ours
    return f"update {table} set {column} = ({slack_id}) where {column}_id is not null"  # noqa: S608 - names of ours

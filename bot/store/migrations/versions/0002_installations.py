"""Installations: whose bot speaks where

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
STATES = ("preparation", "design", "deployment", "operating", "exiting", "closed")
WHOLE_ORG = sa.text("team_id IS NULL")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A workspace may be a whole org, and may be removed; tokens have a table of their own."""
    state_before = sa.Enum(*STATES, name="state_before", native_enum=False, create_constraint=True, length=24)
    with op.batch_alter_table("workspaces") as batch_op:
        batch_op.alter_column("team_id", existing_type=sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True)
        batch_op.add_column(sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("state_before", state_before, nullable=True))
        batch_op.add_column(sa.Column("retention_days", sa.Integer(), server_default=sa.text("30"), nullable=False))
    with op.batch_alter_table("workspaces") as batch_op:
        batch_op.create_index(
            "uq_workspaces_enterprise_id_of_org",
            ["enterprise_id"],
            unique=True,
            sqlite_where=WHOLE_ORG,
            postgresql_where=WHOLE_ORG,
        )
    op.create_table(
        "installations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("app_id", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("token", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=True),
        sa.Column("refresh_token", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=True),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("renewing_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("lost_teams", JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("installed_by", sa.Integer(), nullable=True),
        sa.Column("installed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "installed_by"],
            ["people.workspace_id", "people.id"],
            name=op.f("fk_installations_workspace_id_installed_by"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_installations_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_installations_workspace_id")),
    )
    op.create_table(
        "install_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_install_states")),
        sa.UniqueConstraint("digest", name=op.f("uq_install_states_digest")),
    )


def downgrade() -> None:
    """Only while no org is installed as a whole."""
    op.drop_table("install_states")
    op.drop_table("installations")
    with op.batch_alter_table("workspaces") as batch_op:
        batch_op.drop_index("uq_workspaces_enterprise_id_of_org")
    with op.batch_alter_table("workspaces") as batch_op:
        batch_op.drop_constraint(op.f("ck_workspaces_state_before"), type_="check")
        batch_op.drop_column("retention_days")
        batch_op.drop_column("state_before")
        batch_op.drop_column("removed_at")
        batch_op.alter_column("team_id", existing_type=sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False)

"""Setting up: services, thresholds, where it stands

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TEXT, MOMENT = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
STEPS = (
    *("scope", "services", "roles", "defaults", "calendar", "tolerances"),
    *("register", "pilots", "digest", "go_live", "review"),
)
REGISTER_STATES = ("asked", "shown", "wanted", "imported", "refused", "dropped")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever is there already stays live, with every service on and the thresholds that rules had."""
    no_list = {"server_default": sa.text("'[]'"), "nullable": False}
    with op.batch_alter_table("workspaces") as batch_op:
        batch_op.add_column(sa.Column("scope", TEXT(length=3000), nullable=True))
        batch_op.add_column(sa.Column("sponsor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("services_off", JSON, **no_list))
        batch_op.add_column(sa.Column("tolerances", JSON, server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column("country", TEXT(length=24), nullable=True))
        batch_op.add_column(sa.Column("closed_days", JSON, **no_list))
        batch_op.add_column(sa.Column("cadence", TEXT(length=24), server_default="weekly_fr", nullable=False))
        batch_op.add_column(sa.Column("cadence_time", TEXT(length=5), server_default="15:00", nullable=False))
    with op.batch_alter_table("projects") as batch_op:
        batch_op.add_column(sa.Column("is_pilot", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "setup_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("step", _worded(STEPS, "step"), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_setup_steps_workspace_id")),
        _by_somebody("setup_steps"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_steps")),
        sa.UniqueConstraint("workspace_id", "step", name=op.f("uq_setup_steps_workspace_id_step")),
    )
    op.create_table(
        "register_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file_id", TEXT(length=32), nullable=False),
        sa.Column("name", TEXT(length=255), nullable=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("people", JSON, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("state", _worded(REGISTER_STATES, "register_state"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT(), nullable=True),
        sa.Column("asked_at", MOMENT(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_register_files_workspace_id")),
        _by_somebody("register_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_files")),
    )
    op.create_index("ix_register_files_due_at", "register_files", ["due_at"])


def downgrade() -> None:
    """Back to one way of working for everybody."""
    op.drop_index("ix_register_files_due_at", table_name="register_files")
    op.drop_table("register_files")
    op.drop_table("setup_steps")
    with op.batch_alter_table("projects") as batch_op:
        batch_op.drop_column("is_pilot")
    with op.batch_alter_table("workspaces") as batch_op:
        for name in ("cadence_time", "cadence", "closed_days", "country", "tolerances", "services_off"):
            batch_op.drop_column(name)
        batch_op.drop_column("sponsor_id")
        batch_op.drop_column("scope")


def _worded(words: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _by_somebody(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_workspace_id_person_id")
    return sa.ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name=name)

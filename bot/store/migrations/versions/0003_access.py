"""Access: scopes of roles, and confidential projects

Revision: 0003, after 0002.
"""

from collections.abc import Iterable

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
ROLES_BEFORE = ("pmo", "executive", "auditor", "manager", "deputy", "sponsor", "member", "colleague")
ROLES = ("admin", "analyst", "finance", "resource_owner", "support", *ROLES_BEFORE)
WIDE = sa.text("portfolio_id is null")

# The keys of posts that tell of one project: what they begin with, and the table whose number comes after it.
TELLING = (
    ("project", "projects", "id"),
    ("report", "projects", "id"),
    ("risk", "risks", "project_id"),
    ("escalation", "escalations", "project_id"),
    ("checkin", "checkins", "project_id"),
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Roles may be of a portfolio and may end, projects may be confidential, and posts know whose they are."""
    with op.batch_alter_table("people") as batch_op:
        for name in ("is_stranger", "is_first_admin"):
            batch_op.add_column(sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    _allow("role_grants", ROLES)
    _allow("project_roles", ROLES)
    with op.batch_alter_table("role_grants") as batch_op:
        batch_op.drop_constraint(op.f("uq_role_grants_person_id_role"), type_="unique")
        batch_op.add_column(sa.Column("portfolio_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_role_grants_workspace_id_portfolio_id"),
            "portfolios",
            ["workspace_id", "portfolio_id"],
            ["workspace_id", "id"],
        )
    with op.batch_alter_table("role_grants") as batch_op:
        batch_op.create_index(
            "uq_role_grants_person_id_role",
            ["person_id", "role"],
            unique=True,
            sqlite_where=WIDE,
            postgresql_where=WIDE,
        )
        batch_op.create_index(
            "uq_role_grants_person_id_role_portfolio_id", ["person_id", "role", "portfolio_id"], unique=True
        )
        batch_op.create_index("ix_role_grants_workspace_id_role", ["workspace_id", "role"])
    with op.batch_alter_table("projects") as batch_op:
        batch_op.add_column(sa.Column("confidential", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_projects_workspace_id_portfolio_id", ["workspace_id", "portfolio_id"])
        batch_op.create_index(
            "ix_projects_confidential",
            ["workspace_id"],
            sqlite_where=sa.text("confidential = 1"),
            postgresql_where=sa.text("confidential"),
        )
    with op.batch_alter_table("posts") as batch_op:
        batch_op.add_column(sa.Column("project_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_posts_workspace_id_project_id"),
            "projects",
            ["workspace_id", "project_id"],
            ["workspace_id", "id"],
        )
        batch_op.create_index("ix_posts_project_id", ["project_id"])
    with op.batch_alter_table("channels") as batch_op:
        batch_op.add_column(sa.Column("shared_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("shared_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("members", JSON, nullable=True))
        batch_op.add_column(sa.Column("members_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_channels_workspace_id_shared_by"),
            "people",
            ["workspace_id", "shared_by"],
            ["workspace_id", "id"],
        )
    op.create_table(
        "digest_projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "digest_id"],
            ["digests.workspace_id", "digests.id"],
            name=op.f("fk_digest_projects_workspace_id_digest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["projects.workspace_id", "projects.id"],
            name=op.f("fk_digest_projects_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_digest_projects_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_projects")),
        sa.UniqueConstraint("digest_id", "project_id", name=op.f("uq_digest_projects_digest_id_project_id")),
    )
    _say_whose_posts_are()


def downgrade() -> None:
    """Roles that were not known before, and those of a portfolio or for a time, are gone with their columns."""
    op.drop_table("digest_projects")
    with op.batch_alter_table("channels") as batch_op:
        batch_op.drop_constraint(op.f("fk_channels_workspace_id_shared_by"), type_="foreignkey")
        for name in ("seen_at", "members_at", "members", "shared_at", "shared_by"):
            batch_op.drop_column(name)
    with op.batch_alter_table("posts") as batch_op:
        batch_op.drop_index("ix_posts_project_id")
        batch_op.drop_constraint(op.f("fk_posts_workspace_id_project_id"), type_="foreignkey")
        batch_op.drop_column("project_id")
    with op.batch_alter_table("projects") as batch_op:
        batch_op.drop_index("ix_projects_confidential")
        batch_op.drop_index("ix_projects_workspace_id_portfolio_id")
        batch_op.drop_column("confidential")
    op.execute(sa.text("delete from role_grants where portfolio_id is not null or until is not null"))
    for table in ("role_grants", "project_roles"):
        op.execute(_roles(table).delete().where(_roles(table).c.role.not_in(ROLES_BEFORE)))
    with op.batch_alter_table("role_grants") as batch_op:
        batch_op.drop_index("ix_role_grants_workspace_id_role")
        batch_op.drop_index("uq_role_grants_person_id_role_portfolio_id")
        batch_op.drop_index("uq_role_grants_person_id_role")
    with op.batch_alter_table("role_grants") as batch_op:
        batch_op.drop_constraint(op.f("fk_role_grants_workspace_id_portfolio_id"), type_="foreignkey")
        batch_op.drop_column("until")
        batch_op.drop_column("portfolio_id")
        batch_op.create_unique_constraint(op.f("uq_role_grants_person_id_role"), ["person_id", "role"])
    _allow("project_roles", ROLES_BEFORE)
    _allow("role_grants", ROLES_BEFORE)
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_column("is_first_admin")
        batch_op.drop_column("is_stranger")


def _allow(table: str, roles: Iterable[str]) -> None:
    """Let a table hold these roles and no others."""
    words = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_role"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_role"), sa.text(f"role IN ({words})"))


def _roles(table: str) -> sa.TableClause:
    return sa.table(table, sa.column("role", sa.String()))


def _say_whose_posts_are() -> None:
    """Name the project of each post that tells of one: its key says which record it shows."""
    connection = op.get_bind()
    posts = sa.table("posts", sa.column("id"), sa.column("key"), sa.column("workspace_id"), sa.column("project_id"))
    for kind, table, whose in TELLING:
        rows = sa.table(table, sa.column("id"), sa.column("workspace_id"), sa.column(whose))
        known = {
            (workspace, number): project
            for workspace, number, project in connection.execute(
                sa.select(rows.c.workspace_id, rows.c.id, rows.c[whose])
            )
        }
        found = connection.execute(
            sa.select(posts.c.id, posts.c.workspace_id, posts.c.key).where(posts.c.key.like(f"{kind}:%"))
        )
        told = [
            {"post": number, "whose": known[workspace, int(key.split(":")[1])]}
            for number, workspace, key in found
            if key.split(":")[1].isdecimal() and (workspace, int(key.split(":")[1])) in known
        ]
        if told:
            this = posts.c.id == sa.bindparam("post")
            connection.execute(posts.update().where(this).values(project_id=sa.bindparam("whose")), told)

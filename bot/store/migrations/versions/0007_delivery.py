"""Delivery: what may wait, what may not, and what nobody knows the end of

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()
ENDS = ("said", "expired", "given_up", "uncertain", "dropped")
WAITING = sa.text("due_at IS NOT NULL")

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Posts have an order, a time and an end; lanes know when Slack said to wait; people have quiet hours."""
    with op.batch_alter_table("posts") as batch_op:
        batch_op.add_column(sa.Column("priority", sa.SmallInteger(), server_default=sa.text("1"), nullable=False))
        batch_op.add_column(sa.Column("any_hour", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("parts", sa.Integer(), server_default=sa.text("0"), nullable=False))
        for name in ("wanted_at", "not_before", "expires_at", "unsure_since", "ended_at"):
            batch_op.add_column(sa.Column(name, MOMENT, nullable=True))
        ended = sa.Enum(*ENDS, name="end", native_enum=False, create_constraint=True, length=24)
        batch_op.add_column(sa.Column("ended", ended, nullable=True))
    _say_how_posts_ended()
    with op.batch_alter_table("posts") as batch_op:
        batch_op.create_index(
            "ix_posts_order", ["priority", "due_at", "id"], sqlite_where=WAITING, postgresql_where=WAITING
        )
        batch_op.create_index(
            "ix_posts_order_at_address",
            ["workspace_id", "to", "priority", "id"],
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )
    with op.batch_alter_table("lanes") as batch_op:
        batch_op.add_column(sa.Column("limited_until", MOMENT, nullable=True))
        batch_op.create_index("ix_lanes_free_at", ["free_at"])
    for name, at in (("quiet_from", "18:00:00"), ("quiet_until", "08:30:00")):
        op.add_column("workspaces", sa.Column(name, sa.Time(), server_default=at, nullable=False))


def downgrade() -> None:
    """Posts say by their versions alone how far Slack has them."""
    with op.batch_alter_table("workspaces") as batch_op:
        batch_op.drop_column("quiet_until")
        batch_op.drop_column("quiet_from")
    with op.batch_alter_table("lanes") as batch_op:
        batch_op.drop_index("ix_lanes_free_at")
        batch_op.drop_column("limited_until")
    with op.batch_alter_table("posts") as batch_op:
        batch_op.drop_index("ix_posts_order_at_address")
        batch_op.drop_index("ix_posts_order")
        batch_op.drop_constraint(op.f("ck_posts_end"), type_="check")
        for name in ("ended", "ended_at", "unsure_since", "expires_at", "not_before", "wanted_at"):
            batch_op.drop_column(name)
        for name in ("parts", "any_hour", "priority"):
            batch_op.drop_column(name)


def _say_how_posts_ended() -> None:
    """What Slack has as it is wanted was said; what is not due any more and is not there was given up."""
    posts = sa.table(
        "posts",
        *(sa.column(name) for name in ("due_at", "lease_until", "version", "delivered_version")),
        *(sa.column(name) for name in ("delivered_at", "created_at", "unsure_since", "ts", "ended", "ended_at")),
    )
    has_ended = posts.c.due_at.is_(None)
    is_said = posts.c.version == posts.c.delivered_version
    said = sa.case((is_said, "said"), else_="given_up")
    ended_at = sa.func.coalesce(posts.c.delivered_at, posts.c.created_at)
    op.execute(posts.update().where(has_ended).values(ended=said, ended_at=ended_at))
    under_way = posts.c.lease_until.is_not(None) & posts.c.ts.is_(None)
    op.execute(posts.update().where(under_way).values(unsure_since=posts.c.created_at))

"""Prepared statements are behind the wall like all others."""

import pytest
from sqlalchemy import bindparam, delete, insert, select, text, update

from bot.store import Database, inside
from bot.store.prepared import Prepared
from bot.store.tables import AuditEntry, Portfolio
from bot.store.wall import HistoryRewritten, WallBreached
from tests.factories import NOW, a_portfolio, a_workspace

NAMED = Prepared(Portfolio, lambda portfolios: select(portfolios.c.name))
RENAME = Prepared(Portfolio, lambda portfolios: update(portfolios).values(name=bindparam("to")))
DROP = Prepared(Portfolio, delete)
ADD = Prepared(Portfolio, lambda portfolios: insert(portfolios).returning(portfolios.c.workspace_id))


def test_rows_of_other_workspaces_are_not_seen_changed_or_deleted(db: Database) -> None:
    ours, theirs = a_workspace(db), a_workspace(db)
    a_portfolio(db, ours, "Ours")
    a_portfolio(db, theirs, "Theirs")
    with db.transaction(ours.id) as session:
        assert NAMED(session).scalars().all() == ["Ours"]
        assert RENAME(session, to="Renamed").rowcount == 1
    with db.transaction(theirs.id) as session:
        assert NAMED(session).scalars().all() == ["Theirs"]
        assert DROP(session).rowcount == 1
    with db.reading(ours.id) as session:
        assert NAMED(session).scalars().all() == ["Renamed"]


def test_what_is_added_belongs_to_the_workspace_whatever_it_says(db: Database) -> None:
    ours, theirs = a_workspace(db), a_workspace(db)
    values = {"name": "Change", "state": "active", "created_at": NOW}
    with db.transaction(ours.id) as session:
        assert ADD(session, **values).scalar_one() == ours.id
        assert ADD(session, **values | {"name": "More", "workspace_id": theirs.id}).scalar_one() == ours.id


def test_without_a_workspace_nothing_runs(db: Database) -> None:
    ours = a_workspace(db)
    with db.across_workspaces() as session:
        with pytest.raises(WallBreached):
            NAMED(session)
        with inside(session, ours.id):
            assert NAMED(session).all() == []


def test_history_is_not_rewritten_and_raw_words_are_not_walled() -> None:
    with pytest.raises(HistoryRewritten):
        Prepared(AuditEntry, update)
    with pytest.raises(HistoryRewritten):
        Prepared(AuditEntry, delete)
    with pytest.raises(WallBreached):
        Prepared(Portfolio, lambda _: text("select 1"))

"""The wall: what a session of one workspace may see, add, change and delete."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Update, column, event, inspect
from sqlalchemy.orm import ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlmodel import Session

from bot.store import tables
from bot.store.tables.columns import Frozen, Walled

EVERYWHERE = 0
assert tables  # noqa: S101 - every table must be known before the next line
# SQLAlchemy tries the criterion below on the common base, which as a pydantic class without a table has no column.
type.__setattr__(Walled, "workspace_id", column("workspace_id"))


class WallBreached(RuntimeError):
    """Code reached for another workspace's row, or went around the wall: our bug, never a person's mistake."""


class HistoryRewritten(RuntimeError):
    """Code tried to change or delete a row that is history."""


class WalledSession(Session):
    """A session that belongs to the workspace in `info["workspace"]`, or to EVERYWHERE where that was asked for."""

    @property
    def workspace(self) -> int:
        """The workspace's id; EVERYWHERE when there is no wall."""
        return int(self.info["workspace"])


@event.listens_for(WalledSession, "do_orm_execute")
def _filter(state: ORMExecuteState) -> None:
    """Put the workspace on every statement; refuse what cannot carry it."""
    _keep_history(state)
    workspace = state.session.info["workspace"]
    if workspace == EVERYWHERE:
        return
    if not state.is_orm_statement:
        raise WallBreached("only statements on mapped rows can be walled")
    if state.is_insert:
        _stamp(state, workspace)
    elif not state.is_column_load and not state.is_relationship_load:
        state.statement = state.statement.options(
            with_loader_criteria(Walled, lambda row: row.workspace_id == workspace, include_aliases=True)
        )
    if isinstance(state.statement, Update):
        _stay_home(state.statement)


def _keep_history(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper and issubclass(state.bind_mapper.class_, Frozen):
        raise HistoryRewritten(state.bind_mapper.class_.__name__)


def _stamp(state: ORMExecuteState, workspace: int) -> None:
    """A bulk insert gets the workspace in each row that names none, and is refused when one names another."""
    rows = state.parameters
    if not isinstance(rows, list):
        raise WallBreached("insert rows as a list of values")
    for row in rows:
        if row.setdefault("workspace_id", workspace) != workspace:
            raise WallBreached("insert into another workspace")


def _stay_home(statement: Update) -> None:
    values = getattr(statement, "_values", None) or {}
    if any(getattr(column, "key", column) == "workspace_id" for column in values):
        raise WallBreached("a row cannot change its workspace")


@event.listens_for(WalledSession, "before_flush")
def _check(session: WalledSession, _context: UOWTransaction, _instances: object) -> None:
    """Rows added, changed or deleted as objects are held to the same wall."""
    workspace = session.workspace
    _refuse_rewriting(session)
    if workspace == EVERYWHERE:
        return
    for row in session.new:
        if isinstance(row, Walled) and row.workspace_id is None:
            row.workspace_id = workspace
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Walled) and (row.workspace_id != workspace or _moved(row)):
            raise WallBreached(type(row).__name__)


def _refuse_rewriting(session: Session) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in (*changed, *session.deleted):
        if isinstance(row, Frozen):
            raise HistoryRewritten(type(row).__name__)


def _moved(row: Walled) -> bool:
    history = inspect(row).attrs.workspace_id.history
    return bool(history.deleted)


@contextmanager
def inside(session: Session, workspace: int) -> Iterator[Session]:
    """Put up the wall of one workspace for a part of a session across workspaces, so that all verbs work in it."""
    before = session.info["workspace"]
    session.info["workspace"] = workspace
    try:
        yield session
        session.flush()
    finally:
        session.info["workspace"] = before

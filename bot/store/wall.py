"""The walls: what a session of one workspace may see, add, change and delete, and what it may see of it.

Inside the wall of a workspace stands another around each confidential project: a session of somebody whose it is not
has the project's number in `info["hidden"]`, and then neither it nor any row of it is there (decision 025).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Update, column, event, inspect
from sqlalchemy.orm import ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlmodel import Session

from bot.store import tables
from bot.store.tables.columns import Frozen, OfProject, Walled

EVERYWHERE = 0
assert tables  # noqa: S101 - every table must be known before the next line
# SQLAlchemy tries the criteria below on their common bases, which as pydantic classes without a table have no column.
type.__setattr__(Walled, "workspace_id", column("workspace_id"))
type.__setattr__(OfProject, "project_id", column("project_id"))


class WallBreached(RuntimeError):
    """Code reached for a row behind a wall, or went around one: our bug, never a person's mistake."""


class HistoryRewritten(RuntimeError):
    """Code tried to change or delete a row that is history."""


class WalledSession(Session):
    """A session that belongs to the workspace in `info["workspace"]`, or to EVERYWHERE where that was asked for."""

    @property
    def workspace(self) -> int:
        """The workspace's id; EVERYWHERE when there is no wall."""
        return int(self.info["workspace"])

    @property
    def hidden(self) -> Collection[int]:
        """The numbers of the confidential projects that are not there for whoever the session works for."""
        hidden: Collection[int] = self.info.get("hidden", ())
        return hidden


@event.listens_for(WalledSession, "do_orm_execute")
def _filter(state: ORMExecuteState) -> None:
    """Put the workspace on every statement; refuse what cannot carry it."""
    _keep_history(state)
    workspace = state.session.info["workspace"]
    if workspace == EVERYWHERE:
        return
    if not state.is_orm_statement:
        raise WallBreached("only statements on mapped rows can be walled")
    hidden = sorted(state.session.info.get("hidden", ()))
    if state.is_insert:
        _stamp(state, workspace, hidden)
    elif not state.is_column_load and not state.is_relationship_load:
        state.statement = state.statement.options(
            with_loader_criteria(Walled, lambda row: row.workspace_id == workspace, include_aliases=True)
        )
        if hidden:
            state.statement = state.statement.options(
                with_loader_criteria(OfProject, lambda row: row.outside(hidden), include_aliases=True)
            )
    if isinstance(state.statement, Update):
        _stay_home(state.statement)


def _keep_history(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper and issubclass(state.bind_mapper.class_, Frozen):
        raise HistoryRewritten(state.bind_mapper.class_.__name__)


def _stamp(state: ORMExecuteState, workspace: int, hidden: Collection[int]) -> None:
    """A bulk insert gets the workspace in each row that names none; one that names what is behind a wall is refused."""
    rows = state.parameters
    if not isinstance(rows, list):
        raise WallBreached("insert rows as a list of values")
    for row in rows:
        if row.setdefault("workspace_id", workspace) != workspace:
            raise WallBreached("insert into another workspace")
        if row.get("project_id") in hidden:
            raise WallBreached("insert into a hidden project")


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
        if isinstance(row, OfProject) and row.whose in session.hidden:
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
def inside(session: Session, workspace: int, *, hidden: Collection[int] = ()) -> Iterator[Session]:
    """Put up the wall of one workspace for a part of a session across workspaces, so that all verbs work in it.

    `hidden` are the confidential projects that are not there for whoever is to read what is made.
    """
    with _informed(session, workspace=workspace, hidden=hidden):
        yield session
        session.flush()


@contextmanager
def beyond(session: Session) -> Iterator[Session]:
    """See what is hidden from whoever the session works for, to decide something that they are not told."""
    with _informed(session, hidden=()):
        yield session


@contextmanager
def _informed(session: Session, **known: Any) -> Iterator[None]:
    before = {name: session.info.get(name, ()) for name in known}
    session.info.update(known)
    try:
        yield
    finally:
        session.info.update(before)

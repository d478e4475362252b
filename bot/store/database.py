"""The database: engines, and the only two ways to a session."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock, RLock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

from bot.rules.actors import Actor
from bot.rules.audit import CLOCK
from bot.store import inbox, migrations
from bot.store.prepared import Glance
from bot.store.wall import EVERYWHERE, WalledSession

SQLITE_BUSY_MS = 10_000


class Database:
    """One database on SQLite or PostgreSQL; transactions belong to a workspace unless they say otherwise."""

    def __init__(self, url: str, *, pool: int = 20) -> None:
        self.url = make_url(url)
        self._writing = _engine(self.url, pool, begin="BEGIN IMMEDIATE")
        self._reading = self._reader(pool)
        self._flush = GroupFlush(f"{self.url.database}-wal").flush if self.is_sqlite else _already_durable
        # SQLite lets one write, and those who wait for it there sleep for longer and longer: here they stand in line.
        self._turn: AbstractContextManager[Any] = RLock() if self.is_sqlite else nullcontext()

    def _reader(self, pool: int) -> Engine:
        """SQLite reads beside the one who writes; PostgreSQL needs no transaction to read, and is spared its ends."""
        if self.is_sqlite:
            return _engine(self.url, pool, begin="BEGIN")
        return self._writing.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the one-file engine, where one writer works at a time."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def transaction(
        self, whose: int | Actor, *, once: str | None = None, now: datetime | None = None, via: str = CLOCK
    ) -> Iterator[WalledSession]:
        """Write within one workspace, that of whoever acts where somebody does: all of it or nothing.

        With `once` (and `now`) the work happens one time only: whoever comes again with the same key gets
        `Repeated` with the answer that was kept. Where nobody acts, `via` is what the audit trail says instead.
        """
        with self._turn, self._session(self._writing, whose, via) as session:
            if once is not None and now is not None:
                inbox.take(session, once, now=now)
            yield session
            session.commit()
        self._flush()

    @contextmanager
    def reading(self, whose: int | Actor) -> Iterator[WalledSession]:
        """Read within one workspace, that of whoever acts where somebody does, without holding up who writes."""
        with self._session(self._reading, whose) as session:
            yield session

    @contextmanager
    def snapshot(self, whose: int | Actor) -> Iterator[WalledSession]:
        """Read within one workspace as it is at one moment, however long that takes: SQLite's readers do so anyway."""
        engine = self._reading
        if not self.is_sqlite:
            engine = self._writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with self._session(engine, whose) as session:
            yield session

    @contextmanager
    def glancing(self, workspace: int) -> Iterator[Glance]:
        """Run prepared statements within one workspace that change nothing: what every click begins with."""
        with self._reading.connect() as connection:
            yield Glance(connection, workspace)

    @contextmanager
    def across_workspaces(self, *, via: str = CLOCK) -> Iterator[WalledSession]:
        """Write without a wall: for the clock's work, which is found by due time in all workspaces at once."""
        with self._turn, self._session(self._writing, EVERYWHERE, via) as session:
            yield session
            session.commit()
        self._flush()

    @contextmanager
    def _session(self, engine: Engine, whose: int | Actor, via: str = CLOCK) -> Iterator[WalledSession]:
        actor = whose if isinstance(whose, Actor) else None
        workspace = whose if isinstance(whose, int) else whose.workspace
        hidden = actor.hidden if actor else frozenset[int]()
        info = {"workspace": workspace, "actor": actor, "hidden": hidden, "via": via}
        with WalledSession(engine, info=info, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def reading_across(self) -> Iterator[WalledSession]:
        """Read without a wall, and without holding up who writes: for what is asked before it is known whose it is."""
        with self._session(self._reading, EVERYWHERE) as session:
            yield session

    def upgrade(self) -> None:
        """Apply the migrations that are still to come; several processes may ask at once.

        SQLite changes a table by putting another in its place, which its foreign keys and triggers must not hear of:
        they are off or left unread meanwhile, and the keys looked at before the end.
        """
        with self._writing.connect() as connection, self._deaf_to_foreign_keys(connection):
            migrations.upgrade(connection)

    @contextmanager
    def _deaf_to_foreign_keys(self, connection: Connection) -> Iterator[None]:
        """Outside a transaction, for inside one SQLite ignores the pragma without a word."""
        raw: Any = connection.connection.driver_connection
        if self.is_sqlite:
            raw.executescript("PRAGMA foreign_keys=OFF; PRAGMA legacy_alter_table=ON").close()
        try:
            yield
        finally:
            if self.is_sqlite:
                raw.executescript("PRAGMA foreign_keys=ON; PRAGMA legacy_alter_table=OFF").close()

    def is_current(self) -> bool:
        """Whether every migration has been applied; raises when the database cannot be reached."""
        with self._reading.connect() as connection:
            return migrations.is_current(connection)

    def faults(self) -> list[str]:
        """What SQLite finds broken in its file, and rows that point nowhere; PostgreSQL sees to both by itself."""
        if not self.is_sqlite:
            return []
        with self._reading.connect() as connection:
            broken = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
            return broken + migrations.lost(connection)

    def backup(self, target: Path) -> None:
        """Copy a SQLite database, consistently and while it is in use; PostgreSQL has pg_dump for that."""
        with self._reading.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))

    def close(self) -> None:
        """Let all connections go."""
        self._writing.dispose()
        self._reading.dispose()


class GroupFlush:
    """Makes commits of SQLite survive a power cut, all that wait at a time with one flush to the disk.

    Left to SQLite itself (`synchronous=FULL`) each commit is flushed alone while the others queue: on a disk that
    takes 5 ms that is 200 commits a second at the most, whoever waits.
    """

    def __init__(self, log: str) -> None:
        self._log = log
        self._asked = 0
        self._done = 0
        self._asking = Lock()
        self._flushing = Lock()

    def flush(self) -> None:
        """Return once everything committed before this call is on the disk."""
        self.wait(self.ask())

    def ask(self) -> int:
        """Take a ticket: what was committed before it is flushed by the next flush that begins."""
        with self._asking:
            self._asked += 1
            return self._asked

    def wait(self, ticket: int) -> None:
        """Return once a flush that began after the ticket was taken has ended; make it unless somebody did."""
        with self._flushing:
            if self._done >= ticket:
                return
            upto = self._asked
            self._to_disk()
            self._done = upto

    def _to_disk(self) -> None:
        """Flush the write-ahead log; where there is none, SQLite has flushed and removed it."""
        with suppress(FileNotFoundError):
            file = os.open(self._log, os.O_RDONLY)
            try:
                os.fsync(file)
            finally:
                os.close(file)


def _already_durable() -> None:
    """PostgreSQL's commit has flushed, many at a time."""


def _engine(url: URL, pool: int, *, begin: str) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, pool_size=pool, max_overflow=10, hide_parameters=True)
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_with(begin))
        return engine
    return create_engine(url, pool_size=pool, max_overflow=10, pool_pre_ping=True, hide_parameters=True)


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Leave BEGIN to us (pysqlite's own loses updates), wait for a busy file, hold foreign keys; see GroupFlush."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={SQLITE_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_with(statement: str) -> Any:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin

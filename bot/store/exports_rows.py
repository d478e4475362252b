"""Exports: every table of a workspace, row by row, however many there are; and who has to be named in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import IO, Any, Final, TypeVar

import sqlalchemy
from sqlalchemy import ForeignKeyConstraint, Table, or_
from sqlmodel import Session, SQLModel, col, select

from bot.rules import exports, forgetting, workbooks
from bot.rules.exports import Form, Part
from bot.store import exports_register
from bot.store.tables import Person, Workspace
from bot.store.tables.columns import Frozen, Walled

PAGE: Final = 2_000
"""How many rows are in memory at a time."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "inbox": "answers kept for three days, so that what comes twice is answered alike",
    "lanes": "when Slack may be spoken to again",
    "forgotten": "what brings a forgotten name back",
    "installations": "the tokens the bot speaks with",
    "audit_unsealed": "a queue of a few seconds, empty when all is sealed",
    "register_files.content": "a file that somebody dropped, kept until it is imported: they have it",
    "posts.wanted": "what was said is in the records, and what was said to one person is theirs",
}
"""Tables, and columns, that no export holds, and why not; whatever else is walled is in all of them."""

PARTS: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.PROJECTS: ("projects",),
    Part.RISKS: ("risks",),
    Part.ESCALATIONS: ("escalations",),
    Part.REPORTS: ("status_reports",),
    Part.AUDIT: ("audit", "audit_seals"),
}
"""The tables of each part that is not the whole."""

NAMED_BY: Final[Mapping[str, str]] = {
    "people": "name",
    "projects": "key",
    "portfolios": "name",
    "digests": "name",
    "risks": "ref",
    "escalations": "ref",
}
"""By what people know a row of a table that others point to."""

Row = dict[str, Any]
Readable = tuple[str, list[str], Iterator[list[Any]]]
T = TypeVar("T")


@cache
def exported() -> Mapping[str, type[Walled]]:
    """Every table that is exported, parents before children, by its name."""
    return {str(each.__tablename__): each for each in walled() if each.__tablename__ not in LEFT_OUT}


@cache
def walled() -> Sequence[type[Walled]]:
    """Every table whose rows belong to a workspace, parents before children."""
    mapped = {table.name: kind for kind in _below(Walled) if (table := getattr(kind, "__table__", None)) is not None}
    return [mapped[table.name] for table in SQLModel.metadata.sorted_tables if table.name in mapped]


def of_part(part: Part) -> Sequence[str]:
    """The names of the tables of a part; what is somebody's own is where somebody can be pointed to."""
    if part is Part.MINE:
        return ["people", *(name for name, kind in exported().items() if "people" in _parents(kind).values())]
    return PARTS.get(part, tuple(exported()))


class Count:
    """How many rows went by."""

    def __init__(self) -> None:
        self.rows = 0

    def of(self, rows: Iterable[T]) -> Iterator[T]:
        """The same rows, counted as they go."""
        for row in rows:
            self.rows += 1
            yield row


def tables(session: Session, part: Part, count: Count, *, of: int | None = None) -> Iterator[Readable]:
    """The tables of a part as people read them: name, titles, rows; the projects as a register that can come back."""
    names = Names(session)
    if part is Part.ALL:
        settings = about(session)
        yield "settings", [*settings], count.of([[*settings.values()]])
    for table in of_part(part):
        if table == "projects" and of is None:
            yield table, exports_register.titles(), count.of(exports_register.rows(session, names.name))
        else:
            told = (names.told(table, row) for row in rows(session, table, of=of))
            yield table, titles(table), count.of(told)


def plain_tables(session: Session, part: Part, count: Count, *, of: int | None = None) -> Iterator[tuple[str, Any]]:
    """The tables of a part as they are kept, with nothing added: name and rows."""
    for table in of_part(part):
        yield table, count.of(rows(session, table, of=of))


def about(session: Session) -> Row:
    """The workspace's own row: its settings."""
    workspace = session.exec(select(Workspace).where(Workspace.id == session.info["workspace"])).one()
    return {name: getattr(workspace, name) for name in Workspace.model_fields}


def rows(session: Session, table: str, *, of: int | None = None) -> Iterator[Row]:
    """The rows of a table as they are kept, in the order they came; with `of` only those that point to that person."""
    kind = exported()[table]
    names = [name for name in _names(kind) if f"{table}.{name}" not in LEFT_OUT]
    columns = [getattr(kind, name) for name in names]
    theirs = [*_seen(session, kind), *([] if of is None else [_points_to(kind, of)])]
    show = _veil(session) if issubclass(kind, Frozen) else _as_it_is
    after = 0
    while page := session.execute(
        sqlalchemy.select(*columns).where(col(kind.id) > after, *theirs).order_by(col(kind.id)).limit(PAGE)
    ).all():
        for values in page:
            yield {name: show(value) for name, value in zip(names, values, strict=True)}
        after = page[-1].id


def titles(table: str) -> list[str]:
    """The titles of a table's columns where people read it: beside each number stands what it means."""
    kind = exported()[table]
    told = list[str]()
    for name in _names(kind):
        if f"{table}.{name}" not in LEFT_OUT:
            told += [name, _beside(name)] if name in _parents(kind) else [name]
    return told


def write(session: Session, part: Part, form: Form, into: IO[bytes], *, now: datetime, of: int | None = None) -> Count:
    """Write a part of the workspace as one file of a form; how many rows there are in it."""
    count = Count()
    if form is Form.JSON:
        lines = exports.json_lines(heading(session, now), plain_tables(session, part, count, of=of))
        exports.write_text(lines, into)
    else:
        write_tables = exports.write_csv if form is Form.CSV else workbooks.write
        write_tables(tables(session, part, count, of=of), into)
    return count


def heading(session: Session, now: datetime) -> Row:
    """What a JSON export says of itself: whose it is, as of when, and what was left out of it."""
    whose = {name: exports.plain(value) for name, value in about(session).items()}
    return {"format": "pmo-bot", "version": 1, "as_of": now.isoformat(), "workspace": whose, "left_out": {**LEFT_OUT}}


class Names:
    """What the numbers in rows mean, each table's names read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, Mapping[int, str]] = {}

    def told(self, table: str, row: Row) -> list[Any]:
        """The values of a row in the order of `titles`."""
        parents = _parents(exported()[table])
        values = list[Any]()
        for name, value in row.items():
            values += [value, self.name(parents[name], value)] if name in parents else [value]
        return values

    def name(self, table: str, number: int | None) -> str | None:
        """What people call the row of a table with this number; None for none."""
        if number is None:
            return None
        if table not in self._known:
            kind = exported()[table]
            query = sqlalchemy.select(col(kind.id), getattr(kind, NAMED_BY[table]))
            self._known[table] = {row[0]: row[1] for row in self._session.execute(query)}
        return self._known[table].get(number)


# --- what tables are -----------------------------------------------------------------------------------------


def _below(kind: type[Walled]) -> Iterator[type[Walled]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _table(kind: type[Walled]) -> Table:
    table: Table = kind.__table__  # type: ignore[attr-defined]
    return table


def _names(kind: type[Walled]) -> list[str]:
    return [column.key for column in _table(kind).columns]


@cache
def _parents(kind: type[Walled]) -> Mapping[str, str]:
    """The columns that point to a row which has a name, and the table that it is in."""
    return {
        key.column_keys[-1]: key.referred_table.name
        for key in _table(kind).constraints
        if isinstance(key, ForeignKeyConstraint) and key.referred_table.name in NAMED_BY
    }


def _points_to(kind: type[Walled], person: int) -> Any:
    """That a row is the person's own, or has the person in one of its columns."""
    if kind is Person:
        return col(Person.id) == person
    return or_(*(getattr(kind, name) == person for name, parent in _parents(kind).items() if parent == "people"))


def _seen(session: Session, kind: type[Walled]) -> list[Any]:
    """That whoever acts may know of the project that a row tells of, for tables that do not see to it themselves."""
    hidden = getattr(session.info.get("actor"), "hidden", None)
    if not hidden or "project_id" not in _table(kind).columns:
        return []
    number: Any = kind.project_id  # type: ignore[attr-defined]
    return [number.is_(None) | number.not_in(hidden)]


def _beside(name: str) -> str:
    return name.removesuffix("_id") if name.endswith("_id") else f"{name}_name"


def _as_it_is(value: Any) -> Any:
    return value


def _veil(session: Session) -> Callable[[Any], Any]:
    """How history is shown: an id in it that is nobody's any more is a former colleague's."""
    known = frozenset(session.exec(select(Person.slack_id)))

    def show(value: Any) -> Any:
        if isinstance(value, str):
            return forgetting.veiled(value, known)
        if isinstance(value, dict):
            return {name: show(each) for name, each in value.items()}
        return [show(each) for each in value] if isinstance(value, list) else value

    return show

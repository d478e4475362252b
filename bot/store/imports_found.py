"""Imports: which project an entry of a register means, among those that are there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlmodel import Session, col, select

from bot.rules.registers.cells import normalised
from bot.rules.registers.entries import ProjectEntry, same_id
from bot.store.tables import Project

AT_ONCE: Final = 1_000
"""How many rows are asked for by their numbers or keys in one query."""

T = TypeVar("T")


@dataclass(slots=True)
class Pair:
    """A project as the register tells it, its row, and what the import changed of it: `{column: (old, new)}`."""

    entry: ProjectEntry
    project: Project
    is_new: bool = False
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A value of the register that has no place in this workspace: where it stands, its field, and why."""

    place: str
    field: str
    value: str
    why: str

    def __str__(self) -> str:
        return f'{self.place}, {self.field}: "{self.value}" {self.why}'


class _Known:
    """The projects that are there, by identity, key and name; each is found once."""

    def __init__(self, session: Session) -> None:
        rows = session.exec(select(Project).order_by(col(Project.id)).with_for_update()).all()
        self.keys = frozenset(project.key for project in rows)
        self._by_identity = {project.identity: project for project in rows if project.identity}
        self._by_key = {project.key: project for project in rows}
        self._by_name: dict[str, list[Project]] = {}
        for project in rows:
            self._by_name.setdefault(normalised(project.name), []).append(project)
        self._found: set[int] = set()

    def identified(self, entry: ProjectEntry) -> Project | None:
        """The project that has the entry's identity, or None."""
        return self._taken(filter(None, [self._by_identity.get(entry.identity)]))

    def named(self, entry: ProjectEntry) -> Project | None:
        """The project that has the entry's key or one of its names, and no id that says otherwise; or None."""
        by_name = [project for name in _names(entry) for project in self._by_name.get(name, [])]
        meant = [project for project in by_name if same_id(entry.external_id, _external_id(project))]
        return self._taken([*filter(None, [self._by_key.get(entry.key or "")]), *meant])

    def left(self, entry: ProjectEntry) -> Iterator[Unplaced]:
        """Projects that no entry means and that have a former name of this one: they may be one, and stay two."""
        for name in entry.former_names:
            for project in self._by_name.get(normalised(name), []):
                if project.id not in self._found and not _external_id(project):
                    why = f"is what this project was called once, and a project here: {project.key}"
                    yield Unplaced(entry.place, "name", name, why)

    def _taken(self, candidates: Iterable[Project]) -> Project | None:
        project = next((each for each in candidates if each.id not in self._found), None)
        if project is not None:
            self._found.add(project.id)
        return project


def _names(entry: ProjectEntry) -> list[str]:
    return [normalised(name) for name in (entry.name, *entry.former_names)]


def _external_id(project: Project) -> str | None:
    kind, _, known = (project.identity or "").partition(":")
    return known if kind == "id" else None


@dataclass(frozen=True, slots=True)
class Found:
    """The project that each entry means, or None; all keys in use; and which projects may be one and are not."""

    projects: tuple[Project | None, ...]
    keys: frozenset[str]
    doubtful: tuple[Unplaced, ...]


def find(session: Session, entries: Sequence[ProjectEntry]) -> Found:
    """Find the projects of a register among those that are there, which are held until the transaction ends."""
    known = _Known(session)
    certain = [known.identified(entry) for entry in entries]
    found = tuple(project or known.named(entry) for entry, project in zip(entries, certain, strict=True))
    return Found(found, known.keys, tuple(each for entry in entries for each in known.left(entry)))


def list_with_keys(session: Session, keys: Sequence[str]) -> Iterator[Project]:
    """The projects with these keys, in no order."""
    for some in parts(keys):
        yield from session.exec(select(Project).where(col(Project.key).in_(some)))


def parts(wanted: Sequence[T]) -> Iterator[Sequence[T]]:
    """What is asked for, in as many queries as an engine's limit of values makes it."""
    return (wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE))

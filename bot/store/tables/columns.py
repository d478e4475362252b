"""Column types: ranked enums that compare, worded enums that are checked, exact money, and rows behind the wall."""

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from enum import IntEnum, StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, BigInteger, Dialect, Enum, ForeignKeyConstraint, SmallInteger, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

W = TypeVar("W", bound="Walled")
CENTS = Decimal(100)
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Ranked(TypeDecorator[IntEnum]):
    """An enum kept as its rank, so that `>=` and `order by` mean what they say in SQL too."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, ranks: type[IntEnum]) -> None:
        super().__init__()
        self.ranks = ranks

    def process_bind_param(self, value: IntEnum | None, _dialect: Dialect) -> int | None:
        """Keep the rank; a number that is no rank raises ValueError."""
        return None if value is None else int(self.ranks(value))

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Any:
        """Give back the member."""
        return None if value is None else self.ranks(value)


class Money(TypeDecorator[Decimal]):
    """An amount kept in whole hundredths of its currency's unit: sums are exact on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """Round half to even, once, on the way in."""
        return None if value is None else int((value * CENTS).to_integral_value(ROUND_HALF_EVEN))

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        """Give back units with two places."""
        return None if value is None else (Decimal(value) / CENTS).quantize(Decimal("0.01"))


def worded(words: type[StrEnum], name: str = "") -> Enum:
    """An enum kept as its word under a CHECK (named, where a table has two of a kind); others raise LookupError."""
    name = name or "".join("_" + c.lower() if c.isupper() else c for c in words.__name__).lstrip("_")
    return Enum(
        words,
        name=name,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=24,
    )


class Row(SQLModel):
    """A row with a number of its own."""

    id: int = Field(default=None, primary_key=True)


class Walled(Row):
    """A row that belongs to one workspace; a session of another one can neither see nor touch it."""

    workspace_id: int = Field(default=None, foreign_key="workspaces.id")


class OfProject(Walled):
    """A row that is a project's; a session shows it to those only who may see that project."""

    @classmethod
    def outside(cls, hidden: Collection[int]) -> Any:
        """The condition that a row is of none of these projects."""
        return cls.project_id.not_in(hidden)  # type: ignore[attr-defined]

    @property
    def whose(self) -> int | None:
        """The number of the project that the row is of."""
        number: int | None = self.project_id  # type: ignore[attr-defined]
        return number


class PerhapsOfProject(OfProject):
    """A row that may be a project's, or nobody's in particular."""

    @classmethod
    def outside(cls, hidden: Collection[int]) -> Any:
        """The condition that a row is of none of these projects, or of no project."""
        return cls.project_id.is_(None) | cls.project_id.not_in(hidden)  # type: ignore[attr-defined]


class Frozen(Walled):
    """A row that is history: it is added and never changed (design rule: history is not rewritten)."""


def within(parent: str, column: str) -> ForeignKeyConstraint:
    """A reference that cannot leave the workspace: the parent must be in the same one."""
    return ForeignKeyConstraint(["workspace_id", column], [f"{parent}.workspace_id", f"{parent}.id"])


_BLANK: dict[type, dict[str, Any]] = {}


def written(row: type[W], values: Mapping[str, Any]) -> W:
    """A row that a prepared statement has just written, to be read; no session knows it, and none may be given it.

    Making it as an object that a session could track costs more than writing it.
    """
    made: W = row.__new__(row)
    made.__dict__.update(_BLANK.setdefault(row, dict.fromkeys(row.model_fields)), **values)
    return made

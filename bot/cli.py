"""The command line: pmo-bot. Exit codes: 0 done, 1 refused or failed, 2 wrong usage."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import Refused

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.cli_doctor import Finding
    from bot.settings import Settings
    from bot.store import Database

app = typer.Typer(
    name="pmo-bot",
    help="PMO Bot: a project management office that lives in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(help="The database: migrations, integrity, a copy.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(database, name="db")
imports = typer.Typer(help="Registers from CSV or XLSX files.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(imports, name="import")
keys = typer.Typer(help="The keys that stored tokens are sealed with.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(keys, name="keys")


def main() -> None:
    """Run one command; what somebody can mend is said in words, without a traceback."""
    try:
        app()
    except Refused as refused:
        typer.echo(refused.message, err=True)
        raise SystemExit(1) from None


@app.command()
def run(*, migrate: Annotated[bool, typer.Option(help="Apply pending migrations first.")] = True) -> None:
    """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, else HTTP."""
    bot = _make_bot(_load(to_serve=True))
    with closing(bot.db):
        _reach(bot.db)
        if migrate:
            bot.db.upgrade()
        _be_current(bot.db)
        bot.serve()


@app.command()
def playground(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where its page is.")] = 3000,
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what was there before.")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Leave the sample workspace out.")] = False,
) -> None:
    """Run the bot in a local Slack with its own page: no account needed."""
    from bot.playground.start import main as start

    try:
        start(port=port, fresh=fresh, empty=empty, say=typer.echo)
    except OSError as error:
        raise Refused(f"Cannot listen on port {port} ({error.strerror}). Name another with --port.") from error


@app.command()
def tick(
    now: Annotated[str, typer.Option(metavar="ISO8601", help="The moment, with its zone; now when left out.")] = "",
) -> None:
    """Do once everything that is due at that moment, delivery included; print how much of each."""
    moment = _moment(now)
    bot = _make_bot(_load(to_serve=True))
    try:
        _be_current(bot.db)
        bot.meet()
        counts = bot.tick(moment or bot.clock())
    finally:
        bot.stop()
    typer.echo(json.dumps(counts))
    if counts["failed"]:
        raise typer.Exit(1)


@database.command()
def upgrade() -> None:
    """Apply the migrations that are still to come."""
    with closing(_open_database(_load())) as db:
        db.upgrade()
    typer.echo("The database is up to date.")


@database.command()
def check() -> None:
    """Say whether every migration has been applied, and whether the file is sound."""
    with closing(_open_database(_load())) as db:
        _be_current(db)
        faults = db.faults()
    if faults:
        raise Refused("\n".join(["The database is damaged; put a backup in its place:", *faults]))
    typer.echo("The database is up to date and sound.")


@database.command()
def backup(file: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Copy a SQLite database while it is in use; PostgreSQL has pg_dump for that."""
    with closing(_open_database(_load())) as db:
        if not db.is_sqlite:
            raise Refused("This database is PostgreSQL: copy it with pg_dump.")
        if file.exists():
            raise Refused(f"{file} is there already: name another file.")
        db.backup(file)
    typer.echo(f"Copied to {file}.")


@keys.command()
def new() -> None:
    """Print a key for PMO_ENCRYPTION_KEYS that nobody has seen before."""
    from bot import vault

    typer.echo(vault.new_key())


@keys.command()
def rotate() -> None:
    """Seal all stored tokens anew with the first key of PMO_ENCRYPTION_KEYS; the others are dispensable after that."""
    from bot.installations.resealing import reseal
    from bot.vault import Vault

    settings = _load()
    held = settings.pmo_encryption_keys
    with closing(_open_database(settings)) as db:
        _be_current(db)
        count = reseal(db, Vault(held.get_secret_value() if held else ""))
    typer.echo(f"The tokens of {count} workspace{'' if count == 1 else 's'} are sealed with the first key.")


@imports.command("projects")
def import_projects(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV or XLSX file.")],
    workspace: Annotated[
        list[str] | None, typer.Option(metavar="T...", help="Which workspace, by its Slack id.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help="What a column tells.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="The day it tells of, where no column says so."),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Name every project that is added or changed.")] = False,
) -> None:
    """Import a register of projects; importing it again changes nothing."""
    from bot import cli_import
    from bot.app import utc_now

    mapping = _mapping(column or [])
    db = _open_database(_load())
    _be_current(db)
    told = cli_import.projects(
        db,
        file,
        teams=workspace or [],
        mapping=mapping,
        as_of=as_of.date() if as_of else None,
        now=utc_now(),
        dry_run=dry_run,
        show_all=show_all,
    )
    for line in told:
        typer.echo(line)
    db.close()


@app.command()
def export(
    into: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or is empty.")],
    workspace: Annotated[
        list[str] | None, typer.Option(metavar="T...", help="Which workspace, by its Slack id; all when left out.")
    ] = None,
) -> None:
    """Write everything of a workspace as CSV files and one JSON file; tokens are left out."""
    from bot import cli_export
    from bot.app import utc_now

    with closing(_open_database(_load())) as db:
        _be_current(db)
        for line in cli_export.export(db, into, teams=workspace or [], now=utc_now()):
            typer.echo(line)


@app.command()
def purge(
    workspace: Annotated[str, typer.Option(metavar="T...", help="Which workspace, by its Slack id.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False,
    even_installed: Annotated[
        bool, typer.Option("--even-installed", help="Although nobody removed the bot there.")
    ] = False,
) -> None:
    """Delete everything of a workspace at once, whatever the time it was to be kept; nothing brings it back."""
    from bot import cli_export
    from bot.app import utc_now

    with closing(_open_database(_load())) as db:
        _be_current(db)
        found, rows = cli_export.purge(db, workspace, even_installed=even_installed)
        if not yes and not typer.confirm(f"Delete {rows:,} rows of {found.name}? Nothing brings them back."):
            raise Refused("Nothing was deleted.")
        typer.echo(f"Deleted {cli_export.delete(db, found, now=utc_now()):,} rows of {found.name}.")


@app.command()
def manifest(url: Annotated[str, typer.Option(help="The bot's public address, https://...")] = "") -> None:
    """Print the app manifest for Slack: for Socket Mode, or with a URL for HTTP and OAuth."""
    import yaml

    from bot import manifest

    if url and not url.startswith("https://"):
        raise typer.BadParameter("Slack wants an address that starts with https://", param_hint="--url")
    told = manifest.read(url.rstrip("/"))
    typer.echo(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100), nl=False)


@app.command()
def doctor() -> None:
    """Check settings, database, token, scopes, clock, queue and audit trail; say what to mend."""
    found = list(_findings())
    for each in found:
        typer.echo(f"{'ok  ' if each.sound else 'MEND'}  {each.name}: {each.said}")
    if not all(each.sound for each in found):
        raise typer.Exit(1)


def _findings() -> "Iterator[Finding]":
    """Each thing that is looked at; what cannot be looked at yet is left out."""
    from bot.cli_doctor import Finding, of_audit, of_installations, of_slack, of_work, tried

    settings, said = tried(lambda: _load(to_serve=True))
    yield Finding("settings", said or f"complete, for {settings.mode}", sound=not said)
    if said:
        return
    bot = _make_bot(settings)
    current, said = tried(lambda: _reach(bot.db))
    yield Finding("database", said or ("up to date" if current else "run pmo-bot db upgrade"), sound=bool(current))
    if settings.slack_bot_token is not None:
        yield from of_slack(bot)
    if current:
        yield from of_installations(bot)
        yield from of_work(bot.db)
        yield from of_audit(bot.db, bot.clock())
    bot.stop()


def _load(*, to_serve: bool = False) -> "Settings":
    from bot import logs, settings

    loaded = settings.load(to_serve=to_serve)
    logs.configure(loaded.log_level, loaded.log_format)
    return loaded


def _make_bot(settings: "Settings") -> "Bot":
    from bot.app import make_bot

    return make_bot(settings)


def _open_database(settings: "Settings") -> "Database":
    from bot.store import Database

    db = Database(settings.database_url)
    _reach(db)
    return db


def _reach(db: "Database") -> bool:
    """Whether the database is up to date; Refused when it cannot be reached."""
    with ThreadPoolExecutor(1) as asking:
        answer = asking.submit(db.is_current)
    trouble = answer.exception()
    if trouble is not None:
        raise Refused(f"The database cannot be reached ({type(trouble).__name__}). Check DATABASE_URL.")
    return answer.result()


def _be_current(db: "Database") -> None:
    if not _reach(db):
        raise Refused("The database is not up to date. Run: pmo-bot db upgrade")


def _mapping(given: list[str]) -> dict[str, str]:
    pairs = [option.rpartition("=") for option in given]
    if any(not column.strip() for column, _, _ in pairs):
        raise typer.BadParameter('write it as "Whole life cost=bac (£m)"', param_hint="--map")
    return {column.strip(): wanted.strip() for column, _, wanted in pairs}


def _moment(typed: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(typed) if typed else None
    except ValueError:
        raise typer.BadParameter("write it as 2026-11-20T15:00:00Z", param_hint="--now") from None
    if moment is not None and moment.tzinfo is None:
        raise typer.BadParameter("the moment needs a zone: 2026-11-20T15:00:00Z", param_hint="--now")
    return moment

"""The command line: pmo-bot. Exit codes: 0 done, 1 refused or failed, 2 wrong usage."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import Refused

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.settings import Settings
    from bot.store import Database

MANIFEST = Path(__file__).parent.parent / "app_manifest.yml"
EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"
CLOCK_MAY_DIFFER = timedelta(seconds=60)
QUEUE_MAY_HOLD = 1000  # posts
TOLD_WITHIN = 15  # seconds

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
        bot.installations.introduce(bot.settings.pmo_admins)
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
def manifest(url: Annotated[str, typer.Option(help="The bot's public address, https://...")] = "") -> None:
    """Print the app manifest for Slack: for Socket Mode, or with a URL for HTTP and OAuth."""
    import yaml

    if url and not url.startswith("https://"):
        raise typer.BadParameter("Slack wants an address that starts with https://", param_hint="--url")
    told = _manifest(url.rstrip("/"))
    typer.echo(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100), nl=False)


@app.command()
def doctor() -> None:
    """Check settings, database, token, scopes, clock and queue; say what to mend."""
    found = list(_findings())
    for name, said, sound in found:
        typer.echo(f"{'ok  ' if sound else 'MEND'}  {name}: {said}")
    if not all(sound for _, _, sound in found):
        raise typer.Exit(1)


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


def _manifest(url: str = "") -> dict[str, Any]:
    import yaml

    told: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    if not url:
        return told
    address = url + EVENTS_PATH
    told["settings"]["socket_mode_enabled"] = False
    told["settings"]["event_subscriptions"] = {"request_url": address, **told["settings"]["event_subscriptions"]}
    told["settings"]["interactivity"] |= {"request_url": address, "message_menu_options_url": address}
    told["oauth_config"] = {"redirect_urls": [url + REDIRECT_PATH], **told["oauth_config"]}
    for command in told["features"]["slash_commands"]:
        command["url"] = address
    return told


def _findings() -> Iterator[tuple[str, str, bool]]:
    """Each thing looked at, what was found, and whether it is sound; what cannot be looked at yet is left out."""
    settings, said = _tried(lambda: _load(to_serve=True))
    yield "settings", said or f"complete, for {'Socket Mode' if settings.socket_mode else 'HTTP'}", not said
    if said:
        return
    bot = _make_bot(settings)
    current, said = _tried(lambda: _reach(bot.db))
    yield "database", said or ("up to date" if current else "run pmo-bot db upgrade"), bool(current)
    told, said = _tried(lambda: bot.line.whose_token(TOLD_WITHIN))
    yield "token", said or f"workspace {told['team_id']}, bot {told['user_id']}", not said
    if told:
        yield from _about_slack(told, bot.clock())
    if current:
        yield _queue(bot.db)
        yield _channels(bot.db)
    bot.stop()


def _about_slack(told: dict[str, Any], now: datetime) -> Iterator[tuple[str, str, bool]]:
    scopes = _manifest()["oauth_config"]["scopes"]
    missing = sorted({*scopes["bot"]} - {*scopes.get("bot_optional", ())} - told["scopes"])
    lacking = f"missing {', '.join(missing)}: update the app's manifest and reinstall it"
    yield "scopes", lacking if missing else "all granted", not missing
    if told["date"]:
        off = abs(now - parsedate_to_datetime(told["date"]))
        right = off <= CLOCK_MAY_DIFFER
        yield "clock", f"{off.total_seconds():.0f} s from Slack's" + ("" if right else ": set this machine's"), right


def _queue(db: "Database") -> tuple[str, str, bool]:
    from bot import store

    with db.across_workspaces() as session:
        waiting = store.posts.count_waiting(session)
    return "queue", f"{waiting} posts waiting", waiting <= QUEUE_MAY_HOLD


def _channels(db: "Database") -> tuple[str, str, bool]:
    from bot import store

    with db.across_workspaces() as session:
        troubled = store.channels.list_in_trouble(session)
    named = ", ".join(f"{channel.name or channel.slack_id} ({channel.trouble})" for channel in troubled)
    return "channels", f"invite the bot, or choose others: {named}" if troubled else "nothing refused", not troubled


def _tried(look: Callable[[], Any]) -> tuple[Any, str]:
    """What was found, and nothing; or nothing, and why not."""
    try:
        return look(), ""
    except Refused as refused:
        return None, refused.message

"""The command line's doctor: what is looked at, what is found, and how to mend it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from bot import manifest, store
from bot.app import Bot
from bot.errors import Refused
from bot.messenger import Dead, Retry
from bot.store import Database
from bot.store.tables import Installation, Workspace

CLOCK_MAY_DIFFER = timedelta(seconds=60)
QUEUE_MAY_HOLD = 1000  # posts
TOLD_WITHIN = 15  # seconds


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, what was found, and whether it is sound."""

    name: str
    said: str
    sound: bool


def of_slack(bot: Bot) -> Iterator[Finding]:
    """The token of the settings, its scopes, and this machine's clock beside Slack's."""
    told, said = tried(lambda: bot.line.whose_token(TOLD_WITHIN))
    if told is None:
        yield Finding("token", said, sound=False)
        return
    yield Finding("token", f"workspace {told['team_id']}, bot {told['user_id']}", sound=True)
    yield scopes("scopes", told)
    yield from clock(told, bot.clock())


def of_installations(bot: Bot) -> Iterator[Finding]:
    """Where workspaces install the bot themselves: the address, and each of those that did."""
    if bot.settings.over_oauth:
        known = bot.settings.install_url
        yield Finding("address", known or "set PUBLIC_URL, so that people are given a link", sound=bool(known))
    with bot.db.reading_across() as session:
        live = store.installations.list_live(session)
    for workspace, row in live:
        if row.token is not None or bot.settings.slack_bot_token is None:
            yield from _of_workspace(bot, workspace, row)


def of_work(db: Database) -> Iterator[Finding]:
    """What waits to be said, and the channels that refuse it."""
    with db.reading_across() as session:
        waiting = store.posts.count_waiting(session)
        troubled = store.channels.list_in_trouble(session)
    yield Finding("queue", f"{waiting} posts waiting", waiting <= QUEUE_MAY_HOLD)
    named = ", ".join(f"{channel.name or channel.slack_id} ({channel.trouble})" for channel in troubled)
    yield Finding("channels", f"invite the bot, or choose others: {named}" if named else "nothing refused", not named)


def of_audit(db: Database, now: datetime) -> Iterator[Finding]:
    """Whether the audit trail of each workspace is as it was written, and the database still lets nobody change it.

    A trail that is being deleted, for its workspace is gone for good, is not looked at.
    """
    with db.reading_across() as session:
        missing = store.audit_seals.missing_guards(session)
        kept = [each for each in store.workspaces.list_all(session) if not store.purges.is_begun(each)]
    if missing:
        gone = ", ".join(missing)
        yield Finding("audit", f"anybody can change the trail: {gone} is dropped or off (docs/operate.md)", sound=False)
    for workspace in kept:
        with db.reading(workspace.id) as session:
            chain = store.audit_seals.verify(session, now=now)
        entries = f"{chain.sealed:,} {'entry' if chain.sealed == 1 else 'entries'}"
        sealed = f"{entries} as sealed, the last as {chain.last or 'none'}"
        broken = f"{chain.broken}: compare it with a backup, and find out who can write to the database"
        said = broken if chain.broken else sealed
        yield Finding(f"audit of {workspace.slack_id}", said, sound=not chain.broken)


def _of_workspace(bot: Bot, workspace: Workspace, row: Installation) -> Iterator[Finding]:
    """Whether the stored token can be opened, and is taken with all the scopes that are needed."""
    name = f"workspace {workspace.slack_id}"
    if row.token is None:
        yield Finding(name, "has no token: have it installed over OAuth, or set SLACK_BOT_TOKEN", sound=False)
        return
    told, said = tried(partial(_told, bot, workspace.id, row.token))
    yield Finding(name, said or f"bot {told['user_id']}", sound=not said)
    if not said:
        yield scopes(f"scopes of {workspace.slack_id}", told)


def _told(bot: Bot, workspace: int, sealed: str) -> Mapping[str, Any]:
    """What Slack says of a workspace's token, renewed where need be; raises Refused."""
    bot.vault.open(sealed)
    try:
        token = bot.installations.token_for(workspace)
    except (Retry, Dead) as failed:
        raise Refused(f"its token cannot be renewed ({failed.code})") from failed
    return bot.line.whose_token(TOLD_WITHIN, token, name="its token; have it installed again")


def scopes(name: str, told: Mapping[str, Any]) -> Finding:
    """Whether a token has all the scopes that the bot cannot do without."""
    missing = manifest.lacking(told["scopes"])
    lacking = f"missing {', '.join(missing)}: update the app's manifest and reinstall it"
    return Finding(name, lacking if missing else "all granted", sound=not missing)


def clock(told: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    """Whether this machine's clock agrees with Slack's; nothing where Slack did not say."""
    if told["date"]:
        off = abs(now - parsedate_to_datetime(told["date"]))
        right = off <= CLOCK_MAY_DIFFER
        mend = "" if right else ": set this machine's"
        yield Finding("clock", f"{off.total_seconds():.0f} s from Slack's{mend}", right)


def tried(look: Callable[[], Any]) -> tuple[Any, str]:
    """What was found, and nothing; or nothing, and why not."""
    try:
        return look(), ""
    except Refused as refused:
        return None, refused.message

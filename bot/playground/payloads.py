"""What Slack sends and answers: the JSON of people, channels, messages, views and interactions."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.playground.records import Channel, File, Json, Message, Org, Person, View, Workspace
from bot.playground.world import World

TOKEN = "verification-token"


def person(who: Person, now: datetime, *, with_email: bool) -> Json:
    """A user object of users.info."""
    zone = now.astimezone(ZoneInfo(who.tz))
    offset = zone.utcoffset()
    profile = {"real_name": who.name, "display_name": who.handle, "title": who.title}
    if with_email:
        profile["email"] = who.email
    return {
        "id": who.id,
        "team_id": who.team_id,
        "name": who.handle,
        "deleted": who.deleted,
        "real_name": who.name,
        "tz": who.tz,
        "tz_label": zone.tzname() or who.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "locale": who.locale,
        "profile": profile,
        "is_admin": who.is_admin,
        "is_owner": who.is_owner,
        "is_restricted": who.is_restricted or who.is_ultra_restricted,
        "is_ultra_restricted": who.is_ultra_restricted,
        "is_bot": who.is_bot,
        "is_stranger": who.is_stranger,
    }


def channel(found: Channel, bot_user: str) -> Json:
    """A channel object of conversations.info."""
    if found.kind == "im":
        other = next((m for m in found.members if m != bot_user), bot_user)
        return {"id": found.id, "is_im": True, "user": other, "created": found.created, "is_archived": False}
    return {
        "id": found.id,
        "name": found.name,
        "is_channel": found.kind == "public",
        "is_group": found.kind == "private",
        "is_im": False,
        "is_mpim": False,
        "is_private": found.kind == "private",
        "is_archived": found.is_archived,
        "is_general": found.is_general,
        "is_ext_shared": found.is_ext_shared,
        "is_shared": found.is_ext_shared,
        "is_member": bot_user in found.members,
        "creator": found.creator,
        "created": found.created,
        "topic": {"value": found.topic, "creator": "", "last_set": 0},
        "purpose": {"value": found.purpose, "creator": "", "last_set": 0},
        "num_members": len(found.members),
    }


def message(found: Message, place: Channel, workspace: Workspace, url: str) -> Json:
    """A message object as the Web API and interactions show it."""
    body: Json = {"type": "message", "user": found.user, "ts": found.ts, "text": found.text, "team": workspace.id}
    optional = {
        "subtype": found.subtype,
        "bot_id": found.bot_id,
        "app_id": found.app_id,
        "blocks": found.blocks,
        "attachments": found.attachments,
        "thread_ts": found.thread_ts,
        "metadata": found.metadata,
        "edited": {"user": found.user, "ts": found.edited_ts} if found.edited_ts else None,
        "files": [file(workspace.files[f], url) for f in found.files if f in workspace.files],
        "reactions": [{"name": n, "users": u, "count": len(u)} for n, u in found.reactions.items()],
    }
    body.update({key: value for key, value in optional.items() if value})
    replies = place.replies(found.ts)
    if replies:
        users = list(dict.fromkeys(r.user for r in replies))
        body |= {"thread_ts": found.ts, "reply_count": len(replies), "reply_users": users}
        body |= {"reply_users_count": len(users), "latest_reply": replies[-1].ts}
    return body


def view(found: View, world: World, workspace: Workspace) -> Json:
    """A view object, with what was typed in `state`."""
    return {
        "id": found.id,
        "team_id": found.team_id,
        "type": found.type,
        "blocks": found.blocks,
        "private_metadata": found.private_metadata,
        "callback_id": found.callback_id,
        "state": {"values": found.values},
        "hash": found.hash,
        "title": found.title,
        "clear_on_close": found.clear_on_close,
        "notify_on_close": found.notify_on_close,
        "close": found.close,
        "submit": found.submit,
        "previous_view_id": found.previous_view_id or None,
        "root_view_id": found.root_view_id or found.id,
        "app_id": world.state.app_id,
        "external_id": found.external_id,
        "app_installed_team_id": found.team_id,
        "bot_id": workspace.bot_id,
    }


def file(found: File, url: str) -> Json:
    """A file object."""
    kind = found.name.rpartition(".")[2].lower() if "." in found.name else "text"
    return {
        "id": found.id,
        "created": found.created,
        "name": found.name,
        "title": found.title or found.name,
        "mimetype": {"png": "image/png", "jpg": "image/jpeg", "csv": "text/csv", "pdf": "application/pdf"}.get(
            kind, "application/octet-stream"
        ),
        "filetype": kind,
        "size": found.size,
        "user": found.user,
        "alt_txt": found.alt_text,
        "url_private": f"{url}/files/{found.id}/{found.name}",
        "url_private_download": f"{url}/files/{found.id}/{found.name}",
        "permalink": f"{url}/files/{found.id}",
        "channels": found.shared,
    }


def user_ref(who: Person) -> Json:
    """A person as interactions name them."""
    return {"id": who.id, "username": who.handle, "name": who.handle, "team_id": who.team_id}


def channel_ref(found: Channel) -> Json:
    """A channel as interactions name it."""
    return {"id": found.id, "name": channel_name(found)}


def channel_name(found: Channel) -> str:
    """The name Slack sends: private ones and direct messages go without theirs."""
    return {"public": found.name, "private": "privategroup", "im": "directmessage"}[found.kind]


def interaction(kind: str, world: World, workspace: Workspace, who: Person, **more: object) -> Json:
    """What every interaction carries, and what this one adds; that of an org's installation names no team."""
    enterprise = None
    team: Json | None = {"id": workspace.id, "domain": workspace.domain}
    is_of_org = world.org_of(workspace) is not None
    if workspace.enterprise_id:
        enterprise = {"id": workspace.enterprise_id, "name": workspace.enterprise_name}
        more_of_team = {"enterprise_id": workspace.enterprise_id, "enterprise_name": workspace.enterprise_name}
        team = None if is_of_org else {**(team or {}), **more_of_team}
    return {
        "type": kind,
        "user": user_ref(who),
        "team": team,
        "enterprise": enterprise,
        "is_enterprise_install": is_of_org,
        "api_app_id": world.state.app_id,
        "token": TOKEN,
        **more,
    }


def event(world: World, workspace: Workspace, inner: Json) -> Json:
    """The envelope of an event, with an id that is sent again when it is delivered again."""
    shared = workspace.channels.get(str(inner.get("channel")))
    is_of_org = world.org_of(workspace) is not None
    return {
        "token": TOKEN,
        "team_id": workspace.id,
        "enterprise_id": workspace.enterprise_id or None,
        "context_team_id": workspace.id,
        "context_enterprise_id": workspace.enterprise_id or None,
        "api_app_id": world.state.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock().astimezone(UTC).timestamp()),
        "event_context": f"4-{workspace.id}",
        "authorizations": [
            {
                "enterprise_id": workspace.enterprise_id or None,
                "team_id": None if is_of_org else workspace.id,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": is_of_org,
            }
        ],
        "is_ext_shared_channel": bool(shared and shared.is_ext_shared),
    }


def event_of_org(world: World, org: Org, inner: Json) -> Json:
    """The envelope of what happened to a whole org: no workspace is named."""
    return {
        "token": TOKEN,
        "enterprise_id": org.id,
        "api_app_id": world.state.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock().astimezone(UTC).timestamp()),
    }

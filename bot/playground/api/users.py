"""users.*, usergroups.*, team.info and bots.info: who is there."""

from bot.playground import payloads
from bot.playground.calls import Call, Method
from bot.playground.records import Json, Person, UserGroup
from bot.playground.refusals import Refusal


def _shown(call: Call, person: Person) -> Json:
    return payloads.person(person, call.now, with_email=call.may("users:read.email"))


def info(call: Call) -> Json:
    """users.info: one person, with their IANA zone."""
    return {"user": _shown(call, call.person())}


def list_(call: Call) -> Json:
    """users.list: everybody, the deactivated too, by page; without a limit it is refused."""
    if not call.text("limit"):
        raise Refusal("limit_required")
    people = [_shown(call, p) for p in call.workspace.people.values() if p.team_id == call.workspace.id]
    rows, metadata = call.page(people)
    return {"members": rows, "cache_ts": int(call.now.timestamp()), "response_metadata": metadata}


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail: the person with that address, unless deactivated."""
    email = call.must("email").casefold()
    for person in call.workspace.people.values():
        if person.email.casefold() == email and not person.deleted and not person.is_bot:
            return {"user": _shown(call, person)}
    raise Refusal("users_not_found")


def usergroups(call: Call) -> Json:
    """usergroups.list: the groups, with their people when asked."""
    return {"usergroups": [_group(call, g) for g in _groups(call).values()]}


def usergroup_users(call: Call) -> Json:
    """usergroups.users.list: the people of one group."""
    found = _groups(call).get(call.must("usergroup"))
    if found is None:
        raise Refusal("no_such_subteam")
    return {"users": list(found.users)}


def _groups(call: Call) -> dict[str, UserGroup]:
    if not call.workspace.usergroups_allowed:
        raise Refusal("plan_upgrade_required")
    return call.workspace.usergroups


def _group(call: Call, group: UserGroup) -> Json:
    shown: Json = {"id": group.id, "team_id": call.workspace.id, "name": group.name, "handle": group.handle}
    if call.flag("include_users"):
        shown["users"] = list(group.users)
    if call.flag("include_count"):
        shown["user_count"] = len(group.users)
    return shown


def team_info(call: Call) -> Json:
    """team.info: this workspace."""
    workspace = call.workspace
    if call.text("team", workspace.id) != workspace.id:
        raise Refusal("team_not_found")
    team: Json = {"id": workspace.id, "name": workspace.name, "domain": workspace.domain}
    team["url"] = f"https://{workspace.domain}.slack.com/"
    if workspace.enterprise_id:
        team |= {"enterprise_id": workspace.enterprise_id, "enterprise_name": workspace.enterprise_name}
    return {"team": team}


def bot_info(call: Call) -> Json:
    """bots.info: the bot itself."""
    if call.text("bot", call.workspace.bot_id) != call.workspace.bot_id:
        raise Refusal("bot_not_found")
    bot = {"id": call.workspace.bot_id, "name": call.bot.name, "user_id": call.bot.id, "deleted": False}
    return {"bot": {**bot, "app_id": call.world.state.app_id}}


METHODS = {
    "users.info": Method(info, ("users:read",)),
    "users.list": Method(list_, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",)),
    "usergroups.list": Method(usergroups, ("usergroups:read",)),
    "usergroups.users.list": Method(usergroup_users, ("usergroups:read",)),
    "team.info": Method(team_info, ("team:read",)),
    "bots.info": Method(bot_info, ("users:read",)),
}

"""The Web API: who may call what, how often, and what comes back."""

import json
from dataclasses import dataclass, field

from bot.playground.api import apps, chat, conversations, extras, files, users, views
from bot.playground.calls import Call, Method, Services
from bot.playground.limits import Limits
from bot.playground.records import Grant, Json, Workspace
from bot.playground.refusals import Refusal

METHODS: dict[str, Method] = {
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **extras.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
}


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)
    team_id: str = ""
    html: str = ""

    @property
    def error(self) -> str:
        """Slack's error code, or nothing when it went well."""
        return str(self.body.get("error", ""))

    @property
    def media_type(self) -> str:
        """JSON, but for the pages that proxies send."""
        return "text/html" if self.html else "application/json; charset=utf-8"

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        if self.html:
            return self.html.encode()
        return json.dumps(self.body, ensure_ascii=False).encode()


class Api:
    """Takes calls one at a time, under the world's lock."""

    def __init__(self, services: Services, limits: Limits) -> None:
        self.services = services
        self.limits = limits

    def call(self, method: str, args: Json, headers: dict[str, str]) -> Answer:
        """Answer one call; a refusal is an answer too."""
        with self.services.world.lock:
            call = Call(method, args, self.services, headers=headers)
            try:
                return self._answer(call)
            except Refusal as refusal:
                return Answer(200, refusal.body(), self._scopes(call), self._team(call))

    def _answer(self, call: Call) -> Answer:
        found = METHODS.get(call.method)
        if found is None:
            raise Refusal("unknown_method")
        if found.token != "none":
            self._identify(call, found)
        wait = self.limits.check(self._team(call), call.method, call.now, self._place(call))
        if wait is not None:
            body = {"ok": False, "error": "ratelimited"}
            return Answer(429, body, {"retry-after": str(wait)}, self._team(call))
        if found.scopes:
            call.needs(*found.scopes)
        return Answer(200, {"ok": True, **found.run(call)}, self._scopes(call), self._team(call))

    def _identify(self, call: Call, method: Method) -> None:
        """Find the grant behind the token and refuse what is dead or of the wrong kind."""
        grant = self._grant(call)
        if grant.kind != method.token:
            raise Refusal("not_allowed_token_type")
        if grant.state == "revoked":
            raise Refusal("token_revoked")
        if grant.state == "inactive":
            raise Refusal("account_inactive")
        if grant.expires_at is not None and call.now.timestamp() >= grant.expires_at:
            raise Refusal("token_expired")
        call.grant = grant
        call.workspace_or_none = self._meant(call, grant)

    def _meant(self, call: Call, grant: Grant) -> Workspace | None:
        """The workspace of the token or, with that of an org, the one where what the call names is."""
        world = self.services.world
        if not grant.enterprise_id:
            return world.workspaces.get(grant.team_id)
        held = world.held_by(world.state.orgs[grant.enterprise_id])
        named = {str(call.args.get(name)) for name in ("team_id", "channel", "user", "users", "user_id", "view_id")}
        trigger = self.services.triggers.team_of(call.text("trigger_id"))
        found = (each for each in held if named & {each.id, *each.channels, *each.people} or trigger == each.id)
        shown = (each for each in held if any(view.id in named for view in each.views()))
        return next(found, None) or next(shown, None) or next(iter(held), None)

    def _grant(self, call: Call) -> Grant:
        scheme, _, bearer = call.headers.get("authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else call.text("token")
        if not token:
            raise Refusal("not_authed")
        found = self.services.world.state.grants.get(token)
        if found is None:
            raise Refusal("invalid_auth")
        return found

    @staticmethod
    def _place(call: Call) -> str:
        """The channel that the pace is kept for: a person and the direct messages with them are one."""
        where = str(call.args.get("channel", ""))
        workspace = call.workspace_or_none
        direct = workspace.direct(where, workspace.bot_user) if workspace and where in workspace.people else None
        return direct.id if direct else where

    def _team(self, call: Call) -> str:
        return call.workspace_or_none.id if call.workspace_or_none else ""

    def _scopes(self, call: Call) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(call.scopes)}


__all__ = ["METHODS", "Answer", "Api", "Services"]

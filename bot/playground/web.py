"""The web edge of the playground: the Web API, reply addresses, uploads, files, OAuth and Socket Mode."""

import base64
import html
import json
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.playground import response_urls
from bot.playground.api import Answer
from bot.playground.api import files as uploads
from bot.playground.api.apps import allowed_redirect
from bot.playground.calls import Code
from bot.playground.faults import Fault
from bot.playground.misbehaving import Broken, misbehave
from bot.playground.records import Json, Org, Workspace
from bot.playground.slack import Slack


def routes(slack: Slack) -> list[BaseRoute]:
    """Everything Slack serves to the bot and to a browser that installs it."""
    edge = Edge(slack)
    return [
        Route("/api/{method}", edge.method, methods=["GET", "POST"]),
        Route("/hooks/{kind}/{team}/{number}/{secret}", edge.hook, methods=["POST"]),
        Route("/upload/{file}/{secret}", edge.upload, methods=["POST"]),
        Route("/files/{file}/{name}", edge.file),
        Route("/oauth/v2/authorize", edge.authorize),
        WebSocketRoute("/link", slack.sockets.serve),
    ]


class Edge:
    """The endpoints; each call is answered on a thread, so that a slow one holds up nobody."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def method(self, request: Request) -> Response:
        """A Web API method."""
        name, body = request.path_params["method"], await request.body()
        args = arguments(request, body)
        fault = self._slack.faults.take(name, args or {})
        return await self._answer(request, name, body, fault, partial(self._call, request, name, args))

    def _call(self, request: Request, name: str, args: Json | None) -> Answer:
        if args is None:
            return Answer(200, {"ok": False, "error": "invalid_json"})
        return self._slack.api.call(name, args, dict(request.headers))

    async def hook(self, request: Request) -> Response:
        """A reply address."""
        body, path = await request.body(), request.path_params
        args = arguments(request, body) or {}
        fault = self._slack.faults.take("response_url", args)
        work = partial(response_urls.use, self._slack.services, path["team"], path["number"], path["secret"], args)
        return await self._answer(request, "response_url", body, fault, work)

    async def upload(self, request: Request) -> Response:
        """The bytes of an upload, raw or as a form."""
        fault, path = self._slack.faults.take("upload", {}), request.path_params
        content = await _uploaded(request)
        work = partial(self._receive, path["file"], path["secret"], content)
        return await self._answer(request, "upload", content, fault, work)

    def _receive(self, file: str, secret: str, content: bytes) -> Answer:
        taken = uploads.receive(self._slack.world, file, secret, content)
        return Answer(200, {"ok": True}) if taken else Answer(400, {"ok": False, "error": "invalid_upload"})

    async def _answer(
        self, request: Request, name: str, body: bytes, fault: Fault | None, work: Callable[[], Answer]
    ) -> Response:
        """Do the work, or misbehave around it, and log it."""
        started = self._slack.clock.real_seconds()
        try:
            answer = await misbehave(request, fault, work) if fault else await run_in_threadpool(work)
        except Broken as broken:
            self._log(name, Answer(0, {"error": broken.how}), body, started)
            return Response(status_code=500)
        self._log(name, answer, body, started)
        return Response(answer.content, answer.status, answer.headers, media_type=answer.media_type)

    def _log(self, name: str, answer: Answer, body: bytes, started: float) -> None:
        self._slack.traffic.add(
            self._slack.clock(),
            "api",
            name,
            answer.team_id,
            status=answer.status,
            error=answer.error,
            sent=len(body),
            received=len(answer.content),
            ms=(self._slack.clock.real_seconds() - started) * 1000,
        )
        self._slack.world.changed()

    async def file(self, request: Request) -> Response:
        """The bytes of a file, for a bot token with files:read; anybody else sees the sign-in page."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        with self._slack.world.lock:
            grant = self._slack.world.state.grants.get(token)
            workspace = self._slack.world.workspaces.get(grant.team_id) if grant else None
            found = workspace.files.get(request.path_params["file"]) if workspace else None
        if not grant or grant.state != "active" or "files:read" not in grant.scopes or not found or not found.ready:
            return HTMLResponse("<html>Sign in to Slack</html>")
        return Response(base64.b64decode(found.content), media_type="application/octet-stream")

    async def authorize(self, request: Request) -> Response:
        """A browser installs the app: `team` and `user` choose, `deny` cancels; without `team` it is asked."""
        query = dict(request.query_params)
        problem = self._problem(query)
        if problem:
            return HTMLResponse(f"<html>{html.escape(problem)}</html>", 400)
        place = self._places().get(query.get("team", ""))
        if place is None:
            return HTMLResponse(self._choices(query))
        return RedirectResponse(self._back(query, place), 302)

    def _places(self) -> dict[str, Workspace | Org]:
        """Where the app can be installed: in a workspace and, if it is made for that, in a whole org."""
        world, places = self._slack.world, dict[str, Workspace | Org]()
        if self._slack.manifest.for_orgs:
            places |= world.state.orgs
        return places | world.workspaces

    def _problem(self, query: dict[str, str]) -> str:
        asked = [s for s in query.get("scope", "").split(",") if s]
        if query.get("client_id") != self._slack.world.state.client_id:
            return "invalid_client_id"
        if not asked:
            return "no_scopes"
        unknown = [s for s in asked if s not in self._slack.manifest.scopes]
        if unknown:
            return f"invalid_scope requested: {','.join(unknown)}"
        allowed = self._slack.manifest.redirect_urls
        if not allowed_redirect(query.get("redirect_uri") or next(iter(allowed), ""), allowed):
            return "bad_redirect_uri"
        return ""

    def _back(self, query: dict[str, str], place: Workspace | Org) -> str:
        back = query.get("redirect_uri") or self._slack.manifest.redirect_urls[0]
        answer = {"state": query.get("state", "")}
        if query.get("deny"):
            return f"{back}?{urlencode({'error': 'access_denied', **answer})}"
        with self._slack.world.lock:
            among = place if isinstance(place, Workspace) else self._first_of(place)
            first = next(p.id for p in among.people.values() if not p.is_bot)
            person = among.person(query.get("user", first))
            code = self._slack.world.new_secret("code-")
            self._slack.services.codes[code] = Code(
                place.id,
                person.id if person else first,
                [s for s in query["scope"].split(",") if s],
                query.get("redirect_uri", ""),
                self._slack.clock().timestamp(),
            )
        return f"{back}?{urlencode({'code': code, **answer})}"

    def _first_of(self, org: Org) -> Workspace:
        """A workspace of the org, whose people its own are among."""
        return next(each for each in self._slack.world.workspaces.values() if each.enterprise_id == org.id)

    def _choices(self, query: dict[str, str]) -> str:
        rows = [
            f'<li><a href="?{html.escape(urlencode({**query, "team": place.id}))}">{html.escape(place.name)}</a></li>'
            for place in self._places().values()
        ]
        asked = html.escape(query.get("scope", ""))
        return f"<html><h1>Install into which workspace?</h1><p>It asks for {asked}.</p><ul>{''.join(rows)}</ul></html>"


def arguments(request: Request, body: bytes) -> Json | None:
    """The arguments of a call, from its address and its JSON or form body; None when the JSON is broken."""
    args: Json = dict(request.query_params)
    text = body.decode("utf-8", "replace")
    if "json" not in request.headers.get("content-type", ""):
        return args | dict(parse_qsl(text, keep_blank_values=True))
    try:
        parsed = json.loads(text or "{}")
    except ValueError:
        return None
    return args | parsed if isinstance(parsed, dict) else None


async def _uploaded(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        for part in form.values():
            if not isinstance(part, str):
                return await part.read()
    return b""

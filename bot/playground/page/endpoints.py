"""The addresses of the page."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.playground import Hands
from bot.playground.page import drawing, lists, screen
from bot.playground.page.changes import LIFE, Changes
from bot.playground.page.controls import Controls
from bot.playground.page.deeds import Deeds
from bot.playground.page.guard import Guard
from bot.playground.page.screen import Wish
from bot.playground.page.seen import Seen
from bot.playground.records import Channel, Person, Workspace

if TYPE_CHECKING:
    from bot.playground import Playground

STATIC = Path(__file__).parent / "static"
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}


class Lost(Exception):
    """There is nothing at that address for that person."""


def routes(playground: "Playground", controls: Controls, *, life: float = LIFE) -> list[BaseRoute]:
    """Everything a browser asks for; hand it to `Playground.start` or `asgi_app`.

    `controls` moves the clock; `life` is how many seconds a stream of events lasts before the browser comes again.
    The page is at `/`, and at `/w/{team}/{person}/{channel}` or `.../home`.
    """
    page = Page(playground, controls, life)
    guard = [Middleware(Guard)]
    return [
        Route("/", page.start, middleware=guard),
        Route("/events", page.events, middleware=guard),
        Mount("/static", StaticFiles(directory=STATIC), middleware=guard),
        Route("/w/{team}", page.start, middleware=guard),
        Route("/w/{team}/files/{file}", page.file, middleware=guard),
        Route("/w/{team}/{person}", page.start, middleware=guard),
        Route("/w/{team}/{person}/{channel}", page.show, middleware=guard),
        Route("/w/{team}/{person}/{deed}", page.do, methods=["POST"], middleware=guard),
    ]


class Page:
    """The endpoints; each draws or acts on a thread, so that a slow bot holds up nobody else."""

    def __init__(self, playground: "Playground", controls: Controls, life: float) -> None:
        self._slack = playground
        self._controls = controls
        self._deeds = Deeds(playground, controls)
        self._seen = Seen()
        self._life = life
        self._changes = Changes()
        playground.on_change(self._changes.note)

    async def start(self, request: Request) -> Response:
        """Lead to a first place: the person named, or the first one, before the bot's messages."""
        return await self._answer(request, self._start)

    async def show(self, request: Request) -> Response:
        """A channel, direct messages, or App Home."""
        return await self._answer(request, self._show)

    async def file(self, request: Request) -> Response:
        """An upload: pictures are shown, anything else is downloaded."""
        return await self._answer(request, self._file)

    async def do(self, request: Request) -> Response:
        """One deed, answered with {ok, error}."""
        name = request.path_params["deed"]
        async with request.form() as form:

            def deed(request: Request) -> Response:
                if name not in self._deeds:
                    raise Lost
                workspace, person = self._who(request)
                return JSONResponse(self._deeds.do(name, Hands(self._slack, workspace, person), form))

            return await self._answer(request, deed)

    async def events(self, request: Request) -> Response:
        """Changes, as they happen."""
        last = request.headers.get("last-event-id", "")
        stream = self._changes.stream(int(last) if last.isdecimal() else None, life=self._life)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"cache-control": "no-store"})

    async def _answer(self, request: Request, work: Callable[[Request], Response]) -> Response:
        try:
            return await run_in_threadpool(work, request)
        except Lost:
            return HTMLResponse(drawing.draw("lost.html"), 404)

    def _start(self, request: Request) -> Response:
        with self._slack.world.lock:
            workspaces = self._slack.world.workspaces
            team = request.path_params.get("team") or next(iter(workspaces), "")
            people = lists.humans(workspaces[team]) if team in workspaces else []
            person = request.path_params.get("person") or (people[0].id if people else "")
            if person not in {one.id for one in people}:
                raise Lost
            bot = workspaces[team].bot_user
            first = self._slack.world.open_direct(workspaces[team], person, bot).id if bot else "home"
        return RedirectResponse(f"/w/{team}/{person}/{first}", 303)

    def _show(self, request: Request) -> Response:
        due = self._controls.next_due()
        self._seen.begin(self._controls.now())
        with self._slack.world.lock:
            workspace, person = self._who(request)
            wish = self._wish(request, workspace, person)
            if wish.channel:
                self._seen.mark(wish.channel, person.id)
            shown = screen.of(workspace, person, wish, manifest=self._slack.manifest, now=self._controls.now(), due=due)
            screen.show_lists(shown, list(self._slack.world.workspaces.values()), self._seen)
            screen.show_content(shown, wish)
            screen.show_traffic(shown, [e for e in self._slack.traffic.list() if e.workspace in ("", workspace.id)])
            return HTMLResponse(drawing.draw("page.html", screen=shown), headers={"cache-control": "no-store"})

    def _file(self, request: Request) -> Response:
        with self._slack.world.lock:
            workspace = self._workspace(request)
            found = workspace.files.get(request.path_params["file"])
            if found is None:
                raise Lost
            content, name = base64.b64decode(found.content), found.name
        kind = PICTURES.get(name.rpartition(".")[2].lower())
        headers = {} if kind else {"content-disposition": "attachment"}
        return Response(content, media_type=kind or "application/octet-stream", headers=headers)

    def _workspace(self, request: Request) -> Workspace:
        found = self._slack.world.workspaces.get(request.path_params["team"])
        if found is None:
            raise Lost
        return found

    def _who(self, request: Request) -> tuple[Workspace, Person]:
        workspace = self._workspace(request)
        person = workspace.people.get(request.path_params["person"])
        if person is None or person.is_bot or person.deleted:
            raise Lost
        return workspace, person

    def _wish(self, request: Request, workspace: Workspace, person: Person) -> Wish:
        name = request.path_params["channel"]
        if workspace.bot_user:
            self._slack.world.open_direct(workspace, person.id, workspace.bot_user)
        if name == "home":
            return Wish(None)
        channel: Channel | None = workspace.channels.get(name)
        if channel is None or not lists.can_see(channel, person):
            raise Lost
        thread = request.query_params.get("thread", "")
        return Wish(channel, thread if channel.find(thread) else "", bool(request.query_params.get("all")))

"""The pages: Slack's requests when they come over HTTP, and always health, readiness and figures."""

import asyncio
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from http import HTTPStatus
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import Clock, SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.web.edge import Edge
from bot.web.guard import Guard
from bot.web.installing import INSTALL_PATH, REDIRECT_PATH, Installing
from bot.web.notices import HEADERS as NOTICE
from bot.web.notices import failed

ASKED_WITHIN = 2  # seconds
TIMESTAMP = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
# All that Bolt is told of the headers: others, not being signed, could make it run a listener's lazy half alone.
HEADERS = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")
Checks = Mapping[str, Callable[[], bool]]
log = structlog.get_logger(__name__)


class _Now(Clock):
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()


class Web:
    """The pages: Slack's events when they come over HTTP, and health, readiness and figures always."""

    def __init__(
        self,
        edge: Edge,
        *,
        secret: str | None,
        clock: Callable[[], datetime],
        threads: int,
        checks: Checks,
        waiting: Callable[[], int] | None = None,
        installing: Installing | None = None,
    ) -> None:
        self._edge = edge
        self._verifier = SignatureVerifier(secret, _Now(clock)) if secret else None
        self._checks = checks
        self._waiting = waiting
        self._installing = installing
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="listen")
        self._asking = ThreadPoolExecutor(2, thread_name_prefix="ready")
        self.meters = edge.meters

    def asgi(self) -> ASGIApp:
        """The application a web server runs."""
        routes = [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._metrics),
        ]
        if self._verifier:
            routes.append(Route("/slack/events", self._events, methods=["POST"]))
        if self._installing:
            routes.append(Route(INSTALL_PATH, self._turned_by(self._installing.handle_installation)))
            routes.append(Route(REDIRECT_PATH, self._turned_by(self._installing.handle_callback)))
        pages = Starlette(routes=routes, exception_handlers={Exception: _broken})
        pages.router.redirect_slashes = False
        return Guard(pages, self.meters)

    def close(self) -> None:
        """Let the threads go; those still working end by themselves."""
        self._pool.shutdown(wait=False)
        self._asking.shutdown(wait=False)

    async def _events(self, request: Request) -> Response:
        stamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (TIMESTAMP.fullmatch(stamp) and SIGNATURE.fullmatch(signature)):
            return self._refuse(HTTPStatus.UNAUTHORIZED, "unsigned")
        try:
            body = await request.body()
        except ClientDisconnect:
            return self._refuse(HTTPStatus.BAD_REQUEST, "cut off")
        headers = {name: request.headers[name] for name in HEADERS if name in request.headers}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._take, body, stamp, signature, headers)

    def _take(self, body: bytes, stamp: str, signature: str, headers: Mapping[str, str]) -> Response:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return self._refuse(HTTPStatus.BAD_REQUEST, "not utf-8")
        if self._verifier is None or not self._verifier.is_valid(text, stamp, signature):
            return self._refuse(HTTPStatus.UNAUTHORIZED, "badly signed")
        with self._edge.holding() as taken:
            if not taken:
                return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
            return to_starlette_response(self._edge.dispatch("http", text, headers))

    def _refuse(self, status: HTTPStatus, why: str) -> Response:
        self.meters.refused.labels(why).inc()
        log.info("refused a request", why=why)
        return Response(status_code=status)

    @staticmethod
    def _turned_by(handle: Callable[[BoltRequest], BoltResponse]) -> Callable[[Request], Awaitable[Response]]:
        """A page of Bolt's; it asks the database and Slack, so that it has a thread."""

        async def page(request: Request) -> Response:
            return to_starlette_response(await run_in_threadpool(handle, to_bolt_request(request, b"")))

        return page

    async def _healthz(self, _request: Request) -> Response:
        return PlainTextResponse("ok")

    async def _readyz(self, _request: Request) -> Response:
        found = await run_in_threadpool(self._ask)
        ready = all(found.values()) and self._edge.taking
        return JSONResponse(found, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)

    def _ask(self) -> dict[str, bool]:
        """Every check by name; one that fails, or takes more than two seconds, is not fulfilled."""
        asked = {name: self._asking.submit(check) for name, check in self._checks.items()}
        return {name: _is_answered(answer) and answer.result() for name, answer in asked.items()}

    async def _metrics(self, _request: Request) -> Response:
        figures = await run_in_threadpool(self.figures)
        return Response(figures, headers={"content-type": CONTENT_TYPE_LATEST})

    def figures(self) -> bytes:
        """All figures; how many posts wait is not a number while the database does not say."""
        if self._waiting is not None:
            answer = self._asking.submit(self._waiting)
            self.meters.waiting.set(answer.result() if _is_answered(answer) else math.nan)
        return generate_latest(self.meters.registry)


async def _broken(_request: Request, _error: Exception) -> Response:
    """What a browser shows when we fail; the server logs it."""
    return Response(failed("storage_error", INSTALL_PATH).html(), HTTPStatus.INTERNAL_SERVER_ERROR, NOTICE)


def _is_answered(answer: Future[Any]) -> bool:
    """Whether an answer came in time, and was no error."""
    done, _ = wait([answer], timeout=ASKED_WITHIN)
    return bool(done) and answer.exception() is None

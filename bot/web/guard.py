"""The guard: what every answer carries, and how much is taken at once and in one request."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.edge import Meters

LARGEST = 1024 * 1024  # bytes of a body; Slack's own are far smaller
TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
AT_ONCE = 256  # requests; Slack never has as many under way, and each waits for one of a few threads

HEADERS: Mapping[str, str] = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""On every answer, unless the page has said something of its own: nothing is run, framed, kept or told to others."""

HTTPS_ONLY = ("strict-transport-security", "max-age=31536000")
"""Said to who came over https alone; browsers would not listen otherwise."""


class Guard:
    """Stands before all pages: adds the headers, and turns away what is too large or too much."""

    def __init__(self, app: ASGIApp, meters: Meters, *, at_once: int = AT_ONCE) -> None:
        self._app = app
        self._meters = meters
        self._at_once = at_once
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope)
        guarded = _adding(send, secure=_is_secure(scope, headers))
        if self._running >= self._at_once:
            busy = self._refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many at once")
            busy.headers["retry-after"] = "1"
            await busy(scope, receive, guarded)
        elif _is_too_large(headers.get("content-length", "")):
            await self._refusal(*TOO_LARGE)(scope, receive, guarded)
        else:
            self._running += 1
            try:
                await self._app(scope, self._bounded(receive), guarded)
            finally:
                self._running -= 1

    def _refusal(self, status: HTTPStatus, why: str) -> Response:
        self._meters.refused.labels(why).inc()
        return Response(status_code=status)

    def _bounded(self, receive: Receive) -> Receive:
        """The body as far as it may go: it need not have said how long it is."""
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                raise HTTPException(self._refusal(*TOO_LARGE).status_code)
            return message

        return bounded


def _adding(send: Send, *, secure: bool) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in (*HEADERS.items(), *([HTTPS_ONLY] if secure else [])):
                headers.setdefault(name, value)
        await send(message)

    return guarded


def _is_secure(scope: Scope, headers: Headers) -> bool:
    """Whether who asks came over https, to us or to the proxy before us; it concerns their own answer only."""
    return scope.get("scheme") == "https" or headers.get("x-forwarded-proto", "").lower() == "https"


def _is_too_large(length: str) -> bool:
    return length.isdecimal() and (len(length) > len(str(LARGEST)) or int(length) > LARGEST)

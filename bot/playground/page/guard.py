"""What every answer of the page carries, and whose requests may change something."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """Adds the headers to every answer, and refuses a POST that does not come from this page itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["method"] not in ("GET", "HEAD") and not _from_here(Headers(scope=scope)):
            refusal = PlainTextResponse("This page takes only what is sent from itself.", 403)
            await refusal(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


def _from_here(headers: Headers) -> bool:
    """Browsers name the origin of every POST; it must be the address that was asked."""
    return urlsplit(headers.get("origin", "")).netloc == headers.get("host")

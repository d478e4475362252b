"""Files: their bytes sent to the place that Slack names for them, or fetched from there."""

from http import HTTPStatus
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from slack_sdk import WebClient

from bot.errors import Undeliverable
from bot.messenger.faults import Retry
from bot.rules import addresses

LONGER = 20
"""An upload may take so many times as long as a message."""


def send(client: WebClient, url: str, content: IO[bytes], size: int) -> None:
    """Send bytes to where Slack wants them, with no token and never twice by itself.

    Raises Retry whatever went wrong: what is sent here is seen by nobody until it is shown.
    """
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
    request = Request(url, data=content, headers=headers, method="POST")  # noqa: S310 - Slack named the address
    try:
        _opener(client).open(request, timeout=client.timeout * LONGER).close()
    except HTTPError as refused:
        refused.close()
        raise Retry(f"http_{refused.code}") from refused
    except (OSError, HTTPException) as broken:
        raise Retry("unreachable") from broken


def fetch(client: WebClient, url: str, *, most: int) -> bytes:
    """The bytes of a file that somebody gave us, `most` at the most, from Slack itself and nowhere else.

    Raises Undeliverable for what is not Slack's, is too large, or is the page that asks strangers to sign in; Retry
    when it may work later. A redirect is not followed: it would take the token along.
    """
    if not addresses.is_of(url, client.base_url):
        raise Undeliverable("file_elsewhere")
    request = Request(url, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310 - looked at above
    try:
        with _opener(client, _NoRedirect()).open(request, timeout=client.timeout) as answer:
            is_page = answer.headers.get_content_type() == "text/html"
            content: bytes = answer.read(most + 1)
    except HTTPError as refused:
        refused.close()
        raise _refused(refused.code) from refused
    except (OSError, HTTPException) as broken:
        raise Retry("unreachable") from broken
    if is_page:
        raise Undeliverable("file_not_shown")
    if len(content) > most:
        raise Undeliverable("file_too_large")
    return content


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_asked: Any, **_more: Any) -> None:
        return None


def _opener(client: WebClient, *more: Any) -> OpenerDirector:
    proxies = {"https": client.proxy, "http": client.proxy} if client.proxy else {}
    return build_opener(HTTPSHandler(context=client.ssl), ProxyHandler(proxies), *more)


def _refused(status: int) -> Exception:
    """Slack, or what stands before it, is busy; or the file is not for us."""
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Retry(f"http_{status}")
    return Undeliverable("file_not_shown")

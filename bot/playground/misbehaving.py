"""How a fault looks on the wire: refusals, error pages, silence and dropped connections."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from bot.playground.api import Answer
from bot.playground.faults import Fault

PAGE = "<html><body>Something went wrong</body></html>"


class Broken(Exception):
    """The connection ended without an answer."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


async def misbehave(request: Request, fault: Fault, work: Callable[[], Answer]) -> Answer:
    """Answer as the fault orders; `work` is done only by the kinds that accept first."""
    if fault.how.endswith("_after_accepting"):
        await run_in_threadpool(work)
    if fault.how.startswith("timeout"):
        await _until_gone(request)
        raise Broken(fault.how)
    if fault.how.startswith("reset"):
        _drop(request)
        await _until_gone(request)
        raise Broken(fault.how)
    if fault.how == "429":
        return Answer(429, {"ok": False, "error": "ratelimited"}, {"retry-after": str(fault.retry_after)})
    if fault.how.isdecimal():
        return Answer(int(fault.how), {"ok": False, "error": "internal_error"}, html=PAGE)
    return Answer(200, {"ok": False, "error": "token_revoked" if fault.how == "dead_token" else fault.how})


async def _until_gone(request: Request) -> None:
    """Say nothing until the other side gives up; the body was read, so nothing else can come."""
    await request.receive()


def _drop(request: Request) -> None:
    """Cut the connection under the request; uvicorn keeps it in the object whose method `receive` is."""
    cycle: Any = request.receive
    cycle.__self__.transport.abort()

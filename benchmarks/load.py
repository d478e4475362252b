"""A load of signed Slack commands over kept-alive HTTP connections, and what it took."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

SECRET = "benchmark-signing-secret"  # noqa: S105 - of no workspace
HEAD = (
    "POST /slack/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n"
)
NUMBERS = count(1)
PROJECTS = 64
"""Managers raise risks in projects of their own: a row that everybody waits for is not what is measured."""


@dataclass(frozen=True)
class Load:
    """What one run took: how many were answered a second, and how long one waited, in milliseconds."""

    rate: float
    p50: float
    p99: float


def risk(team: str, user: str) -> bytes:
    """One `/risk` in one line, signed, with a trigger of its own; each project is meant in turn."""
    number = next(NUMBERS)
    body = urlencode(
        {
            "team_id": team,
            "team_domain": "acme",
            "channel_id": "C1",
            "channel_name": "apollo",
            "user_id": user,
            "user_name": "ana",
            "command": "/risk",
            "text": f"PRJ{number % PROJECTS} Vendor may slip the API p4 i5 due fri",
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.test/commands/1",
            "trigger_id": f"{time.time_ns()}.{number}",
        }
    )
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    return (HEAD.format(stamp=stamp, signature=signature, length=len(body)) + body).encode()


def run(port: int, connections: int, requests: int, *, team: str, user: str) -> Load:
    """Send so many requests over so many connections, each as soon as the one before is answered."""
    ready = iter([risk(team, user) for _ in range(requests)])
    return asyncio.run(_run(port, connections, ready))


async def _run(port: int, connections: int, ready: Iterator[bytes]) -> Load:
    waits: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(*(_connection(port, ready, waits) for _ in range(connections)))
    seconds = time.perf_counter() - begun
    waits.sort()
    return Load(rate=len(waits) / seconds, p50=_at(waits, 0.5), p99=_at(waits, 0.99))


def _at(waits: Sequence[float], share: float) -> float:
    """The wait, in milliseconds, that this share of all did not exceed."""
    return waits[min(len(waits) - 1, int(len(waits) * share))] * 1000


async def _connection(port: int, ready: Iterator[bytes], waits: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in ready:
        sent = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        if b"Something went wrong" in body:
            raise RuntimeError(body.decode())
        waits.append(time.perf_counter() - sent)
    writer.close()

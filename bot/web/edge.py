"""The edge: the one way in for both wires, where requests are shaped, counted and dispatched."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.request.internals import build_context

from bot.web import shapes

# What Bolt's parser raises on JSON that is broken, that is no object, or whose parts are of another kind.
MISSHAPEN = (ValueError, AttributeError, TypeError, LookupError, RecursionError)


class Meters:
    """What is counted; each bot has its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.taken = Counter("pmo_requests", "Requests answered", ["wire", "status"], registry=self.registry)
        self.refused = Counter("pmo_refused_requests", "Requests refused", ["why"], registry=self.registry)
        self.seconds = Histogram(
            "pmo_request_seconds",
            "From a request's arrival to its answer",
            ["wire"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
        )
        self.waiting = Gauge("pmo_posts_waiting", "Posts that Slack does not have as wanted", registry=self.registry)


class FormSafeRequest(BoltRequest):
    """A request whose form fields survive the word "payload", also in the copy made for lazy listeners."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        is_json = self.content_type == "application/json" or self.raw_body.startswith("{")
        if self.mode == "http" and self.raw_body and not self.body and not is_json:
            form = dict(parse_qsl(self.raw_body, keep_blank_values=True))
            if form and "payload" not in form:
                self.body, self.context = form, build_context(BoltContext(given.get("context") or {}), form)

    def to_copyable(self) -> "FormSafeRequest":
        """The same request for another thread."""
        body = self.raw_body if self.mode == "http" else self.body
        return FormSafeRequest(
            body=body, query=self.query, headers=self.headers, context=self.context.to_copyable(), mode=self.mode
        )


class Edge:
    """The one way in for both wires: counts what runs, and can stop taking and let it end."""

    def __init__(self, bolt: App, meters: Meters, *, trusts: Callable[[str], bool]) -> None:
        """`trusts` says whether an address is Slack's own: no request is answered anywhere else."""
        self._bolt = bolt
        self._trusts = trusts
        self.meters = meters
        self.taking = True
        self._running = 0
        self._changed = threading.Condition()

    @contextmanager
    def holding(self) -> Iterator[bool]:
        """Count a request in until its answer is sent; False when no more are taken."""
        with self._changed:
            taken = self.taking
            self._running += taken
        try:
            yield taken
        finally:
            with self._changed:
                self._running -= taken
                self._changed.notify_all()

    def dispatch(self, wire: str, body: Any, headers: Mapping[str, str]) -> BoltResponse:
        """Have Bolt answer one request; a misshapen one gets 400."""
        begun = time.perf_counter()
        response = self._answer(wire, body, headers)
        self.meters.taken.labels(wire, response.status).inc()
        self.meters.seconds.labels(wire).observe(time.perf_counter() - begun)
        return response

    def drain(self, within: float) -> bool:
        """Stop taking; whether all that was running has ended within so many seconds."""
        with self._changed:
            self.taking = False
            return self._changed.wait_for(lambda: self._running == 0, within)

    def _answer(self, wire: str, body: Any, headers: Mapping[str, str]) -> BoltResponse:
        try:
            request = FormSafeRequest(body=body, headers=dict(headers), mode=wire)
        except MISSHAPEN:
            return self._misshapen()
        if not shapes.is_well_shaped(request.body) or not all(map(self._trusts, shapes.addresses(request.body))):
            return self._misshapen()
        return self._bolt.dispatch(request)

    def _misshapen(self) -> BoltResponse:
        self.meters.refused.labels("misshapen").inc()
        return BoltResponse(status=HTTPStatus.BAD_REQUEST)

"""Logs: one line for each thing that happened, with ids and never what people wrote."""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

TOKENS = re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]+")
# These say at INFO or DEBUG what came in or goes out: bodies, signatures, tokens.
TALKATIVE = ("slack_bolt", "slack_sdk", "sqlalchemy", "urllib3", "websockets", "asyncio", "alembic", "apscheduler")
# Errors whose words come from the code alone; the words of all others may quote a person.
PLAIN = (AttributeError, TypeError, NameError, ImportError, NotImplementedError)
Triple = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(level: str = "INFO", form: str = "console", stream: TextIO | None = None) -> None:
    """Send every line, ours and the libraries', through one form: `console` for people, `json` for machines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form), without_tokens],
            foreign_pre_chain=[*_shared(), structlog.stdlib.add_logger_name],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    hush()


def _shared() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        told_error,
    ]


def hush() -> None:
    """Keep the libraries that log bodies to warnings; Bolt sets its own levels while an App is made, so call after."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("slack_bolt.App", "slack_bolt.RequestVerification"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)


def told_error(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Turn an exception into its kind and the places it passed; its words only when they cannot quote anybody."""
    found = line.pop("exc_info", None)
    triple: Any = sys.exc_info() if found is True else found
    if isinstance(found, BaseException):
        triple = (type(found), found, found.__traceback__)
    if triple and triple[0] is not None:
        line["exception"] = "".join(_told(triple[1]))
    return line


def _told(error: BaseException) -> list[str]:
    """The chain of errors, first cause first, as Python prints it but for the words."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_told(earlier), "then:\n"] if earlier is not None else []
    words = f": {error}" if isinstance(error, PLAIN) else ""
    return [*lines, *traceback.format_tb(error.__traceback__), f"{type(error).__qualname__}{words}\n"]


def without_tokens(_logger: WrappedLogger, _method: str, line: Any) -> Any:
    """Blacken whatever looks like a Slack token in the finished line."""
    return TOKENS.sub("xox*-***", line) if isinstance(line, str) else line


# From the first line on, for structlog's own way prints the local variables of a failed function.
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)

"""Logs: one line for each thing that happened, with ids and never what people wrote, nor anything secret."""

import logging
import re
import sys
import threading
import traceback
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRETS: Final = re.compile(
    r"""
    \b (?: xox[a-z] (?: \.xox[a-z] )? | xapp ) - [\w-]+         # Slack's tokens
    | \b v0 = [0-9a-f]{16,}                                     # signatures
    | \b eyJ [\w-]+ (?: \. [\w-]+ ){1,2}                        # JSON web tokens
    | \b gAAAA [\w-]{20,} ={0,2}                                # what Fernet has encrypted
    | (?<! [\w-] ) [\w-]{43} =                                  # Fernet's keys
    | \b [0-9a-f]{32,} \b                                       # signing and client secrets
    | (?<= :// ) [^\s/:@]* : [^\s/@]+ (?= @ )                   # who logs in to a database or a proxy
    | (?i: (?<= bearer\  ) | (?<= basic\  ) ) \S{8,}
    | (?i: (?<= [?&] ) (?: code | state | token | ticket | secret | client_secret ) = ) [^\s&"']+
    """,
    re.VERBOSE,
)
WORDY: Final = frozenset(
    "answer arguments blocks body comment content data detail form headers message parameters params payload query "
    "reason text title url value values view words".split()
)
"""Names under which a line could hold what somebody wrote."""
LONGEST: Final = 200
"""Characters of a value; ids are shorter."""
QUOTED: Final = re.compile(r"\{.*\}|\[.*\]|(?<!\w)'[^']*'|\"[^\"]*\"", re.DOTALL)
"""Where a library's line may quote a person, or a body."""
# These say at INFO or DEBUG what came in or goes out: bodies, signatures, tokens.
TALKATIVE = ("slack_bolt", "slack_sdk", "sqlalchemy", "urllib3", "websockets", "asyncio", "alembic", "apscheduler")
# Errors whose words come from the code alone; the words of all others may quote a person.
PLAIN = (AttributeError, TypeError, NameError, ImportError, NotImplementedError)
Triple = tuple[type[BaseException], BaseException, TracebackType | None]
log = structlog.get_logger(__name__)


def configure(level: str = "INFO", form: str = "console", stream: TextIO | None = None) -> None:
    """Send every line, ours and the libraries', through one form: `console` for people, `json` for machines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_words,
                _renderer(form),
                without_secrets,
            ],
            foreign_pre_chain=[without_quotations, *_shared(), structlog.stdlib.add_logger_name],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    hush()


def catch() -> None:
    """Have what nobody caught, on whatever thread, told like every other error; Python would print its words."""
    sys.excepthook = lambda kind, error, trace: log.critical("nobody caught it", exc_info=(kind, error, trace))
    threading.excepthook = lambda broken: log.error("a thread broke", exc_info=broken.exc_value)
    sys.unraisablehook = lambda lost: log.error("an end went wrong", exc_info=lost.exc_value)


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


def without_quotations(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """What a library says, but for what it quotes: Slack's client, for one, shows bodies that it does not know."""
    line["event"] = QUOTED.sub("…", str(line["event"]))
    return line


def without_words(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The line with ids and numbers alone: nothing under a wordy name, and no long text."""
    return {name: _brief(name, value) for name, value in line.items()}


def _brief(name: str, value: Any) -> Any:
    if name == "exception" or isinstance(value, int | float | None):
        return value
    text = str(value)
    if name in WORDY:
        return f"({len(text)} characters)"
    return value if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def without_secrets(_logger: WrappedLogger, _method: str, line: Any) -> Any:
    """Blacken whatever looks like a token, a key, a signature or a secret in the finished line."""
    return SECRETS.sub("***", line) if isinstance(line, str) else line


# From the first line on, for structlog's own way prints the local variables of a failed function.
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)

"""Log lines: ids and numbers, and never a token or what people wrote."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import structlog

from bot import logs

log = structlog.get_logger("bot.test")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("INFO", "json", stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


def failing(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as raised:
        return raised


def test_a_line_for_machines_is_json(lines: io.StringIO) -> None:
    log.info("refused", act="see_home", person=7)
    line = json.loads(lines.getvalue())

    assert (line["event"], line["act"], line["person"], line["level"]) == ("refused", "see_home", 7, "info")
    assert line["timestamp"].endswith("Z")


def test_a_line_for_people_is_plain(capsys: pytest.CaptureFixture[str], lines: io.StringIO) -> None:
    stream = io.StringIO()
    logs.configure("INFO", "console", stream)
    log.warning("refused", act="see_home")

    assert "refused" in stream.getvalue()
    assert "act=see_home" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_tokens_are_blackened_wherever_they_stand(lines: io.StringIO) -> None:
    log.info("xoxb-12-ab", token="xoxp-12-ab", more={"a": ["xoxe.xoxp-12-ab"]})
    logging.getLogger("library").warning("sent %s", "xapp-1-A1-secret")

    assert "-12" not in lines.getvalue()
    assert "secret" not in lines.getvalue()


def test_what_an_error_says_may_be_what_people_wrote(lines: io.StringIO) -> None:
    error = failing(ValueError("secret words"))
    error.__cause__ = failing(KeyError("secret words"))
    log.error("went wrong", exc_info=error)
    told = json.loads(lines.getvalue())["exception"]

    assert "secret" not in lines.getvalue()
    assert told.index("KeyError") < told.index("then:") < told.index("ValueError")
    assert "in failing" in told


def test_what_only_code_can_say_is_kept(lines: io.StringIO) -> None:
    try:
        None.risk  # type: ignore[attr-defined] # noqa: B018
    except AttributeError:
        log.exception("went wrong")

    assert "'NoneType' object has no attribute 'risk'" in lines.getvalue()


def test_the_errors_of_libraries_are_told_in_the_same_way(lines: io.StringIO) -> None:
    typed = "secret words"
    try:
        int(typed)
    except ValueError:
        logging.getLogger("library").exception("no number")

    assert "ValueError" in lines.getvalue()
    assert "secret" not in lines.getvalue()


def test_a_line_without_an_error_has_none(lines: io.StringIO) -> None:
    log.error("went wrong", exc_info=True)  # noqa: LOG014 - a slip of this kind must do no harm

    assert "exception" not in json.loads(lines.getvalue())


def test_libraries_that_log_bodies_say_only_warnings(lines: io.StringIO) -> None:
    for name in ("slack_bolt.RequestVerification", "slack_sdk.web.base_client", "sqlalchemy.engine"):
        logging.getLogger(name).info("secret words")

    assert lines.getvalue() == ""


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-12-abCD",
        "xoxe-1-My0xLTk",
        "xoxe.xoxb-1-Mi0y",
        "xapp-1-A1-77-abc",
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.s5_abc-123",
        "gAAAAABnQ0o1abcdefghijklmnopqrstuvwxyz==",
        "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_nothing_secret_is_told(lines: io.StringIO, secret: str) -> None:
    log.info("asked", about=secret, more={"of": [secret]})
    logging.getLogger("library").warning("Asked with %s of it", secret)

    assert secret[-16:] not in lines.getvalue()


@pytest.mark.parametrize(
    "line",
    [
        "postgresql+psycopg://pmo:{}@db.example/pmo",
        "https://hooks.slack.com/?state=1&code={}",
        "Authorization: Bearer {}",
        "authorization: basic {}",
    ],
)
def test_who_logs_in_where_is_not_told(lines: io.StringIO, line: str) -> None:
    logging.getLogger("library").warning(line.format("mellon-mellon"))

    assert "mellon" not in lines.getvalue()
    assert len(lines.getvalue()) > 60


def test_what_stands_under_a_wordy_name_is_only_counted(lines: io.StringIO) -> None:
    log.info("kept", text="secret words", body={"a": "secret words"}, risk=7, kind="command", code="expired")
    line = json.loads(lines.getvalue())

    assert "secret" not in lines.getvalue()
    assert (line["text"], line["risk"], line["kind"], line["code"]) == ("(12 characters)", 7, "command", "expired")


def test_a_long_value_is_cut_and_a_traceback_is_not(lines: io.StringIO) -> None:
    log.error("went wrong", why="x" * 1000, exc_info=failing(ValueError("x")))
    line = json.loads(lines.getvalue())

    assert line["why"] == "x" * 200 + "…"
    assert "in failing" in line["exception"]


def test_what_a_library_quotes_is_not_told(lines: io.StringIO) -> None:
    library = logging.getLogger("slack_bolt.App")
    library.warning('Unhandled request ({"type": "event", "text": "secret words"})')
    library.warning("invalid literal for int(): %r", "secret words")
    library.warning("got ['secret', 'words'] of it, the client's")

    assert "secret" not in lines.getvalue()
    assert "Unhandled request (…)" in lines.getvalue()
    assert "the client's" in lines.getvalue()


def test_what_nobody_caught_is_told_without_its_words(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for owner, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    logs.catch()
    error = failing(ValueError("secret words"))
    sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=failing, args=(None,))
    thread.start()
    thread.join()
    sys.unraisablehook(SimpleNamespace(exc_value=error))

    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [line["event"] for line in told] == ["nobody caught it", "a thread broke", "an end went wrong"]
    assert "secret" not in lines.getvalue() + "".join(capfd.readouterr())

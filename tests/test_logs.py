"""Log lines: ids and numbers, and never a token or what people wrote."""

import io
import json
import logging
from collections.abc import Iterator

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

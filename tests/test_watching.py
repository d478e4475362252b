"""The watch over the test-suite's own logs sees what it is there for."""

import pytest

from bot.playground import Playground, wire
from tests.watching import WATCH, Watch, judge

WORDS = "The vendor is going under"


def a_report(**sections: str) -> pytest.TestReport:
    held = [(f"Captured {kind} call", text) for kind, text in sections.items()]
    return pytest.TestReport("tests/test_x.py::test_x", ("", 0, ""), {}, "passed", None, "teardown", sections=held)


@pytest.fixture
def watch() -> Watch:
    seen = Watch()
    seen.note({"type": "event_callback", "event": {"type": "message", "text": WORDS}})
    return seen


@pytest.mark.parametrize("kind", ["log", "stderr"])
def test_a_test_fails_for_what_it_has_logged(watch: Watch, kind: str) -> None:
    report = a_report(**{kind: f"INFO kept: {WORDS}."})
    judge(report, watch)

    assert report.failed
    assert WORDS in str(report.longrepr)


def test_a_test_that_keeps_it_to_itself_passes(watch: Watch) -> None:
    report = a_report(log="INFO kept risk=7", stdout=WORDS)
    judge(report, watch)

    assert report.passed


def test_a_log_is_judged_when_the_test_is_over(watch: Watch) -> None:
    report = a_report(log=WORDS)
    report.when = "call"
    judge(report, watch)

    assert report.passed


def test_what_is_typed_anywhere_is_remembered() -> None:
    seen = Watch()
    state = {"values": {"what": {"what": {"type": "plain_text_input", "value": "One of them is ill"}}}}
    seen.note({"type": "view_submission", "view": {"state": state}})
    seen.note({"command": "/risk", "text": "APOLLO it may rain on Friday"})
    seen.note({"type": "message_action", "message": {"text": "Nobody picks up the phone"}})
    seen.note({"command": "/pmo", "text": "help"})

    assert seen.words == {"One of them is ill", "APOLLO it may rain on Friday", "Nobody picks up the phone"}


def test_the_playgrounds_secrets_are_known_to_the_watch() -> None:
    with Playground() as slack:
        acme = slack.add_workspace("Acme", people=["ada"])

    assert {acme.bot_token, acme.app_token, acme.signing_secret} <= WATCH.secrets
    assert wire.signed(b"body", "secret", 7)["x-slack-signature"] in WATCH.secrets

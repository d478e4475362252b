"""Addresses: Slack's own, and all that only look like them."""

import pytest

from bot.rules.addresses import is_of

SLACK = "https://slack.com/api/"
LOCAL = "http://127.0.0.1:4000/api/"


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://hooks.slack.com/commands/T1/1/x", SLACK),
        ("https://files.slack.com/files-pri/T1-F1/register.csv", SLACK),
        ("https://slack.com/x", SLACK),
        ("https://HOOKS.Slack.com/x", SLACK),
        ("https://hooks.slack.com/x", "https://www.slack.com/api/"),
        ("https://hooks.slack-gov.com/x", "https://slack-gov.com/api/"),
        ("http://127.0.0.1:4000/hooks/x", LOCAL),
        ("http://[::1]:4000/hooks/x", "http://[::1]:4000/api/"),
    ],
)
def test_slacks_own(url: str, api: str) -> None:
    assert is_of(url, api)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "words",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com:port/x",
        "https://slack.com.evil.example/x",
        "https://evilslack.com/x",
        "https://slack.com@evil.example/x",
        "https://somebody@hooks.slack.com/x",
        "https://evil.example\\.slack.com/x",
        "https://evil.example/slack.com",
        "https://[hooks.slack.com/x",
        "https:///x",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:4000/x",
        "file:///etc/passwd",
        "gopher://slack.com/x",
    ],
)
@pytest.mark.parametrize("api", [SLACK, LOCAL])
def test_no_other(url: str, api: str) -> None:
    assert not is_of(url, api)

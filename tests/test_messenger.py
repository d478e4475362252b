"""What Slack's answers mean, against a Slack that misbehaves on order."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import Undeliverable
from bot.messenger import Dead, Faulty, Line, Messenger, Retry, TooRich, Uncertain, Unchangeable
from bot.messenger.faults import meaning
from bot.playground import Channel, Clock, Playground, Workspace
from tests.factories import NOW

HELLO = {"text": "Hello", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}]}
TABLE = {
    "type": "data_table",
    "caption": "Risks",
    "page_size": 10,
    "row_header_column_index": 0,
    "rows": [
        [{"type": "raw_text", "text": "Project"}, {"type": "raw_text", "text": "Open"}],
        [{"type": "raw_text", "text": "Apollo"}, {"type": "raw_text", "text": "4"}],
    ],
}
RICH = {"text": "Four risks", "blocks": [*HELLO["blocks"], TABLE]}


@pytest.fixture
def slack() -> Iterator[Playground]:
    with Playground(Clock(NOW), rate_limits=False) as slack:
        yield slack


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    channels: list[str | Channel] = ["#apollo", Channel("old", is_archived=True)]
    return slack.add_workspace("Acme", people=["ada"], channels=channels)


@pytest.fixture
def apollo(acme: Workspace) -> str:
    return the_channel(acme, "#apollo").id


@pytest.fixture
def messenger(slack: Playground, acme: Workspace) -> Messenger:
    client = Line(slack.api_url).client(1, acme.bot_token)
    return Messenger(lambda workspace: client)


def the_channel(workspace: Workspace, name: str) -> Channel:
    channel = workspace.channel(name)
    assert channel is not None
    return channel


def said(slack: Playground) -> list[str]:
    return [message.text for message in slack.as_("ada").reads("#apollo")]


def test_a_message_is_posted_where_it_says(slack: Playground, messenger: Messenger, apollo: str) -> None:
    channel, ts = messenger.post(1, apollo, HELLO, metadata={"event_type": "post", "event_payload": {"id": 1}})

    [message] = slack.as_("ada").reads("#apollo")
    assert (channel, ts, message.text) == (apollo, message.ts, "Hello")


def test_links_in_a_message_get_no_previews() -> None:
    sent: list[dict[str, Any]] = []

    class Noting(WebClient):
        def api_call(self, *_: Any, **arguments: Any) -> Any:
            sent.append(arguments["json"])
            return {"channel": "C1", "ts": "1.1"}

    Messenger(lambda workspace: Noting()).post(1, "C1", HELLO)

    assert sent == [{**HELLO, "channel": "C1", "unfurl_links": False, "unfurl_media": False}]


def test_an_answer_goes_into_the_thread(slack: Playground, messenger: Messenger, apollo: str) -> None:
    _, ts = messenger.post(1, apollo, HELLO)
    messenger.post(1, apollo, {"text": "more", "blocks": []}, thread_ts=ts)

    [message] = slack.as_("ada").reads("#apollo")
    assert [answer.text for answer in slack.as_("ada").reads(thread=message)] == ["Hello", "more"]


def test_a_message_is_changed_and_taken_away(slack: Playground, messenger: Messenger, apollo: str) -> None:
    _, ts = messenger.post(1, apollo, HELLO)
    messenger.update(1, apollo, ts, {"text": "Changed", "blocks": []})
    assert said(slack) == ["Changed"]

    messenger.delete(1, apollo, ts)
    messenger.delete(1, apollo, ts)
    assert said(slack) == []


def test_a_direct_conversation_is_opened_by_person(slack: Playground, messenger: Messenger) -> None:
    ada = slack.as_("ada")

    assert messenger.open_dm(1, ada.me.id) == ada.dm.id
    assert messenger.person(1, ada.me.id)["id"] == ada.me.id


def test_who_is_not_there_is_undeliverable(messenger: Messenger) -> None:
    with pytest.raises(Undeliverable, match="user_not_found"):
        messenger.person(1, "UNOBODY")
    with pytest.raises(Undeliverable, match="user_not_found"):
        messenger.open_dm(1, "UNOBODY")


def test_a_message_that_is_gone_can_be_said_anew(messenger: Messenger, apollo: str) -> None:
    with pytest.raises(Unchangeable, match="message_not_found"):
        messenger.update(1, apollo, "1.000001", HELLO)


def test_a_closed_channel_is_undeliverable_for_every_verb(messenger: Messenger, acme: Workspace) -> None:
    old = the_channel(acme, "#old").id
    with pytest.raises(Undeliverable, match="is_archived") as refused:
        messenger.post(1, old, HELLO)
    assert type(refused.value) is Undeliverable
    with pytest.raises(Undeliverable, match="channel_not_found"):
        messenger.delete(1, "CNOWHERE", "1.000001")
    with pytest.raises(Undeliverable, match="channel_not_found"):
        messenger.update(1, "CNOWHERE", "1.000001", HELLO)


def test_a_workspace_that_does_not_draw_the_newest_blocks_gets_the_others(slack: Playground) -> None:
    acme = slack.add_workspace("Acme", people=["ada"], channels=["#apollo"], newest_blocks=False)
    client = Line(slack.api_url).client(1, acme.bot_token)
    messenger = Messenger(lambda workspace: client)
    apollo = the_channel(acme, "#apollo").id

    with pytest.raises(TooRich, match="invalid_blocks"):
        messenger.post(1, apollo, RICH)
    _, ts = messenger.post(1, apollo, RICH, plainness=1)
    with pytest.raises(TooRich, match="invalid_blocks"):
        messenger.update(1, apollo, ts, RICH)
    messenger.update(1, apollo, ts, {**RICH, "text": "Five risks"}, plainness=1)

    [message] = slack.as_("ada").reads("#apollo")
    assert [block["type"] for block in message.blocks] == ["section"]
    assert message.text == "Five risks"


def test_words_arrive_even_when_no_block_does(slack: Playground, messenger: Messenger, apollo: str) -> None:
    broken = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    message = {"text": "Hello", "blocks": [broken, TABLE]}

    for plainness in (0, 1):
        with pytest.raises(TooRich):
            messenger.post(1, apollo, message, plainness=plainness)
    messenger.post(1, apollo, message, plainness=2)
    messenger.post(1, apollo, message, plainness=9)

    assert [(said.text, said.blocks) for said in slack.as_("ada").reads("#apollo")] == [("Hello", [])] * 2


def test_a_message_without_words_is_our_own_fault(messenger: Messenger, apollo: str) -> None:
    with pytest.raises(Faulty, match="no_text"):
        messenger.post(1, apollo, {"text": "", "blocks": []})


def test_slack_is_left_in_peace_for_as_long_as_it_says(slack: Playground, messenger: Messenger, apollo: str) -> None:
    slack.misbehave("chat.postMessage", "429", retry_after=17)
    with pytest.raises(Retry) as wait:
        messenger.post(1, apollo, HELLO)

    assert wait.value.after == 17


@pytest.mark.parametrize("how", ["500", "502", "503", "internal_error", "service_unavailable"])
def test_what_passes_is_tried_again(slack: Playground, messenger: Messenger, apollo: str, how: str) -> None:
    slack.misbehave("chat.postMessage", how)
    with pytest.raises(Retry) as wait:
        messenger.post(1, apollo, HELLO)

    assert wait.value.after is None
    assert said(slack) == []


@pytest.mark.parametrize("how", ["timeout_after_accepting", "reset_after_accepting", "reset_before", "fatal_error"])
def test_a_post_that_slack_may_have_is_sent_once_and_uncertain(
    slack: Playground, messenger: Messenger, apollo: str, how: str
) -> None:
    slack.misbehave("chat.postMessage", how)
    with pytest.raises(Uncertain):
        messenger.post(1, apollo, HELLO)

    assert len(said(slack)) <= 1
    assert slack.traffic.count("chat.postMessage") <= 1


@pytest.mark.parametrize("how", ["timeout_before", "reset_after_accepting", "fatal_error"])
def test_what_may_be_done_twice_is_tried_again(slack: Playground, messenger: Messenger, apollo: str, how: str) -> None:
    _, ts = messenger.post(1, apollo, HELLO)
    slack.misbehave("chat.update", how)
    with pytest.raises(Retry):
        messenger.update(1, apollo, ts, {"text": "Changed", "blocks": []})


def test_a_slack_that_cannot_be_reached_has_heard_nothing() -> None:
    client = WebClient(base_url="http://127.0.0.1:1/api/", retry_handlers=[])
    with pytest.raises(Retry, match="unreachable"):
        Messenger(lambda workspace: client).post(1, "C1", HELLO)


def test_a_dead_token_ends_the_installation(slack: Playground, messenger: Messenger, apollo: str) -> None:
    slack.misbehave("chat.postMessage", "dead_token")
    with pytest.raises(Dead, match="token_revoked") as dead:
        messenger.post(1, apollo, HELLO)

    assert not dead.value.for_now


def answered(code: str, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> SlackApiError:
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": code, **more},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("", response)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        (answered("ratelimited"), Retry),
        (answered("message_limit_exceeded"), Retry),
        (answered("Received a response in a non-JSON format: <html>", 200), Retry),
        (answered("hash_conflict"), Retry),
        (answered("restricted_action_read_only_channel"), Undeliverable),
        (answered("slack_connect_file_upload_sharing_blocked"), Undeliverable),
        (answered("is_inactive"), Undeliverable),
        (answered("account_inactive"), Dead),
        (answered("token_expired"), Dead),
        (answered("org_login_required"), Dead),
        (answered("missing_scope", needed="chat:write"), Faulty),
        (answered("messages_tab_disabled"), Faulty),
        (answered("some_new_word"), Faulty),
    ],
)
def test_every_word_of_slacks_has_one_meaning(refused: SlackApiError, kind: type[Exception]) -> None:
    assert type(meaning(refused)) is kind


def test_an_admins_lock_is_no_death() -> None:
    held = meaning(answered("accesslimited"))

    assert isinstance(held, Dead)
    assert held.for_now


def test_a_missing_scope_is_named() -> None:
    refused = meaning(answered("missing_scope", needed="chat:write"))

    assert isinstance(refused, Faulty)
    assert "chat:write" in refused.detail


def test_without_a_time_slack_is_left_in_peace_for_half_a_minute() -> None:
    wait = meaning(answered("ratelimited", 429, {"Retry-After": "soon"}))

    assert isinstance(wait, Retry)
    assert wait.after == timedelta(seconds=30).total_seconds()


def test_the_line_breaking_on_a_question_is_tried_again() -> None:
    class Broken(WebClient):
        def api_call(self, *_: Any, **__: Any) -> Any:
            raise ConnectionResetError

    with pytest.raises(Retry):
        Messenger(lambda workspace: Broken()).person(1, "U1")

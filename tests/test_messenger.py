"""What Slack's answers mean, against a Slack that misbehaves on order."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import Undeliverable
from bot.messenger import Dead, Faulty, Lacking, Line, Messenger, Retry, TooRich, Uncertain, Unchangeable, Unseen, files
from bot.messenger.faults import meaning
from bot.playground import Channel, Clock, Person, Playground, Workspace
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
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
    channel, ts = messenger.post(1, apollo, HELLO, mark=("risk:1:card", 3))

    [message] = slack.as_("ada").reads("#apollo")
    assert (channel, ts, message.text) == (apollo, message.ts, "Hello")
    assert message.metadata == {"event_type": "pmo_post", "event_payload": {"key": "risk:1:card", "version": 3}}


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
def test_what_passes_is_tried_again_where_twice_is_as_good_as_once(
    slack: Playground, messenger: Messenger, apollo: str, how: str
) -> None:
    _, ts = messenger.post(1, apollo, HELLO)
    slack.misbehave("chat.update", how)
    with pytest.raises(Retry) as wait:
        messenger.update(1, apollo, ts, {"text": "Changed", "blocks": []})

    assert wait.value.after is None
    assert said(slack) == ["Hello"]


HALFWAY = ["500", "502", "503", "internal_error", "service_unavailable", "request_timeout", "fatal_error"]


@pytest.mark.parametrize("how", ["timeout_after_accepting", "reset_after_accepting", "reset_before", *HALFWAY])
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


@pytest.fixture
def looking(slack: Playground) -> Callable[..., tuple[Messenger, Workspace]]:
    """A messenger in a workspace of its own, let in with these scopes."""

    def look(*scopes: str, channels: Sequence[str | Channel] = ("#apollo",)) -> tuple[Messenger, Workspace]:
        acme = slack.add_workspace("Looking", people=["ada"], channels=[*channels])
        slack.install(acme, scopes=["chat:write", "chat:write.public", "im:write", *scopes])
        client = Line(slack.api_url).client(1, acme.bot_token)
        return Messenger(lambda workspace: client), acme

    return look


def look_for(messenger: Messenger, channel: str, key: str = "a", thread_ts: str | None = None) -> Any:
    return messenger.find(1, channel, key, since=NOW - MINUTE, until=NOW + MINUTE, thread_ts=thread_ts)


@pytest.mark.parametrize("how", ["timeout_after_accepting", "reset_after_accepting"])
def test_what_slack_took_without_an_answer_is_found(slack: Playground, looking: Callable[..., Any], how: str) -> None:
    messenger, acme = looking("channels:history", "im:history")
    acme.short_pages = True
    apollo, dm = the_channel(acme, "#apollo").id, messenger.open_dm(1, acme.person("ada").id)
    for channel in (apollo, dm):
        for number in range(3):
            messenger.post(1, channel, HELLO, mark=(f"other:{number}", 1))
        slack.misbehave("chat.postMessage", how)
        with pytest.raises(Uncertain):
            messenger.post(1, channel, HELLO, mark=("a", 2))
        found = look_for(messenger, channel)
        assert found is not None
        assert found[1] == 2
        assert look_for(messenger, channel, "b") is None
        assert found[0] == the_channel(acme, channel).messages[-1].ts


def test_what_was_said_at_another_time_is_not_meant(looking: Callable[..., Any], slack: Playground) -> None:
    messenger, acme = looking("channels:history")
    apollo = the_channel(acme, "#apollo").id
    messenger.post(1, apollo, HELLO, mark=("a", 1))
    slack.clock.advance(timedelta(hours=1))

    assert messenger.find(1, apollo, "a", since=slack.clock() - MINUTE, until=slack.clock() + MINUTE) is None


def test_a_reply_is_found_in_its_thread(looking: Callable[..., Any]) -> None:
    messenger, acme = looking("channels:history")
    apollo = the_channel(acme, "#apollo").id
    _, ts = messenger.post(1, apollo, HELLO, mark=("parent", 1))
    _, reply = messenger.post(1, apollo, HELLO, mark=("a", 1), thread_ts=ts)

    assert look_for(messenger, apollo) is None
    assert look_for(messenger, apollo, thread_ts=ts) == (reply, 1)
    assert look_for(messenger, apollo, thread_ts="1.000001") is None


@pytest.mark.parametrize(
    ("scopes", "channel", "why"),
    [
        ((), "#apollo", "missing_scope"),
        (("channels:history",), "#secret", "missing_scope"),
        (("channels:history",), "#elsewhere", "not_in_channel"),
    ],
)
def test_where_the_bot_may_not_look_it_says_so(
    looking: Callable[..., Any], scopes: tuple[str, ...], channel: str, why: str
) -> None:
    secret = Channel("secret", "private", members=["ada", "pmo"])
    messenger, acme = looking(*scopes, channels=["#apollo", secret, Channel("elsewhere", members=["ada"])])
    heard: list[Exception] = []

    def hear(_workspace: int, _token: str, fault: Exception) -> Exception:
        heard.append(fault)
        return fault

    messenger._hear = hear
    place = the_channel(acme, channel)
    if channel == "#secret":
        place.members.append(acme.bot_user)
    for thread_ts in (None, "1.000001"):
        with pytest.raises(Unseen, match=why):
            look_for(messenger, place.id, thread_ts=thread_ts)
    assert not [fault for fault in heard if isinstance(fault, Lacking)]


def test_a_workspace_that_is_full_is_left_in_peace_for_long() -> None:
    wait = meaning(answered("message_limit_exceeded"))

    assert isinstance(wait, Retry)
    assert (wait.code, wait.after) == ("message_limit_exceeded", 3600)


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
        (answered("missing_scope", needed="chat:write"), Lacking),
        (answered("team_added_to_org"), Retry),
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


def a_file(slack: Playground, acme: Workspace, content: bytes = b"a,b\n", name: str = "r.csv") -> str:
    """A file that Ada dropped; its id."""
    return str(slack.as_("ada")._file((name, content))["id"])


def test_a_file_is_fetched_from_slack(slack: Playground, acme: Workspace, messenger: Messenger) -> None:
    assert messenger.download(1, a_file(slack, acme), most=10) == b"a,b\n"


def test_a_file_that_is_too_large_is_not_fetched(slack: Playground, acme: Workspace, messenger: Messenger) -> None:
    with pytest.raises(Undeliverable, match="file_too_large"):
        messenger.download(1, a_file(slack, acme), most=3)


def test_a_file_that_says_it_is_small_is_not_believed(slack: Playground, acme: Workspace, messenger: Messenger) -> None:
    number = a_file(slack, acme)
    acme.files[number].size = 1
    with pytest.raises(Undeliverable, match="file_too_large"):
        messenger.download(1, number, most=3)


def test_a_file_that_is_not_there_or_not_for_us(slack: Playground, acme: Workspace, messenger: Messenger) -> None:
    with pytest.raises(Undeliverable, match="file_not_found"):
        messenger.download(1, "F0", most=10)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://169.254.169.254/latest/meta-data", "file_elsewhere"),
        ("", "file_elsewhere"),
        ("{slack}/files/F0/none", "file_not_shown"),
        ("{slack}/nowhere", "file_not_shown"),
    ],
)
def test_nothing_is_fetched_from_elsewhere_or_from_a_sign_in_page(
    slack: Playground, acme: Workspace, url: str, code: str
) -> None:
    client = Line(slack.api_url).client(2, acme.bot_token)
    with pytest.raises(Undeliverable, match=code):
        files.fetch(client, url.format(slack=slack.url), most=10)


def test_a_slack_that_is_not_there_is_asked_again() -> None:
    client = Line("http://127.0.0.1:1/api/").client(1, "xoxb-1")
    with pytest.raises(Retry, match="unreachable"):
        files.fetch(client, "http://127.0.0.1:1/files/F1/r.csv", most=10)


@pytest.mark.parametrize(("status", "kind"), [(429, Retry), (503, Retry), (302, Undeliverable), (404, Undeliverable)])
def test_what_slacks_files_answer(status: int, kind: type[Exception]) -> None:
    assert isinstance(files._refused(status), kind)


def test_everybody_is_listed_page_by_page(acme: Workspace, messenger: Messenger) -> None:
    acme.short_pages = True

    assert "ada" in [user["name"] for user in messenger.everybody(1)]


def test_a_channel_and_all_who_are_in_it_are_told(slack: Playground, acme: Workspace, messenger: Messenger) -> None:
    crowd = [Person(f"p{number}") for number in range(201)]
    for person in crowd:
        slack.add_person(acme, person)
    apollo = acme.channel("#apollo")
    assert apollo is not None
    apollo.members.extend(person.id for person in crowd)
    told = messenger.channel(1, apollo.id)
    assert (told["name"], told["is_private"], told["is_ext_shared"]) == ("apollo", False, False)
    assert messenger.members(1, apollo.id) == apollo.members


def test_who_is_in_a_very_large_channel_is_not_known(acme: Workspace, messenger: Messenger) -> None:
    apollo = acme.channel("#apollo")
    assert apollo is not None
    apollo.members.extend(f"U{number}" for number in range(2001))
    assert messenger.members(1, apollo.id) is None

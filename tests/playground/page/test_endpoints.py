"""The page over HTTP: what stands where, and for whom."""

import base64

import pytest

from bot.playground import Message
from bot.playground.records import File
from tests.playground.page import samples
from tests.playground.page.visiting import ORIGIN, Visit


def test_the_start_leads_to_the_first_person_before_the_bot(visit: Visit) -> None:
    answer = visit.client.get("/", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{visit.base}/{visit.channel('@pmo')}")
    assert visit.client.get(f"/w/{visit.workspace.id}").url.path == answer.headers["location"]
    assert visit.client.get(visit.base).url.path == answer.headers["location"]


def test_without_the_bot_the_start_is_its_empty_home(visit: Visit) -> None:
    other = visit.slack.add_workspace("Globex", ["dana"], install=False)

    answer = visit.client.get(f"/w/{other.id}")

    assert answer.url.path.endswith("/home")
    assert "PMO Bot has not put anything here yet." in answer.text


@pytest.mark.parametrize(
    "path", ["/w/T404", "/w/T404/U1/C1", "/w/{team}/U404", "/w/{team}/{bot}/home", "{base}/C404", "{base}/nonsense/x"]
)
def test_nothing_is_there_for_who_has_no_business_there(visit: Visit, path: str) -> None:
    filled = path.format(team=visit.workspace.id, bot=visit.workspace.bot_user, base=visit.base)

    assert visit.client.get(filled).status_code == 404


def test_a_private_channel_is_for_its_members(visit: Visit) -> None:
    board = visit.channel("#board")
    visit.who = "bo"

    answer = visit.client.get(f"{visit.base}/{board}")

    assert answer.status_code == 404
    assert "There is nothing here for you" in answer.text


def test_who_left_is_nobody_any_more(visit: Visit) -> None:
    base = visit.base
    visit.slack.change_person(visit.workspace, "ana", deleted=True)

    assert visit.client.get(f"{base}/home").status_code == 404
    assert "/home" not in visit.client.get("/").url.path


def test_the_manifest_says_what_is_suggested(visit: Visit) -> None:
    text = visit.sees("#apollo")

    assert "/risk [KEY what may happen] Raise a risk" in text
    assert "New project Opens a form" in text
    assert "Raise a risk PMO Bot" in text
    assert "Bo Chen @bo" in text


def test_moments_are_the_readers_own(visit: Visit) -> None:
    assert "Friday, 21 November 2025, 14:30 Europe/London" in visit.sees()
    assert "To the next due moment today 16:00" in visit.sees()
    visit.who = "bo"
    assert "Friday, 21 November 2025, 20:00 Asia/Kolkata" in visit.sees()
    assert "To the next due moment today 21:30" in visit.sees()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("archived", "This channel is archived; it can be read, nothing can be written."),
        ("read only", "Only some people may write in this channel."),
    ],
)
def test_a_closed_channel_says_so(visit: Visit, change: str, words: str) -> None:
    channel = visit.workspace.channel("#apollo")
    assert channel
    channel.is_archived, channel.is_read_only = change == "archived", change == "read only"

    assert words in visit.sees("#apollo")
    assert "<textarea" not in visit.html("#apollo")


def test_an_app_may_be_mute(visit: Visit) -> None:
    visit.slack.manifest.source["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    try:
        assert "Sending messages to this app has been turned off." in visit.sees("@pmo")
    finally:
        visit.slack.manifest.source["features"]["app_home"]["messages_tab_read_only_enabled"] = False


def test_unread_channels_are_marked_until_they_are_seen(visit: Visit) -> None:
    visit.slack.as_("bo").types("news", "#apollo")

    assert "1 unread" in visit.sees("@pmo")
    visit.sees("#apollo")
    assert "unread" not in visit.sees("@pmo")


def test_only_the_newest_messages_are_drawn_at_first(visit: Visit) -> None:
    for number in range(83):
        visit.slack.as_("bo").types(f"number {number}.", "#apollo")

    assert "Show 3 earlier messages" in visit.sees("#apollo")
    assert "number 2." not in visit.sees("#apollo")
    assert "number 2." in visit.sees("#apollo", "?all=1")


def test_one_can_be_somebody_else_and_go_elsewhere(visit: Visit) -> None:
    other = visit.slack.add_workspace("Globex", ["dana"])
    bo = visit.slack.as_("bo").me.id

    assert f'href="/w/{visit.workspace.id}/{bo}/{visit.channel("#apollo")}"' in visit.html("#apollo")
    assert f'href="/w/{visit.workspace.id}/{bo}/home"' in visit.html("#board")
    assert f'href="/w/{other.id}"' in visit.html("#apollo")


def test_direct_messages_have_their_place(visit: Visit) -> None:
    visit.slack.as_("ana").types("hi", "@bo")

    assert "Direct messages ● Bo Chen" in visit.sees("#apollo")


def test_every_kind_of_message_is_drawn(visit: Visit) -> None:
    visit.slack.world.workspaces[visit.workspace.id].files["F1"] = File("F1", "plan.pdf", "T", "U", 3, "", title="Plan")
    channel = visit.workspace.channel("#apollo")
    assert channel
    attachment = {"title": "Old way", "pretext": "before", "text": "*inside*", "blocks": [samples.CARD]}
    here, me = channel.id, visit.me
    channel.messages += [
        Message("1.000001", here, me, "edited", edited_ts="2.0", reactions={"tada": ["U1"]}),
        Message("1.000002", here, me, "", attachments=[attachment, {"fallback": "just words"}], files=["F1", "F2"]),
        Message("1.000003", here, me, "gone", subtype="tombstone"),
    ]

    text = visit.sees("#apollo")

    for words in ("(edited)", "🎉 1", "Old way", "before", "Risk APOLLO-R12", "just words", "📎 Plan 3 bytes"):
        assert words in text
    assert "This message was deleted." in text


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [("chart.png", "image/png", None), ("page.html", "application/octet-stream", "attachment")],
)
def test_pictures_are_shown_and_other_files_downloaded(
    visit: Visit, name: str, kind: str, disposition: str | None
) -> None:
    content = base64.b64encode(b"bytes").decode()
    visit.workspace.files["F1"] = File("F1", name, visit.workspace.id, "U1", 5, "", content=content)

    answer = visit.client.get(f"/w/{visit.workspace.id}/files/F1")

    assert (answer.content, answer.headers["content-type"]) == (b"bytes", kind)
    assert answer.headers.get("content-disposition") == disposition
    assert visit.client.get(f"/w/{visit.workspace.id}/files/F2").status_code == 404


def test_there_is_no_deed_of_that_name(visit: Visit) -> None:
    assert visit.client.post(f"{visit.base}/destroy", headers=ORIGIN).status_code == 404
    assert visit.client.post(f"{visit.base}/say").status_code == 403


def test_static_files_are_guarded_and_there(visit: Visit) -> None:
    for name in (
        "page.js",
        "live.js",
        "act.js",
        "composer.js",
        "menus.js",
        "picker.js",
        "tables.js",
        "page.css",
        "icon.svg",
    ):
        answer = visit.client.get(f"/static/{name}")
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_changes_are_streamed(visit: Visit) -> None:
    answer = visit.client.get("/events", headers={"last-event-id": "0"})

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("retry: 250\nid: 0\n")
    assert visit.client.get("/events").text.startswith("retry: 250\nid: ")

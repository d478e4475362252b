"""People fill in: each input holds what Slack would send, and refuses what its client would."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from bot.playground import Impossible, Playground, Workspace
from tests.playground.conftest import (
    Json,
    Opens,
    StubBot,
    channel_id,
    field,
    held,
    modal,
    options,
    plain,
    user_id,
)

SUGGESTED = options("Apollo", "Artemis")
A = options("A")[0]
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}

FILLED: dict[str, tuple[Json, Any, Json]] = {
    "text": ({"type": "plain_text_input"}, "late", {"value": "late"}),
    "emptied": ({"type": "plain_text_input", "initial_value": "x"}, None, {"value": None}),
    "number": ({"type": "number_input", "is_decimal_allowed": True}, Decimal("3.5"), {"value": "3.5"}),
    "email": ({"type": "email_text_input"}, "a@b.example", {"value": "a@b.example"}),
    "url": ({"type": "url_text_input"}, "https://b.example", {"value": "https://b.example"}),
    "by label": ({"type": "static_select", "options": options("A", "B")}, "A", {"selected_option": A}),
    "by value": ({"type": "static_select", "options": options("A", "B")}, "a", {"selected_option": A}),
    "by part of it": (
        {"type": "radio_buttons", "options": options("Green", "Red")},
        "gree",
        {"selected_option": options("Green")[0]},
    ),
    "by option": ({"type": "static_select", "options": options("A", "B")}, A, {"selected_option": A}),
    "in a group": (
        {"type": "static_select", "option_groups": [{"label": plain("g"), "options": options("A")}]},
        "A",
        {"selected_option": A},
    ),
    "multi": (
        {"type": "multi_static_select", "options": options("A", "B")},
        ["A", "b"],
        {"selected_options": options("A", "B")},
    ),
    "none of many": ({"type": "multi_static_select", "options": options("A")}, [], {"selected_options": []}),
    "checkbox": ({"type": "checkboxes", "options": options("A")}, "A", {"selected_options": [A]}),
    "external": ({"type": "external_select"}, "Apollo", {"selected_option": SUGGESTED[0]}),
    "externals": ({"type": "multi_external_select"}, ["Artemis"], {"selected_options": SUGGESTED[1:]}),
    "day": ({"type": "datepicker"}, date(2026, 12, 1), {"selected_date": "2026-12-01"}),
    "day as text": ({"type": "datepicker"}, "2026-12-01", {"selected_date": "2026-12-01"}),
    "time": ({"type": "timepicker"}, time(9, 5), {"selected_time": "09:05"}),
    "time with a zone": (
        {"type": "timepicker", "timezone": "Europe/Paris"},
        "17:30",
        {"selected_time": "17:30", "timezone": "Europe/Paris"},
    ),
    "moment": ({"type": "datetimepicker"}, datetime(2026, 12, 1, tzinfo=UTC), {"selected_date_time": 1796083200}),
    "moment as number": ({"type": "datetimepicker"}, 1796083200, {"selected_date_time": 1796083200}),
    "rich text": ({"type": "rich_text_input"}, "x", {"rich_text_value": RICH}),
    "rich block": ({"type": "rich_text_input"}, RICH, {"rich_text_value": RICH}),
}


@pytest.mark.parametrize(("element", "typed", "expected"), FILLED.values(), ids=FILLED)
def test_each_input_holds_what_slack_would_send(
    opens: Opens, bot: StubBot, element: Json, typed: Any, expected: Json
) -> None:
    bot.answer = lambda kind, payload: {"options": SUGGESTED}
    ada = opens(modal(field("it", element)))

    ada.fills(it=typed)

    assert held(ada, "it") == {"type": element["type"], **expected}


def test_people_and_channels_are_named(opens: Opens, acme: Workspace, slack: Playground) -> None:
    ada = opens(
        modal(
            field("owner", {"type": "users_select"}),
            field("team", {"type": "multi_users_select"}),
            field("where", {"type": "channels_select"}),
            field("talk", {"type": "multi_conversations_select"}),
        )
    )
    direct = slack.as_("ada").goes_to("@bob")

    ada.fills({"owner": "@bob", "team": ["ada", slack.as_("bob").me], "where": "#apollo", "talk": ["#secret", "bob"]})

    bob = user_id(acme, "bob")
    assert held(ada, "owner")["selected_user"] == bob
    assert held(ada, "team")["selected_users"] == [user_id(acme, "ada"), bob]
    assert held(ada, "where")["selected_channel"] == channel_id(acme, "apollo")
    assert held(ada, "talk")["selected_conversations"] == [channel_id(acme, "secret"), direct.id]


NOT_OFFERED: dict[str, tuple[Json, Any]] = {
    "long": ({"type": "plain_text_input", "max_length": 3}, "1234"),
    "over 3000": ({"type": "plain_text_input"}, "x" * 3001),
    "two lines": ({"type": "plain_text_input"}, "a\nb"),
    "no such option": ({"type": "static_select", "options": options("A")}, "Z"),
    "either of two": ({"type": "static_select", "options": options("Amber", "Amber-red")}, "amb"),
    "too many": ({"type": "multi_static_select", "options": options("A", "B"), "max_selected_items": 1}, ["A", "B"]),
    "not suggested": ({"type": "external_select"}, "Zeus"),
    "typed too little": ({"type": "external_select"}, "Ap"),
    "radio taken back": ({"type": "radio_buttons", "options": options("A")}, None),
    "no day": ({"type": "datepicker"}, "2026-02-30"),
    "no time": ({"type": "timepicker"}, "25:00"),
    "deactivated": ({"type": "users_select"}, "gone"),
    "nobody": ({"type": "users_select"}, "nobody"),
    "private": ({"type": "channels_select"}, "#secret"),
    "archived": ({"type": "conversations_select"}, "#old"),
    "no conversation": ({"type": "conversations_select"}, "bob"),
    "filtered out": ({"type": "conversations_select", "filter": {"include": ["im"]}}, "#apollo"),
    "a bot": ({"type": "conversations_select", "filter": {"exclude_bot_users": True}}, "pmo"),
    "shared": ({"type": "conversations_select", "filter": {"exclude_external_shared_channels": True}}, "#open"),
    "too many files": ({"type": "file_input", "max_files": 1}, ["a.png", "b.png"]),
    "wrong file": ({"type": "file_input", "filetypes": ["png"]}, ["a.pdf"]),
}


@pytest.mark.parametrize(("element", "typed"), NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_the_client_refuses_what_is_not_offered(
    opens: Opens, bot: StubBot, acme: Workspace, element: Json, typed: Any
) -> None:
    bot.answer = lambda kind, payload: {"options": SUGGESTED}
    acme.channels[channel_id(acme, "open")].is_ext_shared = True
    ada = opens(modal(field("it", element)))
    assert ada.dm

    with pytest.raises(Impossible):
        ada.fills(it=typed)

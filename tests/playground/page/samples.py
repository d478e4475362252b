"""Every block and every element that Slack draws, once: what the renderer is tried on."""

from typing import Any

Json = dict[str, Any]

PICTURE = "https://example.com/picture.png"
EPOCH = 1_763_737_200  # Friday 21 November 2025, 15:00 UTC


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str = "") -> Json:
    """An option of a list."""
    return {"text": plain(text), "value": value} | ({"description": plain(description)} if description else {})


def element(kind: str, action: str, **more: Any) -> Json:
    """An element with its action_id."""
    return {"type": kind, "action_id": action, **more}


def asked(label: str, thing: Json, **more: Any) -> Json:
    """An input block whose block_id is its element's action_id."""
    return {"type": "input", "block_id": thing["action_id"], "label": plain(label), "element": thing, **more}


HEALTH = [option("Green", "green", "On plan"), option("Amber", "amber", "At risk"), option("Red", "red", "Off plan")]
CONFIRM = {
    "title": plain("Close this risk?"),
    "text": mrkdwn("It *leaves* the digest."),
    "confirm": plain("Close it"),
    "deny": plain("Keep it"),
    "style": "danger",
}
BUTTONS = [
    element("button", "check_in", text=plain("Check in"), value="1", style="primary"),
    element("button", "no_change", text=plain("No change"), value="1"),
    element("button", "close", text=plain("Close"), value="1", style="danger", confirm=CONFIRM),
    element("button", "site", text=plain("Open the plan"), url="https://example.com/plan"),
    element("overflow", "more", options=[option("Re-score", "score"), option("Hand over", "own", "To a deputy")]),
]
CHOICES = [
    element("static_select", "health", placeholder=plain("Health"), options=HEALTH, initial_option=HEALTH[1]),
    element(
        "static_select",
        "grouped",
        placeholder=plain("Portfolio"),
        option_groups=[
            {"label": plain("Running"), "options": HEALTH[:2]},
            {"label": plain("Ended"), "options": HEALTH[2:]},
        ],
    ),
    element("external_select", "project", placeholder=plain("Find a project"), min_query_length=0),
    element("users_select", "owner", placeholder=plain("Owner"), initial_user="U2"),
    element("conversations_select", "where", placeholder=plain("Conversation"), filter={"include": ["public", "im"]}),
    element("channels_select", "channel", placeholder=plain("Channel"), initial_channel="C1"),
    element("datepicker", "due", initial_date="2025-11-28", placeholder=plain("Due")),
    element("timepicker", "at", initial_time="15:00", timezone="Asia/Kolkata"),
    element("datetimepicker", "by", initial_date_time=EPOCH),
]
TICKS = [
    element("radio_buttons", "rag", options=HEALTH, initial_option=HEALTH[0]),
    element("checkboxes", "flags", options=HEALTH[:2], initial_options=[HEALTH[1]]),
]
TYPED = [
    element("plain_text_input", "title", placeholder=plain("In one line"), max_length=80, focus_on_load=True),
    element("plain_text_input", "story", multiline=True, initial_value="Two\nlines"),
    element("number_input", "score", is_decimal_allowed=False, min_value="1", max_value="5", initial_value="4"),
    element("email_text_input", "mail", placeholder=plain("name@example.com")),
    element("url_text_input", "link"),
    element("rich_text_input", "note"),
    element("file_input", "proof", filetypes=["pdf", "png"], max_files=2),
]
MANY = [
    element("multi_static_select", "many", placeholder=plain("Healths"), options=HEALTH, initial_options=HEALTH[:2]),
    element(
        "multi_external_select", "projects", placeholder=plain("Projects"), initial_options=[option("Apollo", "7")]
    ),
    element("multi_users_select", "team", initial_users=["U2"]),
    element("multi_conversations_select", "rooms", initial_conversations=["C1"]),
    element("multi_channels_select", "channels", max_selected_items=2),
]

RICH: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Bold", "style": {"bold": True}},
                {"type": "text", "text": " and "},
                {
                    "type": "text",
                    "text": "all",
                    "style": {"italic": True, "strike": True, "code": True, "underline": True},
                },
                {"type": "link", "url": "https://example.com", "text": " a link "},
                {"type": "user", "user_id": "U1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "emoji", "name": "tada"},
                {"type": "emoji", "name": "custom", "unicode": "1f680"},
                {"type": "date", "timestamp": EPOCH, "format": "{date_short} {time}", "fallback": "then"},
                {"type": "broadcast", "range": "here"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "team", "team_id": "T1"},
                {"type": "color", "value": "#405bab"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "offset": 2,
            "border": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "third"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quote\nof two lines"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "if a < b: pass"}]},
    ],
}

PIE: Json = {
    "type": "data_visualization",
    "title": "Health of 12 projects",
    "chart": {
        "type": "pie",
        "segments": [
            {"label": "Green", "value": 6},
            {"label": "Amber", "value": 4},
            {"label": "Red", "value": 2},
        ],
    },
}


def plotted(kind: str, **config: Any) -> Json:
    """A chart with axes: two series over four weeks."""
    weeks = config.pop("categories", ["27 Oct", "3 Nov", "10 Nov", "17 Nov"])
    return {
        "type": "data_visualization",
        "title": f"Red and amber, as {kind}",
        "chart": {
            "type": kind,
            "series": [
                {"name": "Red", "data": [{"label": week, "value": at - 1} for at, week in enumerate(weeks)]},
                {"name": "Amber", "data": [{"label": week, "value": 6 - at} for at, week in enumerate(weeks)]},
            ],
            "axis_config": {"categories": weeks, **config},
        },
    }


TABLE: Json = {
    "type": "table",
    "column_settings": [{"is_wrapped": True}, None, {"align": "right"}],
    "rows": [
        [{"type": "raw_text", "text": word} for word in ("Project", "Health", "Days late")],
        [
            {"type": "raw_text", "text": "Apollo"},
            {"type": "raw_text", "text": "A Amber"},
            {"type": "raw_text", "text": "4"},
        ],
        [RICH, {"type": "raw_text", "text": "R Red"}, {"type": "raw_text", "text": "21"}],
    ],
}
DATA_TABLE: Json = {
    "type": "data_table",
    "caption": "Open risks by project",
    "page_size": 3,
    "rows": [
        [{"type": "raw_text", "text": "Project"}, {"type": "raw_text", "text": "Open"}],
        *(
            [{"type": "raw_text", "text": name}, {"type": "raw_number", "value": count, "text": str(count)}]
            for name, count in (("Borealis", 10), ("Apollo", 9), ("Cygnus", 2), ("Draco", 33))
        ),
    ],
}
CARD: Json = {
    "type": "card",
    "title": mrkdwn("Risk APOLLO-R12"),
    "subtitle": mrkdwn("Vendor may slip"),
    "body": mrkdwn("*20* of 25, due Friday"),
    "actions": [BUTTONS[0]],
}
MARKDOWN = """## Heading

**bold**, _it_, ~~gone~~ and `code`

1. one
2. two

| a | b |
|---|--:|
| 1 | 2 |

> quote

[link](https://example.com) :rocket:"""
LONG = [f"Portfolio number {number}" for number in range(1, 13)]

BLOCKS: list[Json] = [
    {"type": "header", "text": plain("Weekly digest :bar_chart:")},
    {
        "type": "section",
        "block_id": "s1",
        "text": mrkdwn(
            "*Apollo* is _amber_: <https://example.com|plan>, <@U2>, <#C1>, <!date^1763737200^{date_long} at {time}|x>"
        ),
        "accessory": BUTTONS[0],
    },
    {
        "type": "section",
        "fields": [
            mrkdwn("*Severity*\nHigh"),
            mrkdwn("*Owner*\n<@U1>"),
            mrkdwn("*Due*\n28 Nov 2025"),
            plain("*as typed*"),
        ],
    },
    {"type": "section", "block_id": "s2", "text": plain("Choose who"), "accessory": CHOICES[3]},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [{"type": "image", "image_url": PICTURE, "alt_text": "logo"}, mrkdwn("Sent by *PMO Bot*")],
    },
    {"type": "actions", "block_id": "a1", "elements": BUTTONS},
    {"type": "actions", "block_id": "a2", "elements": CHOICES},
    {"type": "actions", "block_id": "a3", "elements": TICKS},
    {"type": "image", "title": plain("A picture"), "image_url": PICTURE, "alt_text": "three bars"},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "burn-down"},
    RICH,
    {"type": "markdown", "text": MARKDOWN},
    TABLE,
    DATA_TABLE,
    PIE,
    plotted("bar", x_label="Week", y_label="Projects"),
    plotted("line"),
    plotted("area", categories=LONG, x_label="Portfolio"),
    CARD,
    {"type": "carousel", "elements": [CARD, CARD]},
    {
        "type": "container",
        "title": plain("Decisions needed"),
        "subtitle": plain("two of five"),
        "is_collapsible": True,
        "child_blocks": [{"type": "section", "text": mrkdwn("`APOLLO-E3` decide the vendor")}, TABLE],
    },
    {
        "type": "container",
        "rich_text_title": RICH,
        "has_header_divider": True,
        "width": "full",
        "child_blocks": [{"type": "divider"}],
    },
    {
        "type": "context_actions",
        "block_id": "f1",
        "elements": [
            element(
                "feedback_buttons",
                "useful",
                positive_button={"text": plain("Useful"), "value": "1"},
                negative_button={"text": plain("Not useful"), "value": "0"},
            ),
            element("icon_button", "bin", icon="trash", text=plain("Remove"), value="x", confirm=CONFIRM),
        ],
    },
    {
        "type": "video",
        "title": plain("Demo"),
        "video_url": "https://example.com/demo",
        "description": plain("two minutes"),
        "thumbnail_url": PICTURE,
        "alt_text": "demo",
    },
    {
        "type": "plan",
        "title": "Closing",
        "tasks": [
            {"type": "task_card", "task_id": "1", "title": "Hand over", "status": "in_progress", "details": RICH}
        ],
    },
    {"type": "file"},
]
INPUTS: list[Json] = [
    {"type": "alert", "level": "warning", "text": mrkdwn("Two fields are *missing*")},
    *(
        asked(thing["action_id"].capitalize(), thing, optional=at % 2 == 1, hint=plain("As plain as you can"))
        for at, thing in enumerate(TYPED)
    ),
    *(asked(thing["action_id"].capitalize(), thing) for thing in [*MANY, *CHOICES, *TICKS]),
]

"""Blocks and elements as HTML: each is there, named for those who listen, and holds nothing that was typed as HTML."""

from dataclasses import replace

import pytest

from bot.playground import lint
from bot.playground.page import drawing
from bot.playground.page.place import Place, field_name
from bot.playground.page.reader import Json
from tests.playground.page import samples
from tests.playground.page.samples import (
    BLOCKS,
    BUTTONS,
    CHOICES,
    DATA_TABLE,
    INPUTS,
    MANY,
    TICKS,
    TYPED,
    asked,
    element,
)

ATTACK = '"><script>alert(1)</script>'


def drawn(place: Place, *blocks: Json) -> str:
    """The blocks, with the white space between tags taken out."""
    return " ".join(drawing.blocks(blocks, place).split())


@pytest.mark.parametrize("block", BLOCKS + INPUTS, ids=lambda block: f"{block['type']} {block.get('block_id', '')}")
def test_every_block_is_drawn(place: Place, block: Json) -> None:
    html = drawn(place, block)

    assert html
    assert "cannot be shown" not in html or block["type"] == "file"


def test_the_samples_are_what_slack_takes() -> None:
    form = {"type": "modal", "title": samples.plain("x"), "submit": samples.plain("y"), "blocks": INPUTS}

    assert {block["type"]: verdict for block in BLOCKS if (verdict := lint.message([block]))}.keys() == {"file"}
    assert lint.view(form) is None


def poisoned(thing: object) -> object:
    """The same blocks with an attack at the end of every text."""
    if isinstance(thing, dict):
        safe = ("type", "level", "style", "width", "image_url", "thumbnail_url", "initial_date", "initial_time", "icon")
        return {key: value if key in safe else poisoned(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [poisoned(one) for one in thing]
    return thing + ATTACK if isinstance(thing, str) else thing


@pytest.mark.parametrize("block", BLOCKS + INPUTS, ids=lambda block: f"{block['type']} {block.get('block_id', '')}")
def test_nothing_typed_becomes_html(place: Place, block: Json) -> None:
    attack = poisoned(block)
    assert isinstance(attack, dict)

    html = drawn(replace(place, errors={attack.get("block_id", ""): ATTACK}), attack)

    assert "<script" not in html
    assert "alert(1)" in html or block["type"] in ("divider", "file")


@pytest.mark.parametrize(
    "block",
    [
        {},
        {"type": "hologram"},
        {"type": "section"},
        {"type": "section", "text": "bare"},
        {"type": "actions", "elements": [{"type": "hologram"}, {}]},
        {"type": "input", "label": samples.plain("x")},
        {"type": "context", "elements": [{"type": "image", "image_url": "javascript:alert(1)", "alt_text": "x"}]},
        {"type": "table", "rows": []},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}], [None]]},
        {"type": "data_table", "rows": []},
        {"type": "data_visualization"},
        {"type": "container"},
        {"type": "card"},
        {"type": "rich_text"},
        {"type": "markdown"},
        {"type": "plan", "title": "x"},
    ],
)
def test_what_is_odd_is_still_drawn(place: Place, block: Json) -> None:
    assert "javascript" not in drawn(place, block)


@pytest.mark.parametrize(
    ("thing", "parts"),
    [
        (
            BUTTONS[0],
            ['class="button primary"', 'data-action="check_in"', 'data-dispatch="click"', ">Check in</button>"],
        ),
        (BUTTONS[2], ['class="button danger"', 'data-yes="Close it"', 'data-no="Keep it"', "<strong>leaves</strong>"]),
        (BUTTONS[3], ['href="https://example.com/plan"', 'target="_blank"', 'data-dispatch="click"']),
        (BUTTONS[4], ["popovertarget", 'role="menuitem"', 'data-value="score"', "<small>To a deputy</small>"]),
        (CHOICES[0], ['<option value="amber" selected>Amber – At risk</option>', 'aria-label="Health"']),
        (CHOICES[1], ['<optgroup label="Running">', '<option value="red" >']),
        (CHOICES[2], ["data-picker", 'data-suggest="0"', 'data-placeholder="Find a project"']),
        (CHOICES[3], ['<option value="U2" selected>Bo &lt;Chen&gt;</option>']),
        (CHOICES[4], ['<option value="C1" >#pmo</option>', '<option value="D1" >PMO Bot</option>']),
        (CHOICES[5], ['<option value="C1" selected>#pmo</option>']),
        (CHOICES[6], ['type="date"', 'value="2025-11-28"']),
        (CHOICES[7], ['type="time"', 'value="15:00"', "Asia/Kolkata"]),
        (CHOICES[8], ['type="datetime-local"', 'value="2025-11-21T15:00"']),
        (TICKS[0], ['role="radiogroup"', 'value="green" checked', "<small>On plan</small>"]),
        (TICKS[1], ['type="checkbox"', 'value="amber" checked']),
        (TYPED[0], ['type="text"', 'maxlength="80"', 'placeholder="In one line"', "data-focus"]),
        (TYPED[1], ["<textarea", "Two lines</textarea>"]),
        (TYPED[2], ['type="number"', 'value="4"', 'min="1"', 'max="5"', 'step="1"']),
        (TYPED[3], ['type="email"']),
        (TYPED[4], ['type="url"']),
        (TYPED[6], ['type="file"', "multiple", 'accept=".pdf,.png"']),
        (MANY[0], ["multiple data-picker", '<option value="green" selected>']),
        (MANY[1], ["data-suggest", '<option value="7" selected>Apollo</option>']),
        (MANY[2], ["multiple data-picker", '<option value="U2" selected>']),
        (MANY[4], ['data-max="2"']),
        (element("icon_button", "x", icon="trash", text=samples.plain("Remove")), ["🗑️", 'aria-label="Remove"']),
        (element("workflow_button", "x", text=samples.plain("Run")), [">Run</button>"]),
        (element("number_input", "x", is_decimal_allowed=True, initial_value="0"), ['step="any"', 'value="0"']),
    ],
)
def test_every_element_has_its_parts(place: Place, thing: Json, parts: list[str]) -> None:
    html = drawn(place, {"type": "actions", "block_id": "b", "elements": [thing]})

    for part in parts:
        assert part in html


def test_a_private_channel_is_not_offered_where_only_public_ones_may_be_chosen(place: Place) -> None:
    assert "board" not in drawn(place, {"type": "actions", "elements": [CHOICES[5]]})
    assert "board" not in drawn(place, {"type": "actions", "elements": [CHOICES[4]]})
    assert "#board" in drawn(place, {"type": "actions", "elements": [MANY[3]]})


def test_a_refused_field_says_why_where_it_is(place: Place) -> None:
    html = drawn(
        replace(place, errors={"title": "Give it a title."}), asked("Title", TYPED[0], hint=samples.plain("Short"))
    )
    error, hint = place.mark("title", "error"), place.mark("title", "hint")

    assert f'aria-describedby="{error} {hint}" aria-invalid="true" aria-required="true"' in html
    assert f'<p class="refusal" id="{error}">' in html
    assert "Give it a title." in html


def test_a_field_keeps_what_was_typed(place: Place) -> None:
    values: dict[str, dict[str, Json]] = {
        "title": {"title": {"type": "plain_text_input", "value": "Typed"}},
        "health": {"health": {"type": "static_select", "selected_option": None}},
        "many": {"many": {"type": "multi_static_select", "selected_options": [{"value": "red"}]}},
    }
    html = drawn(replace(place, values=values), *(asked("x", thing) for thing in (TYPED[0], CHOICES[0], MANY[0])))

    assert 'value="Typed"' in html
    assert html.count("selected") == 1
    assert '<option value="red" selected>' in html


@pytest.mark.parametrize(("more", "when"), [({}, ""), ({"dispatch_action": True}, "change")])
def test_a_field_tells_the_bot_only_when_asked_to(place: Place, more: Json, when: str) -> None:
    assert f'data-dispatch="{when}"' in drawn(place, asked("x", CHOICES[0], **more))


@pytest.mark.parametrize(("triggers", "when"), [([], "enter"), (["on_character_entered"], "character")])
def test_a_text_field_tells_the_bot_when_asked_to(place: Place, triggers: list[str], when: str) -> None:
    field = element("plain_text_input", "x", dispatch_action_config={"trigger_actions_on": triggers})

    assert f'data-dispatch="{when}"' in drawn(place, asked("x", field, dispatch_action=True))


def test_two_places_never_share_an_id(place: Place) -> None:
    assert place.mark("a", "b") != replace(place, key="M2").mark("a", "b")
    assert place.mark("ab", "") != place.mark("a", "b")


def test_field_names_hold_any_character() -> None:
    assert field_name("a/b", "ü") == "a%2Fb/%C3%BC"


def test_a_data_table_can_be_sorted_by_figures_and_turned_by_page(place: Place) -> None:
    html = drawn(place, DATA_TABLE)

    assert 'data-page-size="3"' in html
    assert 'data-sort="0" data-numeric="False"' in html
    assert 'data-sort="1" data-numeric="True"' in html
    assert (
        '<th scope="row" class="left" data-key="Borealis">Borealis</th><td class="right" data-key="10">10</td>' in html
    )
    assert "<caption>Open risks by project</caption>" in html


def test_a_button_may_stand_in_a_data_table(place: Place) -> None:
    row = [{"type": "raw_text", "text": "Apollo"}, {"type": "action_cell", "element": BUTTONS[0]}]
    block = {"type": "data_table", "caption": "x", "rows": [[row[0], row[0]], row]}

    assert ">Check in</button>" in drawn(place, block)


def test_a_chart_tells_its_figures_without_a_picture(place: Place) -> None:
    html = drawn(place, samples.PIE)

    assert 'role="img" aria-label="Pie chart: Health of 12 projects.' in html
    assert '<th scope="row">Green</th><td class="right">6</td><td class="right">50%</td>' in html


def test_an_uploaded_picture_is_shown_from_here(place: Place) -> None:
    block = {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "burn-down"}

    assert '<img class="" src="/w/T1/files/F1" alt="burn-down"' in drawn(place, block)
    assert "[picture: burn-down]" in drawn(replace(place, files={}), block)

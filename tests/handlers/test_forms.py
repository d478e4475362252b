"""What a form gives, of every kind of field Slack has."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import Refused
from bot.handlers import forms


def sent(**fields: Any) -> dict[str, Any]:
    """A form with one element in each block."""
    return {"state": {"values": {name: {f"{name}.action": element} for name, element in fields.items()}}}


def value_of(kind: str, **entered: Any) -> Any:
    return forms.read(sent(field={"type": kind, **entered}))["field"]


OPTION = {"text": {"type": "plain_text", "text": "High"}, "value": "high"}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input", "value": "  late \n"}, "late"),
        ({"type": "plain_text_input", "value": "   "}, None),
        ({"type": "plain_text_input", "value": None}, None),
        ({"type": "plain_text_input", "value": "a\0b"}, "ab"),
        ({"type": "plain_text_input", "value": "a\ud800b"}, "a?b"),
        ({"type": "email_text_input", "value": "a@b.c"}, "a@b.c"),
        ({"type": "url_text_input", "value": "https://a.b"}, "https://a.b"),
        ({"type": "number_input", "value": "3.50"}, Decimal("3.50")),
        ({"type": "number_input", "value": None}, None),
        ({"type": "static_select", "selected_option": OPTION}, "high"),
        ({"type": "static_select", "selected_option": None}, None),
        ({"type": "external_select", "selected_option": OPTION}, "high"),
        ({"type": "radio_buttons", "selected_option": OPTION}, "high"),
        ({"type": "multi_static_select", "selected_options": [OPTION]}, ["high"]),
        ({"type": "multi_external_select", "selected_options": []}, []),
        ({"type": "checkboxes", "selected_options": [OPTION]}, ["high"]),
        ({"type": "checkboxes", "selected_options": None}, []),
        ({"type": "users_select", "selected_user": "U1"}, "U1"),
        ({"type": "users_select", "selected_user": None}, None),
        ({"type": "conversations_select", "selected_conversation": "C1"}, "C1"),
        ({"type": "channels_select", "selected_channel": "C1"}, "C1"),
        ({"type": "multi_users_select", "selected_users": ["U1", "U2"]}, ["U1", "U2"]),
        ({"type": "multi_conversations_select", "selected_conversations": None}, []),
        ({"type": "multi_channels_select", "selected_channels": ["C1"]}, ["C1"]),
        ({"type": "datepicker", "selected_date": "2026-12-01"}, date(2026, 12, 1)),
        ({"type": "datepicker", "selected_date": None}, None),
        ({"type": "timepicker", "selected_time": "15:00", "timezone": "Europe/London"}, time(15)),
        ({"type": "timepicker", "selected_time": None}, None),
        (
            {"type": "datetimepicker", "selected_date_time": 1_700_000_000},
            datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        ),
        ({"type": "datetimepicker", "selected_date_time": None}, None),
        ({"type": "file_input", "files": [{"id": "F1"}]}, [{"id": "F1"}]),
        ({"type": "file_input", "files": None}, []),
    ],
)
def test_every_kind_of_field_has_a_plain_value(element: dict[str, Any], value: Any) -> None:
    assert forms.read(sent(field=element)) == {"field": value}


@pytest.mark.parametrize(
    ("kind", "entered"),
    [
        ("number_input", {"value": "many"}),
        ("number_input", {"value": "NaN"}),
        ("number_input", {"value": "Infinity"}),
        ("datepicker", {"selected_date": "tomorrow"}),
        ("datepicker", {"selected_date": 5}),
        ("timepicker", {"selected_time": "25:00"}),
        ("datetimepicker", {"selected_date_time": 10**30}),
        ("static_select", {"selected_option": {}}),
    ],
)
def test_what_is_no_value_is_refused_at_its_field(kind: str, entered: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        value_of(kind, **entered)

    assert list(refused.value.fields) == ["field"]


def test_rich_text_is_left_out() -> None:
    assert forms.read(sent(note={"type": "rich_text_input", "rich_text_value": {}})) == {}


def test_a_block_that_had_to_be_made_anew_keeps_its_name() -> None:
    assert forms.read(sent(**{"due:2": {"type": "plain_text_input", "value": "x"}})) == {"due": "x"}


def test_elements_that_share_a_block_have_their_own_names() -> None:
    elements = {name: {"type": "users_select", "selected_user": name} for name in ("U1", "U2")}

    assert forms.read({"state": {"values": {"people": elements}}}) == {"U1": "U1", "U2": "U2"}


@pytest.mark.parametrize("view", [{}, {"state": None}, {"state": {}}, {"state": {"values": None}}])
def test_a_page_without_fields_has_no_values(view: dict[str, Any]) -> None:
    assert forms.read(view) == {}


def test_a_form_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Refused):
        forms.read({"state": {"values": {"field": 5}}})


@pytest.mark.parametrize(("kept", "ids"), [('{"risk": 8}', {"risk": 8}), ("", {}), (None, {})])
def test_the_ids_a_form_carries(kept: str | None, ids: dict[str, int]) -> None:
    assert forms.metadata({"private_metadata": kept}) == ids


@pytest.mark.parametrize("kept", ["{", "[]", "5"])
def test_what_carries_no_ids_is_refused(kept: str) -> None:
    with pytest.raises(Refused):
        forms.metadata({"private_metadata": kept})


def test_only_input_blocks_can_be_marked() -> None:
    blocks = [{"type": "section", "block_id": "a"}, {"type": "input", "block_id": "b"}]

    assert forms.inputs({"blocks": blocks}) == ["b"]


@pytest.mark.parametrize(("carried", "number"), [("7", 7), (7, 7), ("0", 0), (2**31 - 1, 2**31 - 1)])
def test_the_number_of_a_row(carried: Any, number: int) -> None:
    assert forms.number(carried) == number
    assert forms.Carried(risk=carried).number("risk") == number


@pytest.mark.parametrize(
    "carried", [None, "", "-1", -1, "7.0", 7.0, True, "٣", " 7", "7\n", "x", [7], {"a": 7}, 2**31, "9" * 5000]
)
def test_what_is_no_number_of_a_row_is_refused(carried: Any) -> None:
    with pytest.raises(Refused, match="open it anew") as told:
        forms.number(carried, "project")
    assert told.value.fields == {"project": forms.TOO_OLD}


def test_what_a_form_carries_is_read_by_its_kind() -> None:
    carried = forms.metadata(
        {"private_metadata": '{"risk": 7, "seen": null, "zone": "Europe/Paris", "start": "2026-11-14"}'}
    )

    assert (carried.number("risk"), carried.find_number("risk")) == (7, 7)
    assert (carried.find_number("seen"), carried.find_number("digest")) == (None, None)
    assert (carried.word("zone"), carried.word("risk"), carried.word("none")) == ("Europe/Paris", "", "")
    assert carried.day("start") == date(2026, 11, 14)


@pytest.mark.parametrize(
    "ask",
    [
        lambda carried: carried["project"],
        lambda carried: carried.number("project"),
        lambda carried: carried.number("zone"),
        lambda carried: carried.find_number("zone"),
        lambda carried: carried.day("zone"),
        lambda carried: carried.day("risk"),
        lambda carried: carried.day("start"),
    ],
)
def test_a_form_that_does_not_carry_what_it_should_is_too_old(ask: Any) -> None:
    with pytest.raises(Refused, match="too old"):
        ask(forms.metadata({"private_metadata": '{"risk": 7, "zone": "Europe/Paris"}'}))


@pytest.mark.parametrize("kept", ["[" * 100_000, '{"a": ' * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_what_carries_too_much_is_too_old(kept: str) -> None:
    with pytest.raises(Refused, match="too old"):
        forms.metadata({"private_metadata": kept})


@pytest.mark.parametrize("seconds", [10**17, -(10**17), 1e308])
def test_a_moment_beyond_all_calendars_is_marked_at_its_field(seconds: Any) -> None:
    with pytest.raises(Refused) as told:
        value_of("datetimepicker", selected_date_time=seconds)
    assert list(told.value.fields) == ["field"]

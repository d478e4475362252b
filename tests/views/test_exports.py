"""What somebody reads of an export: the form, and how far the file is."""

from typing import Any

import pytest

from bot import views
from bot.playground import lint
from bot.rules.exports import Form, Part
from bot.store.tables import Export
from bot.views.exports import PARTS, WHY
from tests.factories import NOW


def an_export(**values: Any) -> Export:
    defaults: dict[str, Any] = {
        "id": 5,
        "person_id": 1,
        "part": Part.RISKS,
        "form": Form.CSV,
        "asked_at": NOW,
        "due_at": NOW,
    }
    return Export(**(defaults | values))


def test_the_form_is_one_that_slack_takes() -> None:
    form = views.exports.form([*Part])

    assert lint.view(form) is None
    assert form["callback_id"] == "export.form"
    assert len(form["blocks"][0]["element"]["options"]) == len(Part)


def test_every_part_has_words() -> None:
    assert set(PARTS) == set(Part)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Your export (risks): the file is being made. It comes here."),
        ({"trouble": "ratelimited"}, "Slack does not take the file just now. I keep trying."),
        ({"due_at": None, "sent_at": NOW, "rows": 1204}, "1,204 rows. The file is here"),
        (
            {"due_at": None, "trouble": "file_uploads_disabled"},
            "there is no file, for this workspace does not take files",
        ),
        ({"due_at": None, "trouble": "channel_not_found"}, "Slack did not take the file (channel_not_found)"),
    ],
)
def test_a_person_reads_how_far_it_is(values: dict[str, Any], said: str) -> None:
    message = views.exports.progress(an_export(**values))

    assert said in message.text
    assert lint.message(message.blocks) is None
    assert message.blocks[0]["text"]["text"] == message.text


def test_every_reason_says_what_to_do() -> None:
    for why in WHY.values():
        assert any(word in why for word in ("Ask", "Choose", "has to")), why


def test_the_file_comes_with_a_word_of_care() -> None:
    assert (
        views.exports.comment(an_export(), 1) == "Your export (risks), 1 row. Keep it where only those see it who may."
    )
    assert views.exports.asked(Part.MINE).startswith("Your export (what is kept about me)")

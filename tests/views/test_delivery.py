"""Delivery: nothing is too long to be said, and whoever hears of trouble knows what to do about it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.playground import lint
from bot.store.tables import Message, Post
from bot.views import delivery, packing
from bot.views.blocks import MESSAGE_BLOCKS, MESSAGE_SIZE, section, size
from tests.factories import NOW

TABLE = {"type": "data_table", "caption": "Risks"}
DIVIDER = {"type": "divider"}


def a_post(**values: Any) -> Post:
    given = {"key": "risk:1:card", "to": "C1", "wanted": {"text": "APOLLO-R1: a *risk*\nmore", "blocks": []}}
    return Post(created_at=NOW, **(given | values))


def sound(message: Message) -> bool:
    return not lint.message(message.blocks, newest=True)


def test_what_fits_is_one_message() -> None:
    message = Message("Hello", [section("Hello")])
    assert delivery.parts(message) == [message]
    assert delivery.parts(Message("Hello")) == [Message("Hello")]


@pytest.mark.parametrize(
    ("blocks", "pages"),
    [
        ([DIVIDER] * 120, [50, 50, 20]),
        ([section("x" * 2900)] * 9, [4, 4, 1]),
        ([TABLE, DIVIDER, TABLE], [2, 1]),
        ([{"type": "data_visualization"}] * 3, [2, 1]),
    ],
)
def test_what_is_too_much_goes_on_in_replies_and_nothing_is_lost(blocks: list[Any], pages: list[int]) -> None:
    first, *replies = delivery.parts(Message("The register\nand more", blocks))
    assert [len(page.blocks) for page in (first, *replies)] == pages
    assert [block for page in (first, *replies) for block in page.blocks] == blocks
    assert all(packing.fits(page.blocks) and len(page.blocks) <= MESSAGE_BLOCKS for page in (first, *replies))
    assert (first.text, replies[0].text) == ("The register\nand more", "The register (part 2)")


def test_one_block_that_is_too_large_goes_alone_and_is_not_refused_here() -> None:
    large = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 13_000}}
    assert [page.blocks for page in delivery.parts(Message("Hello", [DIVIDER, large]))] == [[DIVIDER], [large]]
    assert size([large]) > MESSAGE_SIZE


@pytest.mark.parametrize("parted", ["\n", " ", ""])
def test_long_words_alone_are_parted_where_they_may_be(parted: str) -> None:
    said = parted.join(f"{number:09}" for number in range(1000))
    texts = [message.text for message in delivery.parts(Message(said))]
    assert all(len(text) <= delivery.TEXT for text in texts)
    assert parted.join(texts) == said


def test_words_that_slack_would_cut_go_on_below_their_blocks() -> None:
    said = "x" * (delivery.SUMMARY + 5)
    first, rest = delivery.parts(Message(said, [DIVIDER]))
    assert (len(first.text), first.blocks, rest) == (delivery.SUMMARY, [DIVIDER], Message("xxxxx"))


def test_what_is_late_says_when_it_was_due() -> None:
    late = delivery.late(Message("Hello", [DIVIDER]), NOW, "Europe/London")
    assert late.text.startswith("Hello This comes late: it was due <!date^")
    assert "Fri 20 Nov 2026, 15:00 Europe/London" in late.text
    assert [block["type"] for block in late.blocks] == ["divider", "context"]
    assert delivery.late(Message("Hello"), NOW, "UTC").blocks == []


@pytest.mark.parametrize(
    ("to", "why", "said"),
    [
        ("C1", "is_archived", "I cannot speak in <#C1>: it is archived. Unarchive it, or choose another channel"),
        ("C1", "not_in_channel", "I cannot speak in <#C1>: I am not in it. Type `/invite @pmo` there."),
        ("C1", "restricted_action", "Slack says `restricted_action`. Ask a Slack admin"),
        ("U1", "user_disabled", "I cannot reach <@U1>: their account is not active any more. Name somebody else"),
        ("U1", "channel_not_found", "I cannot reach <@U1>: Slack says `channel_not_found`."),
    ],
)
def test_a_broken_place_is_named_with_how_to_mend_it_and_what_was_lost(to: str, why: str, said: str) -> None:
    message = delivery.broken(a_post(to=to), why)
    assert said in message.text
    assert "> APOLLO-R1: a *risk*\\n> more" in str(message.blocks)
    assert sound(message)


@pytest.mark.parametrize(("to", "where"), [("C1", "<#C1>"), ("W1", "<@W1>")])
def test_what_nobody_knows_the_end_of_is_asked_about(to: str, where: str) -> None:
    message = delivery.uncertain(a_post(to=to, unsure_since=NOW), "Europe/London")
    assert f"I do not know whether {where} has seen this" in message.text
    assert "15:00 Europe/London" in message.text
    assert sound(message)


def test_what_was_missed_is_listed_as_far_as_it_goes() -> None:
    prompt = a_post(key="checkin:1:prompt", to="U1", not_before=NOW)
    one = delivery.missed([prompt], 1, "Europe/London")
    assert one.text == "1 message could not be said in time, and I have dropped it."
    assert "• check-in for <@U1>, due <!date" in str(one.blocks)
    many = delivery.missed([a_post(not_before=NOW - number * timedelta(hours=1)) for number in range(11)], 30, "UTC")
    assert many.text.startswith("30 messages")
    assert str(many.blocks).count("• risk for <#C1>") == 10
    assert "+ 20 more" in str(many.blocks)
    assert sound(one)
    assert sound(many)

"""The two kinds of trouble the house knows by name."""

from bot.errors import Refused, Undeliverable


def test_a_refusal_says_what_is_wrong_and_where() -> None:
    refused = Refused("Choose a date.", field="due")

    assert (str(refused), refused.message, refused.fields) == (
        "Choose a date.",
        "Choose a date.",
        {"due": "Choose a date."},
    )


def test_a_refusal_may_be_of_the_whole() -> None:
    assert Refused("Ask the PMO.").fields == {}


def test_a_refusal_of_several_fields_says_all_of_it() -> None:
    refused = Refused(fields={"event": "Say what.", "due": "Choose a date."})

    assert refused.message == "Say what. Choose a date."
    assert refused.fields == {"event": "Say what.", "due": "Choose a date."}


def test_what_slack_will_not_take_carries_its_code() -> None:
    assert str(Undeliverable("channel_not_found")) == "channel_not_found"
    trouble = Undeliverable("invalid_blocks", "block 3")
    assert (str(trouble), trouble.code, trouble.detail) == ("invalid_blocks: block 3", "invalid_blocks", "block 3")

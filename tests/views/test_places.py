"""What is asked of a channel that people of other organisations read."""

from datetime import UTC, datetime

from bot.playground import lint
from bot.store.tables import Channel
from bot.views import places

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SHARED = Channel(slack_id="C1", name="partners", is_shared=True)


def test_a_form_asks_of_a_shared_channel_alone() -> None:
    assert places.question(None) == places.question(Channel(slack_id="C1")) == []
    assert places.question(Channel(slack_id="C1", is_shared=True, shared_at=NOW)) == []
    [warning, box] = places.question(SHARED)
    assert "#partners is shared with another organisation" in str(warning)
    assert (box["block_id"], box.get("optional", False)) == (places.SHARED, False)
    assert "This channel is shared" in str(places.question(Channel(slack_id="C1", is_shared=True)))


def test_the_pmo_is_asked_and_told() -> None:
    said = [
        places.ask(SHARED),
        places.allowed(SHARED, "UANA"),
        places.ours_again(SHARED),
        places.settled(SHARED),
        places.held_back(SHARED),
    ]
    for message in said:
        assert "<#C1>" in str(message.blocks)
        assert lint.message(message.blocks) is None
    assert "<@UANA> said" in said[1].text

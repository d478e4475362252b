"""For how long records are kept, in words."""

from bot.playground import lint
from bot.views import retention


def test_it_says_how_long_and_how_to_change_that() -> None:
    message = retention.shown(30)

    assert lint.message(message.blocks) is None
    assert message.text.endswith("its records are kept for 30 days, and then deleted.")
    assert "`/pmo retention 90 days`" in str(message.blocks)


def test_at_once_is_at_once() -> None:
    assert retention.shown(0).text.endswith("its records are deleted at once.")
    assert "deleted at once" in retention.changed(0, 30).text


def test_a_change_names_the_way_back() -> None:
    assert "`/pmo retention 1 days`" in retention.changed(90, 1).text
    assert "kept for 90 days" in retention.changed(90, 1).text
    assert "nothing was changed" in retention.changed(1, 1).text

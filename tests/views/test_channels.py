"""The bot introduces itself, with who brought it."""

import pytest

from bot.playground import lint
from bot.views import channels


@pytest.mark.parametrize(("by", "said"), [("U1", "<@U1> added me."), (None, "decisions they need.")])
def test_the_bot_says_who_added_it(by: str | None, said: str) -> None:
    hello = channels.hello(by)
    assert hello.text.endswith(said)
    assert lint.message(hello.blocks) is None

"""rich_text and markdown blocks as HTML."""

import pytest

from bot.playground.page import markdown, rich_text
from bot.playground.page.reader import Json, Reader
from tests.playground.page.samples import EPOCH, MARKDOWN, RICH


def one(leaf: Json) -> Json:
    """A rich_text block with one leaf."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}


@pytest.mark.parametrize(
    ("leaf", "html"),
    [
        ({"type": "text", "text": "<b>\nx"}, "&lt;b&gt;<br>x"),
        ({"type": "text", "text": "x", "style": {"bold": True, "code": True}}, "<code><strong>x</strong></code>"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "no"}, "no"),
        ({"type": "user", "user_id": "U2"}, '<span class="mention">@Bo &lt;Chen&gt;</span>'),
        ({"type": "channel", "channel_id": "C9"}, '<span class="mention">#private channel</span>'),
        ({"type": "usergroup", "usergroup_id": "S1"}, '<span class="mention broadcast">@S1</span>'),
        ({"type": "team", "team_id": "T1"}, '<span class="mention broadcast">@T1</span>'),
        ({"type": "broadcast", "range": "here"}, '<span class="mention broadcast">@here</span>'),
        ({"type": "emoji", "name": "tada"}, "🎉"),
        ({"type": "emoji", "name": "x", "unicode": "1f680"}, "🚀"),
        ({"type": "emoji", "name": "tada", "unicode": "not hex"}, "🎉"),
        ({"type": "color", "value": "#fff"}, '<code class="colour">#fff</code>'),
        ({"type": "date", "timestamp": "soon", "fallback": "soon"}, "soon"),
        ({"type": "hologram"}, ""),
    ],
)
def test_every_leaf(eyes: Reader, leaf: Json, html: str) -> None:
    assert rich_text.html(one(leaf), eyes) == f'<div class="rich">{html}</div>'


def test_a_date_leaf_is_the_readers_own_and_may_be_a_link(eyes: Reader) -> None:
    drawn = rich_text.html(one({"type": "date", "timestamp": EPOCH, "format": "{time}", "url": "https://x.y"}), eyes)

    assert '<a href="https://x.y"' in drawn
    assert ">15:00</time>" in drawn


def test_lists_quotes_and_code(eyes: Reader) -> None:
    drawn = rich_text.html(RICH, eyes)

    assert '<ul class="indent-0"><li>first</li></ul>' in drawn
    assert '<ol class="indent-1 border" start="3"><li>third</li></ol>' in drawn
    assert "<blockquote>a quote<br>of two lines</blockquote>" in drawn
    assert '<pre class="code">if a &lt; b: pass</pre>' in drawn


def test_elements_that_are_not_known_are_passed_over(eyes: Reader) -> None:
    assert rich_text.html({"elements": [{"type": "rich_text_hologram"}]}, eyes) == ""


def test_markdown_has_its_marks() -> None:
    drawn = markdown.html(MARKDOWN)

    for part in ("<h2>", "<strong>", "<em>", "<s>", "<ol>", "<table>", '<td class="right">', "<blockquote>", "🚀"):
        assert part in drawn
    assert '<a href="https://example.com" target="_blank" rel="noopener noreferrer">' in drawn


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://x.y/a.png)",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_markdown_carries_no_html(attack: str) -> None:
    drawn = markdown.html(attack)

    assert "<script" not in drawn
    assert "<img" not in drawn
    assert 'href="javascript' not in drawn

"""Slack's markup as HTML: marks become tags, everything else is escaped."""

import pytest

from bot.playground.page import mrkdwn
from bot.playground.page.reader import Reader

OUT = 'target="_blank" rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _it_ ~gone~ `c*o*de`", "<strong>bold</strong> <em>it</em> <s>gone</s> <code>c*o*de</code>"),
        ("*a _b_ c*", "<strong>a <em>b</em> c</strong>"),
        ("2*3*4 snake_case_name ~ not", "2*3*4 snake_case_name ~ not"),
        ("* not bold *", "* not bold *"),
        ("```if a &lt; b:\n  *x*```after", '<pre class="code">if a &lt; b:\n  *x*</pre>after'),
        ("> one\n&gt; two\nthree", "<blockquote>one<br>two</blockquote>three"),
        ("one\ntwo", "one<br>two"),
        (":large_green_circle: 10:30:45 :unheard_of:", "🟢 10:30:45 :unheard_of:"),
        ("a &amp;amp; b &lt;i&gt;", "a &amp;amp; b &lt;i&gt;"),
        ("<https://x.y/?a=1&amp;b=2|the *plan*>", f'<a href="https://x.y/?a=1&amp;b=2" {OUT}>the *plan*</a>'),
        ("*<https://x.y|l>*", f'<strong><a href="https://x.y" {OUT}>l</a></strong>'),
        ("see https://x.y/a_b_c.", f'see <a href="https://x.y/a_b_c" {OUT}>https://x.y/a_b_c</a>.'),
        ("<mailto:a@b.c|write>", f'<a href="mailto:a@b.c" {OUT}>write</a>'),
        ("<@U1> <@U2> <@U9>", None),
        ("#pmo and #nowhere", '<a class="mention" href="/w/T1/U1/C1">#pmo</a> and #nowhere'),
        ("<#C1> <#C9|> <#C9|old>", None),
        ("<!here> <!channel> <!everyone>", None),
        ("<!subteam^S1|@board> <!subteam^S1>", None),
        ("<!unknown|words>", "words"),
    ],
)
def test_markup_becomes_tags(eyes: Reader, text: str, html: str | None) -> None:
    expected = html if html is not None else MENTIONS[text]

    assert mrkdwn.html(text, eyes) == expected


def _mention(words: str, kind: str = "mention") -> str:
    return f'<span class="{kind}">{words}</span>'


MENTIONS = {
    "<@U1> <@U2> <@U9>": " ".join(
        [_mention("@Ana Silva", "mention me"), _mention("@Bo &lt;Chen&gt;"), _mention("@U9")]
    ),
    "<#C1> <#C9|> <#C9|old>": " ".join(
        ['<a class="mention" href="/w/T1/U1/C1">#pmo</a>', _mention("#private channel"), _mention("#old")]
    ),
    "<!here> <!channel> <!everyone>": " ".join(
        _mention(f"@{name}", "mention broadcast") for name in ("here", "channel", "everyone")
    ),
    "<!subteam^S1|@board> <!subteam^S1>": " ".join(
        _mention(f"@{name}", "mention broadcast") for name in ("board", "S1")
    ),
}


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<javascript:alert(1)|click>",
        "< javascript:alert(1)|click>",
        "<JaVaScRiPt:alert(1)>",
        "<data:text/html,hello|click>",
        '<https://x.y/"onmouseover="alert(1)|x>',
        "<https://x.y|<img src=x onerror=alert(1)>>",
        "*<img src=x onerror=alert(1)>*",
        "```<img src=x>```",
        "`<img src=x>`",
        "<@U1|<b>>",
        '<#C9|"><script>alert(1)</script>>',
        "<!date^1763737200^<b>{date}^javascript:alert(1)|<b>>",
        "<!date^1763737200^{date}^javascript:alert(1)|x>",
        "https://x.y/<script>",
        ":<b>:",
    ],
)
def test_nothing_that_was_typed_becomes_html(eyes: Reader, attack: str) -> None:
    drawn = mrkdwn.html(attack, eyes).lower()

    for forbidden in ("<script", "<img", "<b>", 'href="javascript', 'href="data', 'href=" ', '"onmouseover'):
        assert forbidden not in drawn


def test_verbatim_text_links_nothing_by_itself(eyes: Reader) -> None:
    assert mrkdwn.html("https://x.y #pmo <@U1>", eyes, verbatim=True) == (
        'https://x.y #pmo <span class="mention me">@Ana Silva</span>'
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!date^1763737200^Due {date_short_pretty} at {time}|x>", "Due today at 15:00"),
        ("<!date^1763737200^{time}^https://x.y|x>", "15:00"),
        ("<!date^99999999999999^{date}|far away>", "far away"),
        ("<!date^soon^{date}|soon>", "soon"),
    ],
)
def test_dates_are_written_or_fall_back(eyes: Reader, text: str, shown: str) -> None:
    assert mrkdwn.html(text, eyes).striptags() == shown


def test_a_date_may_be_a_link(eyes: Reader) -> None:
    assert mrkdwn.html("<!date^1763737200^{time}^https://x.y|x>", eyes).startswith('<a href="https://x.y"')


@pytest.mark.parametrize(
    "text", ["*" * 9000, "_a" * 4000, "<" * 9000, "*a " * 3000, "`" * 9000, ":a" * 4000, "> " * 900]
)
def test_odd_text_is_shown_as_it_is(eyes: Reader, text: str) -> None:
    assert mrkdwn.html(text, eyes)


@pytest.mark.parametrize(
    ("thing", "html"),
    [
        (None, ""),
        ("bare :tada:", "bare 🎉"),
        ({"type": "plain_text", "text": "*as* <typed>\n:tada:"}, "*as* &lt;typed&gt;<br>🎉"),
        ({"type": "plain_text", "text": ":tada:", "emoji": False}, ":tada:"),
        ({"type": "mrkdwn", "text": "*b* #pmo", "verbatim": True}, "<strong>b</strong> #pmo"),
        ({"type": "mrkdwn"}, ""),
    ],
)
def test_text_objects(eyes: Reader, thing: object, html: str) -> None:
    assert mrkdwn.text_object(thing, eyes) == html  # type: ignore[arg-type]

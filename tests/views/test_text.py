"""What people type stays what they typed, and never speaks."""

from datetime import UTC, date, datetime

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page import mrkdwn
from bot.playground.page.reader import Reader
from bot.rules.terms import Health, Severity
from bot.views import text

FAMILY = "👨‍👩‍👧‍👦"
MOMENT = datetime(2026, 12, 4, 14, 0, tzinfo=UTC)
LIVE = regex.compile(r"<|>|&(?!amp;|lt;|gt;)|@(?:here|channel|everyone|group)\b", regex.IGNORECASE)

# Nasty on purpose: what Slack reads, what people type, and everything else Unicode has.
typed = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [*"*_~`>&<|# \n\r\t\0.,a9@!", "<!channel>", "<@U1>", "@here", "&lt;", "```", "é", "e\u0301", FAMILY, "🇬🇧",
             "\u202e", "\ud800", "\u200b", "\u2028", "http://x.y", "word"]
        )
    ).map("".join),
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "safe"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("&lt;", "&amp;lt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U123>", "&lt;@U123&gt;"),
        ("<https://evil.example|your bank>", "&lt;https://evil.example|your bank&gt;"),
        ("tell @here and @Everyone", "tell @\u200bhere and @\u200bEveryone"),
        ("ana@example.com", "ana@example.com"),
        ("@hereabouts", "@\u200bhereabouts"),
        ("*bold* _it_ ~no~", "\u2217bold\u2217 \u02cdit\u02cd \u223cno\u223c"),
        ("__deep__", "\u02cd\u02cddeep\u02cd\u02cd"),
        ("a`b", "a\u02cbb"),
        ("snake_case 2*3", "snake_case 2*3"),
        ("one\n> two", "one\n\u200b&gt; two"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("a\0b\u202ec\ud800d", "abcd"),
        ("", ""),
    ],
)
def test_typed_words_are_inert(words: str, safe: str) -> None:
    assert text.escape(words) == safe


@given(typed)
def test_nothing_typed_is_live(words: str) -> None:
    for safe in (text.escape(words), text.escape(words, 20), text.plain(words), text.plain(words, 7)):
        assert not LIVE.search(safe)


@given(typed)
def test_nothing_typed_has_style(words: str) -> None:
    drawn = str(mrkdwn.html(text.escape(words), Reader(now=MOMENT), verbatim=True))

    assert set(regex.findall(r"<(\w+)", drawn)) <= {"br", "span"}


@given(typed, st.integers(1, 40))
def test_a_cut_keeps_its_limit_and_whole_graphemes(words: str, limit: int) -> None:
    short = text.cut(words, limit)

    assert len(short) <= limit
    if short != words:
        kept = short.removesuffix("…")
        assert short.endswith("…")
        assert regex.findall(r"\X", words)[: len(regex.findall(r"\X", kept))] == regex.findall(r"\X", kept)


@given(typed, st.integers(1, 40))
def test_cut_mrkdwn_keeps_entities_and_links_whole(words: str, limit: int) -> None:
    safe = f"{text.mention('U123')} {text.link('https://a.example/x', words)} {text.escape(words)}"

    short = text.cut_mrkdwn(safe, limit)

    assert len(short) <= limit
    assert short.count("<") == short.count(">")
    assert not regex.search(r"&(?!amp;|lt;|gt;)", short)


def test_a_family_is_kept_whole_or_left_off() -> None:
    assert text.cut(FAMILY * 2, 7) == "…"
    assert text.cut(FAMILY * 2, 8) == f"{FAMILY}…"
    assert text.cut(FAMILY, 7) == FAMILY


def test_escape_counts_what_slack_counts() -> None:
    assert text.escape("&&&", 10) == "&amp;…"


def test_plain_is_one_line() -> None:
    assert text.plain("  late\n\tagain ") == "late again"


@given(typed, st.integers(1, 80))
def test_a_line_is_never_empty_nor_broken(words: str, limit: int) -> None:
    short = text.line(words, limit)

    assert 1 <= len(short) <= limit
    assert "\n" not in short


def test_a_line_shows_what_was_typed() -> None:
    assert text.line("R&D <*fast*>", 75) == "R&D <*fast*>"
    assert text.line(" \n", 75) == "–"


@pytest.mark.parametrize(
    ("slack_id", "shown"),
    [("U123", "<@U123>"), ("W0A", "<@W0A>"), ("U1> <!here", "nobody"), ("u1", "nobody"), ("", "nobody"),
     ("C123", "nobody"), ("U1\n", "nobody"), (None, "nobody")],
)  # fmt: skip
def test_only_an_id_is_mentioned(slack_id: str | None, shown: str) -> None:
    assert text.mention(slack_id) == shown


@pytest.mark.parametrize(
    ("slack_id", "shown"), [("C123", "<#C123>"), ("G1", "<#G1>"), ("U1", "no channel"), (None, "no channel")]
)
def test_only_a_channel_is_linked(slack_id: str | None, shown: str) -> None:
    assert text.channel_link(slack_id) == shown


@pytest.mark.parametrize(
    ("url", "label", "shown"),
    [
        ("https://a.example/x?a=1&b=2", "Plan", "<https://a.example/x?a=1&amp;b=2|Plan>"),
        ("https://a.example/a b|c>", "Plan", "<https://a.example/a%20b%7Cc&gt;|Plan>"),
        ("http://a.example", "two\nlines | <@U1>", "<http://a.example|two lines ¦ &lt;@U1&gt;>"),
        ("https://a.example", "", "<https://a.example|–>"),
        ("javascript:alert(1)", "Plan", "Plan"),
        ("https:///nowhere", "Plan", "Plan"),
        ("https://[broken", "Plan", "Plan"),
        ("", "Plan", "Plan"),
    ],
)
def test_only_the_web_is_linked(url: str, label: str, shown: str) -> None:
    assert text.link(url, label) == shown


def test_a_moment_is_in_the_readers_zone_and_names_one_where_it_cannot_be() -> None:
    assert text.when(MOMENT, "Europe/Berlin") == (
        "<!date^1796392800^{date_short_pretty} at {time}|Fri 4 Dec 2026, 15:00 Europe/Berlin>"
    )
    assert text.when(MOMENT, "UTC", "ago") == "<!date^1796392800^{ago}|Fri 4 Dec 2026, 14:00 UTC>"


def test_a_day_is_said_literally() -> None:
    assert text.day(date(2026, 12, 4)) == "Fri 4 Dec 2026"
    assert text.day(date(2026, 12, 4), today=date(2026, 1, 1)) == "Fri 4 Dec"
    assert text.day(date(2026, 12, 4), today=date(2025, 12, 31)) == "Fri 4 Dec 2026"


def test_a_quotation_has_a_bar_at_each_line() -> None:
    assert text.quote("late\n> *again*") == "> late\n> \u200b&gt; \u2217again\u2217"
    assert text.quote("late again", 8) == "> late…"


@pytest.mark.parametrize("rating", Health)
def test_a_health_says_the_same_without_its_mark(rating: Health) -> None:
    mark, rest = text.health(rating).split(" ", 1)

    assert rest.startswith(f"[{rating.letter}] ")
    assert text.health_short(rating) == f"{mark} {rating.letter}"
    assert not mark.isascii()


def test_marks_and_words_of_health_differ() -> None:
    assert len({text.health(rating).split(" ")[0] for rating in Health}) == len(Health)
    assert text.health(Health.RED) == "🟥 [R] Off track"
    assert text.health(Health.NOT_SET) == "⚪ [X] No data"


def test_a_severity_is_said_with_its_score() -> None:
    assert text.severity(Severity.HIGH, 12) == "High 12"
    assert text.severity(Severity.VERY_HIGH) == "Very high"


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (1204, "1,204 entries")]
)
def test_a_count_has_its_noun(count: int, shown: str) -> None:
    assert text.plural(count, "entry", "entries") == shown


def test_a_plural_needs_no_second_word_where_an_s_does() -> None:
    assert text.plural(2, "risk") == "2 risks"


def test_lines_that_say_nothing_are_left_out() -> None:
    assert text.join_lines("a", None, "", "b") == "a\nb"


@pytest.mark.parametrize(("parts", "said"), [("", "–"), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_words_in_a_row(parts: str, said: str) -> None:
    assert text.listed(parts) == said

"""Strange things that people, clients and forgers send: words, values of fields, and payloads with a difference."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

MARKS = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^SZEBRA9|@board>",
    "<@UZEBRA9>",
    "<@UZEBRA9|zebra>",
    "<#CZEBRA9|zebra>",
    "<https://zebra.example/x|Click here>",
    "<https://zebra.example>",
    "&lt;!channel&gt;",
    "&amp;lt;!here&amp;gt;",
    "<!date^0^{date}|<!channel>>",
    "@channel",
    "*_~`",
    "```",
    "> ",
    "<",
    ">",
    "&",
    "|",
)
WORDS = (
    *MARKS,
    *("APOLLO", "GEMINI", "NARWHAL", "APOLLO-R1", "NARWHAL-R1", "APOLLO-E1", "red", "A,R", "edit", "add", "no pmo"),
    *("p4", "i5", "p9", "due fri", "due 31.02.2026", "due 9999-12-31", "due 0001-01-01", "by +9999d", "+9999m", "by"),
    *("payload", "payload=", "{}", '{"a": 1}', "null", "%s%n", "{0}", "{{7*7}}", "'; drop table risks; --", "=1+1"),
    *("../../etc/passwd", "\x00", "\x07", "\r\n", "\u2028", "\u202eRTL", "\u200b", "\ufeff", "مرحبا", "👩‍👩‍👧‍👦" * 9),
    *(
        "e\u0301" * 40,
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
        "\U0001d518\U0001d52b",
        "a" * 301,
        "b " * 200,
        "c" * 3001,
        "-1",
        "0",
        "1e999",
        "NaN",
        "1,5",
        "٣",
    ),
)
words = st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=7).map(" ".join)
"""What somebody types; HTTP carries no halves of characters."""

IDS = ("UOTHER1", "COTHER1", "UZEBRA9", "CZEBRA9", "W", "USLACKBOT", "u1", "U" * 300, "U\x00", "Ü1", "")
"""People and channels that are somebody else's, or nobody's."""
NUMBERS = (0, 1, 2, 3, -1, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**30, 1.5, 1e308, True)
HALVES = ("\ud800", "x\udfff")
odd = (
    st.sampled_from([None, False, [], {}, [[]], {"": None}, [[[[[[{}]]]]]], *NUMBERS])
    | st.sampled_from([*IDS, *map(str, NUMBERS), *HALVES, "x" * 50_000, "[" * 5_000])
    | st.sampled_from(WORDS)
    | st.sampled_from([["<!channel>"] * 200, [{"type": "mrkdwn", "text": "<!here>"}], [None, 1, "x"]])
    | st.text(max_size=20)
)
"""Anything that JSON can carry."""


def places(tree: Any, at: Path = ()) -> list[Path]:
    """Every place in a tree, the outer before the inner."""
    inner = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    return [at, *(place for name, value in inner for place in places(value, (*at, name)))]


@st.composite
def changed(draw: st.DrawFn, tree: Any) -> Any:
    """The tree with one to three differences: something gone, of another kind, nested, many times or moved."""
    tree = deepcopy(tree)
    for _ in range(draw(st.integers(1, 3))):
        found = [place for place in places(tree) if place]
        if found:
            place, other = (found[draw(st.integers(0, 10_000)) % len(found)] for _ in "ab")
            kind = draw(st.sampled_from(["odd", "odd", "odd", "gone", "nested", "many", "moved"]))
            put(tree, place, deepcopy(draw(odd)) if kind == "odd" else differing(kind, tree, place, other))
    return tree


GONE = object()


def differing(kind: str, tree: Any, place: Path, other: Path) -> Any:
    """What is put in the place of what stands there."""
    if kind == "moved":
        return deepcopy(pick(tree, other))
    held = pick(tree, place)
    return {"gone": GONE, "nested": [deepcopy(held)], "many": [held] * 150}[kind]


def pick(tree: Any, place: Path) -> Any:
    """What stands at a place."""
    for name in place:
        tree = tree[name]
    return tree


def put(tree: Any, place: Path, value: Any) -> None:
    """Put something at a place, or take away what stands there."""
    owner = pick(tree, place[:-1])
    if value is GONE:
        del owner[place[-1]]
    else:
        owner[place[-1]] = value

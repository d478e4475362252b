"""The markdown block: CommonMark with tables, turned into HTML that carries nothing else."""

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from bot.playground.page import emoji

PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def html(text: str) -> Markup:
    """A markdown text; HTML in it is shown as it was typed, and links open in a new tab."""
    tokens = PARSER.parse(text)
    for token in tokens:
        _aligned(token)
        for leaf in token.children or []:
            _outward(leaf)
    return Markup(PARSER.renderer.render(tokens, PARSER.options, {}))  # noqa: S704 - escaped by the parser


def _aligned(token: Token) -> None:
    """The page allows no style attributes: the side a column leans to becomes a class."""
    style = token.attrs.pop("style", None)
    if style:
        token.attrs["class"] = str(style).removeprefix("text-align:")


def _outward(leaf: Token) -> None:
    if leaf.type == "link_open":
        leaf.attrs.update(target="_blank", rel="noopener noreferrer")
    if leaf.type == "text":
        leaf.content = emoji.replaced(leaf.content)

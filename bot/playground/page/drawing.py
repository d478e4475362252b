"""The templates: one environment in which everything typed by people is escaped."""

from collections.abc import Sequence
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

from bot.playground.page.place import Place
from bot.playground.page.reader import Json

ENVIRONMENT = Environment(
    loader=PackageLoader("bot.playground.page"),
    autoescape=True,
    undefined=ChainableUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def draw(template: str, **values: Any) -> str:
    """A whole template with its values put in."""
    return ENVIRONMENT.get_template(template).render(**values)


def blocks(blocks: Sequence[Json], place: Place) -> Markup:
    """Blocks in the order given, as they look in that place."""
    module: Any = ENVIRONMENT.get_template("blocks.html").module
    return Markup(module.blocks(blocks, place))  # noqa: S704 - escaped by the template

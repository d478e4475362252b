"""The colours of the page: every text can be read on what lies behind it (WCAG AA)."""

import re
from pathlib import Path

import pytest

import bot.playground.page

CSS = (Path(bot.playground.page.__file__).parent / "static" / "page.css").read_text(encoding="utf-8")
PAIRS = [
    ("ink", "paper"), ("ink", "wash"), ("ink", "hover"), ("soft", "paper"), ("soft", "wash"), ("soft", "info-wash"),
    ("link", "paper"), ("link", "mention"), ("ink", "mention-me"), ("accent-ink", "accent"), ("bad", "paper"),
    ("bad", "bad-wash"), ("ink", "warn-wash"), ("ink", "good-wash"), ("code", "wash"), ("side-ink", "side"),
    ("side-soft", "side"), ("side-soft", "side-hover"), ("white", "side-on"), ("white", "good"), ("white", "bar"),
]  # fmt: skip


def colours(theme: str) -> dict[str, str]:
    """The colours of a theme; the dark one changes some of the light."""
    light, dark = CSS.split("@media (prefers-color-scheme: dark)")
    pattern = re.compile(r"--([\w-]+): (#[0-9a-f]{6})")
    found = dict(pattern.findall(light))
    return {"white": "#ffffff", **found, **(dict(pattern.findall(dark)) if theme == "dark" else {})}


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out(theme: str, text: str, ground: str) -> None:
    known = colours(theme)
    lighter, darker = sorted((brightness(known[text]), brightness(known[ground])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5

"""Rich text: sections, lists, quotes and code, down to their leaves."""

from bot.playground.lint.shapes import Check, Fields, Shape, among, flag, listed, string, typed, url, whole

_STYLE = Shape(
    optional=dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight"), flag)
)
_STYLED: Fields = {"style": _STYLE}
_ID = string(255, 1)

LEAVES: dict[str, Check] = {
    "text": Shape(required={"text": string(None, 1)}, optional=_STYLED),
    "link": Shape(required={"url": string(3000, 1)}, optional={"text": string(), "unsafe": flag, **_STYLED}),
    "user": Shape(required={"user_id": _ID}, optional=_STYLED),
    "usergroup": Shape(required={"usergroup_id": _ID}, optional=_STYLED),
    "channel": Shape(required={"channel_id": _ID}, optional=_STYLED),
    "team": Shape(required={"team_id": _ID}, optional=_STYLED),
    "emoji": Shape(
        required={"name": string(255, 1)}, optional={"unicode": string(), "skin_tone": whole(1, 6), **_STYLED}
    ),
    "date": Shape(
        required={"timestamp": whole(0), "format": string(None, 1)}, optional={"url": url(), "fallback": string()}
    ),
    "broadcast": Shape(required={"range": among("here", "channel", "everyone")}, optional=_STYLED),
    "color": Shape(required={"value": string(20, 1)}, optional=_STYLED),
}
_LEAVES = listed(typed(LEAVES), None, 0)
_CODE = listed(typed(LEAVES, frozenset({"text", "link"})), None, 0)
_SECTION = Shape(required={"elements": _LEAVES})

PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": Shape(
        required={
            "elements": listed(typed({"rich_text_section": _SECTION}), None, 0),
            "style": among("bullet", "ordered"),
        },
        optional={"indent": whole(0, 8), "offset": whole(0), "border": whole(0, 1)},
    ),
    "rich_text_preformatted": Shape(
        required={"elements": _CODE}, optional={"border": whole(0, 1), "language": string(50)}
    ),
    "rich_text_quote": Shape(required={"elements": _LEAVES}, optional={"border": whole(0, 1)}),
}
RICH_TEXT_FIELDS: dict[str, Check] = {"elements": listed(typed(PARTS), None, 0)}
RICH_TEXT = typed({"rich_text": Shape(required=RICH_TEXT_FIELDS, optional={"block_id": string(255)})})

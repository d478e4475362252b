"""The blocks Slack draws, as plain dicts ready to be sent; nothing else in the bot sees the library that checks them.

Words that are too long are cut, by grapheme and with an ellipsis: modal titles and buttons (24), headers (150),
buttons, options and their descriptions (75), placeholders (150), sections (3000), fields and context (2000), labels
and hints (2000), chart titles and axis labels (50), chart labels (20). A structure that is too large is a mistake of
the view and raises Misshapen: more than 10 fields, 25 elements, 100 options, 100 rows, 100 blocks of a view ...

Section, fields and context take mrkdwn made by `text`; everything else takes words as they were typed. The same
input gives an equal dict: the library's random block ids are taken out.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence, Sized
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import slackblocks as kit

from bot.views.text import NOTHING, cut, cut_mrkdwn, is_channel, is_person, line

Block = dict[str, Any]
View = dict[str, Any]
Option = kit.Option
Element = kit.Element | dict[str, Any]
Confirm = kit.ConfirmationDialogue
Figure = int | float | Decimal
Cell = str | kit.RawNumber
Misshapen = kit.InvalidUsageError
"""A view asked for what Slack refuses; the library's own error, so that there is one."""
Style = Literal["primary", "danger"]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_SIZE = 12_000
"""JSON characters of all blocks of a message that Slack surely takes; near 13,200 it answers msg_blocks_too_long."""
VIEW_SIZE = 250_000
FIELDS, CONTEXTS, ELEMENTS, OPTIONS, CHOICES = 10, 10, 25, 100, 10
ROWS, COLUMNS, CELL_CHARACTERS, CHARTS = 100, 20, 10_000, 2
SERIES, CATEGORIES = 6, 20
TITLE, HEADER, BUTTON, OPTION, PLACEHOLDER = 24, 150, 75, 75, 150
SECTION, FIELD, LABEL, METADATA, TYPED = 3000, 2000, 2000, 3000, 3000
ID, VALUE = 255, 2000
CHART_TITLE, CHART_LABEL = 50, 20
_EACH_LETTER = kit.DispatchActionConfiguration(trigger_actions_on="on_character_entered")


def size(blocks: Sequence[Block]) -> int:
    """What these blocks weigh: characters of their JSON, as Slack counts them against MESSAGE_SIZE."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


# Blocks


# The shapes that stand on every card are written here by hand: the library's way to a dict takes five times as long,
# and cards are made while somebody waits.


def header(text: str) -> Block:
    """A title in large letters, which screen readers take for a heading."""
    return {"type": "header", "text": _plain(text, HEADER)}


def section(text: str, accessory: Element | None = None) -> Block:
    """A paragraph of mrkdwn, with at most one element at its side."""
    return {"type": "section", "text": _mrkdwn(text, SECTION), **_beside(accessory)}


def fields(pairs: Mapping[str, str], accessory: Element | None = None) -> Block:
    """Up to ten names with what they stand at (mrkdwn), in two columns; where nothing is said, a dash."""
    _bounded(pairs, FIELDS, "fields")
    texts = [_mrkdwn(f"*{name}*\n{value or NOTHING}", FIELD) for name, value in pairs.items()]
    return {"type": "section", "fields": texts, **_beside(accessory)}


def context(*texts: str) -> Block:
    """Up to ten small grey remarks in mrkdwn."""
    _bounded(texts, CONTEXTS, "remarks")
    return {"type": "context", "elements": [_mrkdwn(text, FIELD) for text in texts]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Element) -> Block:
    """Up to 25 buttons and menus in a row; their action ids differ."""
    _bounded(elements, ELEMENTS, "elements of a row")
    drawn = [_element(element) for element in elements]
    _unlike([str(element.get("action_id", "")) for element in drawn], "action ids of one row")
    return {"type": "actions", "elements": drawn}


def image(url: str, alt: str, title: str = "") -> Block:
    """A picture on the web; `alt` says what it shows."""
    return _drawn(kit.ImageBlock(image_url=url, alt_text=line(alt, LABEL), title=_label(title, LABEL)))


def alert(text: str, level: Literal["default", "info", "warning", "error", "success"] = "info") -> Block:
    """A coloured remark of at most 200 characters of mrkdwn; modals only."""
    return _drawn(kit.AlertBlock(kit.Markdown(cut_mrkdwn(text, 200), verbatim=True), level=level))


# Elements


def button(
    label: str,
    action_id: str,
    value: str | int | None = None,
    *,
    style: Style | None = None,
    confirm: Confirm | None = None,
    url: str | None = None,
    describes: str | None = None,
) -> Element:
    """A button; `describes` is what a screen reader says where the label alone makes no sense out of context."""
    drawn = {"type": "button", "text": _plain(label, BUTTON), "action_id": _within(action_id, ID, "an action id")}
    if value is not None:
        drawn["value"] = _within(str(value), VALUE, "a button's value")
    more = {"style": style, "url": url, "accessibility_label": line(describes, BUTTON) if describes else None}
    asked = {"confirm": confirm._resolve()} if confirm else {}
    return drawn | {name: given for name, given in more.items() if given} | asked


def confirm(title: str, text: str, do: str, dont: str = "Cancel", *, style: Style | None = None) -> Confirm:
    """The question asked before a button does what it says; `text` states the outcome."""
    return kit.ConfirmationDialogue(
        title=kit.PlainText(line(title, 100)),
        text=kit.PlainText(line(text, 300)),
        confirm=kit.PlainText(line(do, 30)),
        deny=kit.PlainText(line(dont, 30)),
        style=style,
    )


def option(label: str, value: str | int, description: str = "") -> Option:
    """One choice of a menu, of radio buttons or of checkboxes; its value has at most 75 characters."""
    if not 1 <= len(str(value)) <= OPTION:
        raise Misshapen(f"the value of an option has 1 to {OPTION} characters: {value!r}")
    return kit.Option(kit.PlainText(line(label, OPTION)), str(value), description=_label(description, OPTION))


def overflow(action_id: str, options: Sequence[Option], *, confirm: Confirm | None = None) -> Element:
    """The menu behind three dots: one to five choices."""
    return kit.OverflowMenu(action_id, [*options], confirm=confirm)


def menu(action_id: str, placeholder: str, options: Sequence[Option], value: str | int | None = None) -> Element:
    """A menu outside a form: choosing acts at once."""
    return kit.StaticSelectMenu(
        action_id,
        _offered(options),
        initial_option=_chosen(options, value),
        placeholder=_label(placeholder, PLACEHOLDER),
    )


def external_menu(
    action_id: str, placeholder: str, value: Option | None = None, *, min_query_length: int = 0
) -> Element:
    """A menu outside a form whose choices the route `action_id` suggests; choosing acts at once."""
    return kit.ExternalSelectMenu(
        action_id,
        initial_option=value,
        min_query_length=min_query_length,
        placeholder=_label(placeholder, PLACEHOLDER),
    )


# Fields of a form: the block id is the field's name, and so is the action id where nobody listens to it


def text_input(
    name: str,
    label: str,
    *,
    value: str = "",
    multiline: bool = False,
    max_length: int = TYPED,
    dispatches: str | None = None,
    optional: bool = False,
    hint: str = "",
    placeholder: str = "",
) -> Block:
    """A field for words, at most `max_length` characters of them (3000 is the most Slack allows).

    `dispatches` is the action id that hears what was typed, letter by letter.
    """
    element = kit.PlainTextInput(
        dispatches or name,
        initial_value=cut(value if multiline else " ".join(value.splitlines()), max_length) or None,
        multiline=multiline,
        max_length=max_length,
        dispatch_action_config=_EACH_LETTER if dispatches else None,
        placeholder=_label(placeholder, PLACEHOLDER),
    )
    return _input(name, label, element, dispatches=bool(dispatches), optional=optional, hint=hint)


def number_input(
    name: str,
    label: str,
    *,
    value: int | Decimal | str | None = None,
    decimals: bool = False,
    least: int | None = None,
    most: int | None = None,
    optional: bool = False,
    hint: str = "",
    placeholder: str = "",
) -> Block:
    """A field for a number; Slack marks what is no number or out of its bounds before it is sent."""
    element = kit.NumberInput(
        decimals,
        name,
        initial_value=_digits(value),
        min_value=least,
        max_value=most,
        placeholder=_label(placeholder, PLACEHOLDER),
    )
    return _input(name, label, element, optional=optional, hint=hint)


def date_input(name: str, label: str, *, value: date | None = None, optional: bool = False, hint: str = "") -> Block:
    """A field for a day; one before the year 1000, which no picker shows, is left out."""
    element = kit.DatePicker(name, initial_date=value.isoformat() if value and value.year >= 1000 else None)
    return _input(name, label, element, optional=optional, hint=hint)


def time_input(name: str, label: str, *, value: str = "", optional: bool = False, hint: str = "") -> Block:
    """A field for a time of day, HH:MM."""
    return _input(name, label, kit.TimePicker(name, initial_time=value or None), optional=optional, hint=hint)


def select(
    name: str,
    label: str,
    options: Sequence[Option],
    value: str | int | None = None,
    *,
    dispatches: str | None = None,
    optional: bool = False,
    hint: str = "",
    placeholder: str = "",
) -> Block:
    """A field with a menu of up to 100 choices; `dispatches` is the action id that hears every change."""
    element = kit.StaticSelectMenu(
        dispatches or name,
        _offered(options),
        initial_option=_chosen(options, value),
        placeholder=_label(placeholder, PLACEHOLDER),
    )
    return _input(name, label, element, dispatches=bool(dispatches), optional=optional, hint=hint)


def external_select(
    name: str,
    label: str,
    action_id: str,
    value: Option | None = None,
    *,
    min_query_length: int = 0,
    dispatches: bool = False,
    optional: bool = False,
    hint: str = "",
    placeholder: str = "",
) -> Block:
    """A field whose choices the route `action_id` suggests; `value` is the whole option chosen at first."""
    element = kit.ExternalSelectMenu(
        action_id,
        initial_option=value,
        min_query_length=min_query_length,
        placeholder=_label(placeholder, PLACEHOLDER),
    )
    return _input(name, label, element, dispatches=dispatches, optional=optional, hint=hint)


def suggestions(options: Iterable[Option]) -> dict[str, Any]:
    """The answer to an external select's question: the first 100 options."""
    return {"options": [offered._resolve() for offered in [*options][:OPTIONS]]}


def person_input(
    name: str, label: str, *, value: str | None = None, optional: bool = False, hint: str = "", placeholder: str = ""
) -> Block:
    """A field for a person of the workspace; `value` is an id in Slack."""
    element = kit.UserSelectMenu(
        name, initial_user=value if is_person(value) else None, placeholder=_label(placeholder, PLACEHOLDER)
    )
    return _input(name, label, element, optional=optional, hint=hint)


def channel_input(
    name: str, label: str, *, value: str | None = None, optional: bool = False, hint: str = "", placeholder: str = ""
) -> Block:
    """A field for a channel, public or private; `value` is an id in Slack. One shared outside is asked about later."""
    element = kit.ConversationSelectMenu(
        name,
        initial_conversation=value if is_channel(value) else None,
        filter=kit.ConversationFilter(include=["public", "private"]),
        placeholder=_label(placeholder, PLACEHOLDER),
    )
    return _input(name, label, element, optional=optional, hint=hint)


def people_input(
    name: str,
    label: str,
    *,
    values: Iterable[str] = (),
    most: int | None = None,
    optional: bool = False,
    hint: str = "",
    placeholder: str = "",
) -> Block:
    """A field for people of the workspace, `most` of them at the most; `values` are ids in Slack."""
    element = kit.UserMultiSelectMenu(
        name,
        initial_users=[value for value in values if is_person(value)] or None,
        max_selected_items=most,
        placeholder=_label(placeholder, PLACEHOLDER),
    )
    return _input(name, label, element, optional=optional, hint=hint)


def external_selects(
    name: str,
    label: str,
    action_id: str,
    values: Sequence[Option] = (),
    *,
    most: int | None = None,
    optional: bool = False,
    hint: str = "",
    placeholder: str = "",
) -> Block:
    """A field for several of the choices that the route `action_id` suggests; `values` are whole options."""
    element = kit.ExternalMultiSelectMenu(
        action_id,
        initial_options=[*values] or None,
        min_query_length=0,
        max_selected_items=most,
        placeholder=_label(placeholder, PLACEHOLDER),
    )
    return _input(name, label, element, optional=optional, hint=hint)


def file_input(name: str, label: str, kinds: Sequence[str], *, optional: bool = False, hint: str = "") -> Block:
    """A field into which one file of these kinds, by their endings, is dropped; in forms only."""
    element = kit.FileInput(name, filetypes=[*kinds], max_files=1)
    return _input(name, label, element, optional=optional, hint=hint)


def radio(
    name: str,
    label: str,
    options: Sequence[Option],
    value: str | int | None = None,
    *,
    dispatches: str | None = None,
    optional: bool = False,
    hint: str = "",
) -> Block:
    """A field with up to ten choices in sight; `dispatches` is the action id that hears every change."""
    element = kit.RadioButtonGroup(dispatches or name, _offered(options), initial_option=_chosen(options, value))
    return _input(name, label, element, dispatches=bool(dispatches), optional=optional, hint=hint)


def checkboxes(
    name: str,
    label: str,
    options: Sequence[Option],
    values: Iterable[str | int] = (),
    *,
    dispatches: str | None = None,
    optional: bool = True,
    hint: str = "",
) -> Block:
    """A field with up to ten boxes to tick; unless `optional` is False none need be ticked."""
    ticked = {str(value) for value in values}
    element = kit.CheckboxGroup(
        dispatches or name,
        _offered(options),
        initial_options=[offered for offered in options if offered.value in ticked] or None,
    )
    return _input(name, label, element, dispatches=bool(dispatches), optional=optional, hint=hint)


# Views


def modal(
    title: str,
    callback_id: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Cancel",
    metadata: Mapping[str, Any] | None = None,
    notify_on_close: bool = False,
) -> View:
    """A form or a page over Slack; `metadata` (ids only) comes back with it as JSON in `private_metadata`."""
    if submit is None and any(block["type"] == "input" for block in blocks):
        raise Misshapen(f"the modal {callback_id} has fields and no button to send them")
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title, TITLE),
        "blocks": _page(blocks),
        "close": _plain(close, TITLE),
    }
    if submit is not None:
        view["submit"] = _plain(submit, TITLE)
    if metadata:
        view["private_metadata"] = _packed(metadata)
    if notify_on_close:
        view["notify_on_close"] = True
    return view


def loading_modal(title: str, callback_id: str, *, metadata: Mapping[str, Any] | None = None) -> View:
    """What is opened at once, while what it will show is still being read: a trigger lives three seconds."""
    return modal(title, callback_id, [section("Loading …")], metadata=metadata)


def home(blocks: Sequence[Block]) -> View:
    """The App Home of one person."""
    return {"type": "home", "blocks": _page(blocks)}


# Tables and charts

NEWEST = frozenset({"data_table", "data_visualization"})
"""What some workspaces refuse still; whatever they show, words before them say too."""


def older(blocks: Iterable[Block]) -> list[Block]:
    """The blocks without Slack's newest ones."""
    return [block for block in blocks if block.get("type") not in NEWEST]


def number(value: Figure, shown: str) -> kit.RawNumber:
    """A cell of a table that sorts by its value and shows words, such as £1.2m for 1,200,000."""
    return kit.RawNumber(_bare(value), line(shown, FIELD))


def data_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], *, page_size: int = 10) -> Block:
    """A table people can sort and page, its first column naming each row; messages only.

    One to 100 rows of up to 20 cells, each typed words or a `number`, 10,000 characters in all. Older clients and
    some workspaces refuse it: the message's text carries the same figures.
    """
    _bounded(rows, ROWS, "rows")
    cells = [[_cell(cell) for cell in row] for row in [header, *rows]]
    if sum(len(cell.text) for row in cells for cell in row) > CELL_CHARACTERS:
        raise Misshapen(f"a table has at most {CELL_CHARACTERS} characters")
    return _drawn(kit.DataTableBlock([[*row] for row in cells], line(caption, HEADER), page_size=page_size))


def bar(
    title: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[Figure]],
    *,
    x_label: str = "",
    y_label: str = "",
) -> Block:
    """Bars: one to six series, each with one figure for every one of up to 20 categories; messages only."""
    data, axis = _plotted(categories, series, x_label, y_label)
    return _drawn(kit.DataVisualizationBlock(line(title, CHART_TITLE), kit.BarChart(data, axis)))


def line_chart(
    title: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[Figure]],
    *,
    x_label: str = "",
    y_label: str = "",
) -> Block:
    """Lines over up to 20 categories, one to six of them; messages only."""
    data, axis = _plotted(categories, series, x_label, y_label)
    return _drawn(kit.DataVisualizationBlock(line(title, CHART_TITLE), kit.LineChart(data, axis)))


def pie(title: str, segments: Mapping[str, Figure]) -> Block:
    """A pie of one to six segments; those of nothing are left out, for Slack refuses them; messages only."""
    parts = {name: value for name, value in segments.items() if value > 0}
    _bounded(parts, SERIES, "segments above zero")
    labels = _distinct(parts)
    cake = [kit.ChartSegment(label, _bare(value)) for label, value in zip(labels, parts.values(), strict=True)]
    return _drawn(kit.DataVisualizationBlock(line(title, CHART_TITLE), kit.PieChart(cake)))


# How it is made


def _drawn(block: kit.Block) -> Block:
    """The block as a dict; an id that is random is taken out, one of ours stays."""
    drawn = block._resolve()
    if block._generated_block_id:
        del drawn["block_id"]
    return drawn


def _input(
    name: str, label: str, element: kit.Element, *, dispatches: bool = False, optional: bool = False, hint: str = ""
) -> Block:
    return _drawn(
        kit.InputBlock(
            kit.PlainText(line(label, LABEL)),
            element,
            dispatch_action=dispatches,
            block_id=name,
            hint=_label(hint, LABEL),
            optional=optional,
        )
    )


def _mrkdwn(text: str, limit: int) -> dict[str, Any]:
    if not text:
        raise Misshapen("Slack takes no empty text")
    return {"type": "mrkdwn", "text": cut_mrkdwn(text, limit), "verbatim": True}


def _element(element: Element) -> dict[str, Any]:
    drawn: dict[str, Any] = element if isinstance(element, dict) else element._resolve()
    return drawn


def _beside(accessory: Element | None) -> dict[str, Any]:
    return {} if accessory is None else {"accessory": _element(accessory)}


def _within(text: str, most: int, what: str) -> str:
    if not 1 <= len(text) <= most:
        raise Misshapen(f"{what} has 1 to {most} characters: {text[:80]!r}")
    return text


def _plain(text: str, limit: int) -> dict[str, str]:
    return {"type": "plain_text", "text": line(text, limit)}


def _label(text: str, limit: int) -> kit.Text | None:
    return kit.PlainText(line(text, limit)) if text else None


def _offered(options: Sequence[Option]) -> list[Option]:
    _unlike([offered.value for offered in options], "values of options")
    return [*options]


def _chosen(options: Sequence[Option], value: str | int | None) -> Option | None:
    return next((offered for offered in options if offered.value == str(value)), None)


def _digits(value: int | Decimal | str | None) -> str | None:
    return format(value, "f") if isinstance(value, Decimal) else None if value is None else str(value) or None


def _page(blocks: Sequence[Block]) -> list[Block]:
    _bounded(blocks, VIEW_BLOCKS, "blocks of a view")
    _unlike([block["block_id"] for block in blocks if "block_id" in block], "names of fields")
    return [*blocks]


def _packed(metadata: Mapping[str, Any]) -> str:
    packed = json.dumps(metadata, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    if len(packed) > METADATA:
        raise Misshapen(f"metadata has at most {METADATA} characters, not {len(packed)}")
    return packed


def _cell(cell: Cell) -> kit.RawText | kit.RawNumber:
    return kit.RawText(line(cell, FIELD)) if isinstance(cell, str) else cell


def _plotted(
    categories: Sequence[str], series: Mapping[str, Sequence[Figure]], x_label: str, y_label: str
) -> tuple[list[kit.DataSeries], kit.AxisConfig]:
    _bounded(series, SERIES, "series")
    if any(len(figures) != len(categories) for figures in series.values()):
        raise Misshapen("each series has one figure for every category")
    labels = _distinct(categories)
    data = [
        kit.DataSeries(name, [kit.DataPoint(label, _bare(y)) for label, y in zip(labels, figures, strict=True)])
        for name, figures in zip(_distinct(series), series.values(), strict=True)
    ]
    axis = kit.AxisConfig(
        labels, line(x_label, CHART_TITLE) if x_label else None, line(y_label, CHART_TITLE) if y_label else None
    )
    return data, axis


def _distinct(names: Iterable[str]) -> list[str]:
    """Labels short enough for a chart and, as Slack wants them, all different: the second of a kind gets a 2."""
    labels: list[str] = []
    for name in names:
        label, count = line(name, CHART_LABEL), 1
        while label in labels:
            count += 1
            label = f"{line(name, CHART_LABEL - len(str(count)) - 1)} {count}"
        labels.append(label)
    return labels


def _bare(value: Figure) -> int | float:
    """A number as JSON has it; neither infinite nor undefined."""
    if not math.isfinite(value):
        raise Misshapen(f"Slack draws no {value}")
    return value if isinstance(value, int) else float(value)


def _bounded(parts: Sized, most: int, what: str) -> None:
    if not 1 <= len(parts) <= most:
        raise Misshapen(f"Slack takes 1 to {most} {what}, not {len(parts)}")


def _unlike(ids: list[str], what: str) -> None:
    if len(set(ids)) < len(ids):
        raise Misshapen(f"the {what} must differ: {', '.join(ids)}")

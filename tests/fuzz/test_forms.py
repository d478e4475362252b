"""Whatever is filled into a form, and chosen where there is no such choice."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import handlers
from bot.handlers.routing import Kind
from bot.playground import inputs, lint
from bot.playground.records import Json
from tests.fuzz.ground import Ground
from tests.fuzz.strange import IDS, odd, words

NOT_REACHED = {"setup.go_live"}
"""What opens only when everything else is set up."""
ALL = {route.id for module in handlers.MODULES for route in module.ROUTES if route.kind is Kind.VIEW}
FORMS = sorted(ALL - NOT_REACHED)
DAYS = ("2026-12-04", "2026-11-01", "0001-01-01", "9999-12-31", "2026-02-30", "soon", "")
TIMES = ("15:00", "09:30", "24:00", "25:61", "15:00:00.5", "noon", "")
NUMBERS = ("1250000", "-1", "1e400", "NaN", "0.0000000001", "9" * 400, "1,5", "٣", "")


PLACES = [f"{letter}{number:08}" for letter in "UC" for number in range(9)]
chosen = st.sampled_from(["1", "2", "3", "99", "0", "-1", "new:", "all", "A", "R", "4", "sponsor"]) | words
options = (chosen | words.map("new:{}".format)).map(lambda value: {"value": value})
ids = st.sampled_from([*PLACES, *PLACES, *IDS])
HELD: dict[str, st.SearchStrategy[Any]] = {
    "value": st.sampled_from(NUMBERS) | words | st.text(max_size=400),
    "selected_option": options,
    "selected_options": st.lists(options, max_size=4) | options.map(lambda option: [option] * 120),
    "selected_date": st.sampled_from(DAYS) | st.dates().map(str) | words,
    "selected_time": st.sampled_from(TIMES) | st.times().map(str) | words,
    "selected_date_time": st.integers() | st.sampled_from([0, 10**12, -(10**18)]),
    "files": st.lists(st.fixed_dictionaries({"id": ids, "name": words}), max_size=12),
}
"""What an input may hold when somebody filled it in, by hand or with a forger's tools."""


def held_by(kind: str) -> st.SearchStrategy[Any]:
    """What the state of a form may say of an input of that kind."""
    key = inputs.VALUES[kind][0]
    return st.none() | HELD.get(key, ids | words).map(lambda value: {"type": kind, key: value}) | odd


VALUES = {kind: held_by(kind) for kind in inputs.VALUES}
NUMBER = st.sampled_from([1, 2, 3, 4, 5, 8, 12, 99, 2**31, -1, None]) | odd


@st.composite
def filled(draw: st.DrawFn, payload: Json) -> Json:
    """A form that was sent, with other values in up to three of its fields, and perhaps of another thing."""
    view = payload["view"]
    fields = [(b["block_id"], e) for b, e in inputs.elements(view["blocks"]) if e["type"] in inputs.VALUES]
    for block_id, element in draw(st.lists(st.sampled_from(fields), min_size=1, max_size=3)) if fields else ():
        held = draw(VALUES[element["type"]])
        view["state"]["values"][block_id] = {element["action_id"]: held}
    carried = json.loads(view["private_metadata"] or "{}")
    if carried and draw(st.booleans()):
        carried[draw(st.sampled_from(sorted(carried)))] = draw(NUMBER)
        view["private_metadata"] = json.dumps(carried)
    return payload


def sends(ground: Ground, data: st.DataObject, form: str, who: str) -> None:
    """Somebody sends a form."""
    payload = ground.trigger(ground.forms[form], who)
    payload = data.draw(filled(payload))
    payload["view"]["id"] = f"V{ground.cases}"
    payload["user"] |= {"id": ground.office.id(who)}
    _, answer = ground.send("interactive", payload)
    judge(payload["view"], answer)


def judge(view: Json, answer: Any) -> None:
    """Whether Slack would take the answer to a form."""
    action = answer.get("response_action") if isinstance(answer, dict) else None
    if action == "errors":
        known = {block["block_id"] for block, _ in inputs.elements(view["blocks"])}
        assert answer["errors"]
        assert answer["errors"].keys() <= known
        assert all(answer["errors"].values())
    if action in {"update", "push"}:
        refused = lint.view(answer["view"])
        assert refused is None, refused


sent: dict[str, Any] = {
    "data": st.data(),
    "form": st.sampled_from(FORMS),
    "who": st.sampled_from(["ana", "ana", "eva", "eva", "farah", "hana", "guest"]),
}


@settings(max_examples=2500)
@given(**sent)
def test_whatever_is_filled_in(ground: Ground, data: st.DataObject, form: str, who: str) -> None:
    sends(ground, data, form, who)


@settings(max_examples=300)
@given(**sent)
def test_whatever_is_filled_in_on_postgresql(small_ground: Ground, data: st.DataObject, form: str, who: str) -> None:
    sends(small_ground, data, form, who)


def test_every_form_is_tried(ground: Ground) -> None:
    assert ALL - ground.forms.keys() == NOT_REACHED

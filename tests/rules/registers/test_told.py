"""What an import came to, in words."""

from decimal import Decimal
from types import SimpleNamespace

from bot.rules.registers import told
from bot.rules.terms import Health, ProjectState


def test_every_kind_of_value_is_told() -> None:
    changes = {
        "name": ("Old  name", "New name"),
        "reported_health": (Health.GREEN, Health.RED),
        "state": (ProjectState.EXECUTING, ProjectState.CLOSED),
        "budget_baseline": (None, Decimal("1200000.00")),
        "manager": ([], [SimpleNamespace(name="Eva"), SimpleNamespace(name="Ben")]),
        "reports": (None, 2),
    }

    assert told.changed(changes) == (
        "name Old name -> New name; reported_health G -> R; state executing -> closed; "
        "budget_baseline nothing -> 1,200,000.00; manager nothing -> Eva, Ben; 2 reports kept"
    )
    assert told.changed({"reports": (None, 1)}) == "1 report kept"
    assert told.changed({}) == ""


def test_a_state_is_told_by_its_word_and_nothing_by_nothing() -> None:
    changes = {"state": (None, ProjectState.ON_HOLD), "name": ("", "a\nb")}

    assert told.changed(changes) == "state nothing -> on_hold; name nothing -> a b"

"""The checklist and the settings, as they are shown."""

from typing import Any

from bot.playground import lint
from bot.rules import setup as rules
from bot.rules.setup import Figures, LastChange, Step, Taken
from bot.rules.terms import WorkspaceState
from bot.store.tables import Workspace
from bot.views import setup
from tests.factories import NOW

LONG = "👨‍👩‍👧‍👦<!channel>" * 400


def a_workspace(**values: Any) -> Workspace:
    given: dict[str, Any] = {"team_id": "T1", "name": "Acme", "bot_user_id": "UB", "bot_id": "B", "created_at": NOW}
    return Workspace(id=1, **(given | values))


def words(blocks: list[dict[str, Any]]) -> str:
    texts = [block["text"]["text"] for block in blocks if "text" in block]
    return "\n".join(
        [*texts, *(each["text"] for block in blocks if block["type"] == "context" for each in block["elements"])]
    )


def marked(blocks: list[dict[str, Any]]) -> str:
    """Everything in which mark-up would be live."""
    texts = [part for block in blocks for part in (block.get("text"), *(block.get("fields") or ())) if part]
    return "\n".join(part["text"] for part in texts if part["type"] == "mrkdwn")


def checklist(*taken: Taken, state: WorkspaceState = WorkspaceState.PREPARATION, **more: Any) -> dict[str, Any]:
    phases = rules.checklist(taken, is_live=state.is_live)
    view = setup.checklist(phases, state=state, live=2, zone="Europe/London", **more)
    assert lint.view(view) is None
    return view


def test_the_welcome_has_one_button_and_says_nobody_else_hears() -> None:
    message = setup.welcome("<!channel>")

    assert lint.message(message.blocks) is None
    assert [element["action_id"] for element in message.blocks[2]["elements"]] == [setup.OPEN]
    assert "Nobody else hears from me before you say so" in words(message.blocks)
    assert "<!channel>" not in marked(message.blocks)


def test_the_next_step_stands_out_with_a_way_to_leave_it() -> None:
    view = checklist(Taken(Step.SCOPE, skipped=False, by="UANA", at=NOW))
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]

    assert [[(each["action_id"], each["value"]) for each in row] for row in rows] == [
        [(setup.STEP, "services"), (setup.SKIP, "services")]
    ]
    assert "✅ *Scope and sponsor* · done by <@UANA>, <!date^" in words(view["blocks"])
    assert "⬜ *Go live* · not yet" in words(view["blocks"])
    assert "Until you go live, only pilot projects are asked." in words(view["blocks"])


def test_going_live_is_never_skipped() -> None:
    before = [step for steps in rules.PHASES.values() for step in steps if step not in {Step.GO_LIVE, Step.REVIEW}]
    view = checklist(*(Taken(step, skipped=True, by=None, at=NOW) for step in before))

    [row] = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    assert [each["action_id"] for each in row] == [setup.STEP]
    assert "➖ *Scope and sponsor* · skipped by nobody" in words(view["blocks"])


def test_what_was_just_changed_stands_first_with_its_undo() -> None:
    view = checklist(said="*Saved*", undo=7, state=WorkspaceState.OPERATING)

    assert view["blocks"][0]["text"]["text"] == "*Saved*"
    assert view["blocks"][1]["elements"][0]["value"] == "7"
    assert "*This workspace is live:* 2 live projects" in words(view["blocks"])
    assert "✅ *Go live* · done\n" in words(view["blocks"])


def test_settings_show_values_defaults_and_who_changed_what() -> None:
    workspace = a_workspace(
        scope=LONG[:3000],
        sponsor_id=7,
        services_off=["digests"],
        country="GB-SCT",
        closed_days=["2026-12-24", "2026-12-25"],
        tolerances={"plus_percent": "7.5"},
    )
    last = {"services_off": LastChange(3, "UANA", NOW), "country": LastChange(4, None, NOW)}

    message = setup.settings(workspace, sponsor="UFARAH", last=last, zone="Europe/London", may_change=True)

    assert lint.message(message.blocks) is None
    said = words(message.blocks)
    for expected in (
        "Sponsor: <@UFARAH>",
        "Services that are off: Digests",
        "Check-ins: Every Friday _(default)_",
        "Public holidays: United Kingdom: Scotland",
        "Closed days of your own: 24 dec 2026 to 25 dec 2026",
        "Red when over budget by more than: 7.5 %",
        "Red when later than: 10 working days _(default)_",
        "Changed by <@UANA>, ",
        "Changed by nobody, ",
    ):
        assert expected in said, expected
    undos = [block["elements"][0]["value"] for block in message.blocks if block["type"] == "actions"]
    assert undos == ["3", "4"]
    assert "<!channel>" not in marked(message.blocks)


def test_who_only_reads_settings_has_nothing_to_press() -> None:
    last = {"country": LastChange(4, "UANA", NOW)}
    message = setup.settings(a_workspace(), sponsor=None, last=last, zone="UTC", may_change=False)

    assert "action_id" not in str(message.payload())
    assert "Services that are off: all are on" in words(message.blocks)
    assert "Sponsor: none" in words(message.blocks)


def test_a_change_is_told_field_by_field() -> None:
    said = setup.changed(
        {
            "sponsor_id": (None, 7),
            "cadence": ("weekly_fr", "of_another_release"),
            "tolerances": ({}, {"plus_percent": "5"}),
            "scope": ("<!channel>", ""),
        },
        {7: "UFARAH"},
    )

    assert said.splitlines() == [
        "*Saved*",
        "• Sponsor: none → <@UFARAH>",
        "• Check-ins: Every Friday → of_another_release",
        "• Thresholds: none → red when over budget by more than 5 %",
        "• Scope: &lt;!channel&gt; → none",
    ]
    assert setup.changed({}) == "Nothing was changed."
    assert "nobody" in setup.changed({"sponsor_id": (None, 7)})


def test_an_answer_of_its_own_has_the_undo_too() -> None:
    assert setup.saved("*Saved*", 7).blocks[1]["elements"][0]["action_id"] == setup.UNDO
    assert len(setup.saved("Nothing was changed.", None).blocks) == 1


def test_what_each_step_came_to_is_said() -> None:
    assert "Scope and sponsor" in setup.skipped(Step.SCOPE)
    assert setup.appointed({"pmo": [], "executive": ["U1"]}, {"auditor": ["U2"]}).splitlines()[1:] == [
        "• executive: <@U1>",
        "• not auditor any more: <@U2>",
    ]
    assert setup.appointed({"pmo": []}, {}) == "Nothing was changed."
    assert "No project is a pilot" in setup.piloted([], is_live=False)
    assert "Pilots: A and B. Everybody is asked already" in setup.piloted(["A", "B"], is_live=True)
    assert "2 live projects" in setup.gone_live(2)
    assert "until you go live again" in setup.gone_back()


def test_figures_are_told_even_when_there_are_none() -> None:
    none = Figures(28)
    some = Figures(28, asked=4, answered=3, missed=1, risks=2, risks_closed=1, escalations=1, decided=1, editions=4)

    assert "no check-ins were due; 0 risks raised, 0 closed" in setup.reviewed(none)
    assert setup.counted(some) == (
        "In the last 28 days: 3 of 4 check-ins answered, 1 missed; 2 risks raised, 1 closed; "
        "1 escalation raised, 1 decided; 4 digests published."
    )

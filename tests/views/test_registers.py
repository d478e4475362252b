"""A register as whoever dropped it reads it: never more than Slack takes, nothing of it that is live mark-up."""

from dataclasses import replace

from bot.playground import lint
from bot.rules.registers import reading
from bot.rules.registers.reading import RefusedCell
from bot.rules.registers.told import Outcome
from bot.rules.terms import RegisterState
from bot.store.tables import Message, RegisterFile
from bot.views import registers
from tests.factories import NOW
from tests.views.test_setup import marked, words

FILE = RegisterFile(
    id=4, workspace_id=1, person_id=1, file_id="F1", name="<!channel>.csv", state=RegisterState.ASKED, asked_at=NOW
)
REGISTER = reading.read("Project,Budget (£),Odd\nApollo,much,1\nGemini,7,2\n".encode(), "r.csv", as_of=NOW.date())
MANY = tuple(f"P{number} <!channel>" + "x" * 300 for number in range(40))


def taken(message: Message) -> str:
    assert lint.message(message.blocks) is None
    assert "<!channel>" not in marked(message.blocks)
    return words(message.blocks)


def ids(message: Message) -> list[str]:
    return [each["action_id"] for block in message.blocks if block["type"] == "actions" for each in block["elements"]]


def test_every_stage_says_where_it_is() -> None:
    for message in (
        registers.being_read(FILE),
        registers.importing(FILE),
        registers.dropped(FILE),
        registers.refused(FILE, "it is <!channel>"),
    ):
        assert "csv" in taken(message)
    assert "I write to you here in a moment" in registers.asked(FILE)


def test_a_preview_names_what_would_change_and_asks() -> None:
    message = registers.preview(FILE, REGISTER, Outcome(added=MANY, changed=MANY[:2], unplaced=MANY[:1], unchanged=3))

    said = taken(message)
    assert "40 projects added, 2 changed, 3 as before; 0 reports added, 0 corrected" in said
    assert "_and 32 more_" in said
    assert "Refused: 1 cell or row" in said
    assert "Budget (£) is bac" in said
    assert "Not read: Odd" in said
    assert ids(message) == [registers.IMPORT, registers.LEAVE]


def test_what_changes_nothing_is_not_to_be_imported() -> None:
    message = registers.preview(FILE, REGISTER, Outcome(unchanged=2))

    assert "*Nothing would change:*" in taken(message)
    assert ids(message) == []


def test_what_went_in_is_told() -> None:
    message = registers.imported(FILE, REGISTER, Outcome(added=("APOLLO Apollo",), reports=1))

    assert "*Added (1)*\nAPOLLO Apollo" in taken(message)
    assert "managers are asked" in taken(message)
    assert "before you go live" in taken(registers.imported(FILE, REGISTER, Outcome(), waits=True))
    assert ids(message) == []


def test_every_refused_cell_is_named_in_pages() -> None:
    [page] = registers.faults(REGISTER)
    assert '"much" is not an amount' in taken(page)

    cell = RefusedCell("row 2", "Budget", "much", "<!channel>" + "y" * 200)
    many = registers.faults(replace(REGISTER, refused=(cell,) * 900))
    assert len(many) == registers.MESSAGES
    for page in many:
        taken(page)
    assert "`pmo-bot import projects FILE --dry-run` names them all" in taken(many[-1])


def test_without_faults_there_is_nothing_to_name() -> None:
    clean = reading.read(b"Project\nApollo\n", "r.csv", as_of=NOW.date())

    assert registers.faults(clean) == []
    assert "Refused" not in taken(registers.preview(FILE, clean, Outcome(added=("A A",))))

"""Who gives a role reads what it means and can take it back; who gets it is told."""

from bot.playground import lint
from bot.rules.roles import Appointment
from bot.rules.terms import Role
from bot.views import roles

GIVEN = Appointment("U1", Role.PMO)


def test_a_role_given_says_what_it_means_with_the_way_back() -> None:
    done = roles.done(GIVEN, changed=True)
    assert done.text.startswith("<@U1> is PMO now: PMO sets up projects")
    assert done.blocks[1]["elements"][0]["value"] == "U1:pmo"
    assert len(roles.done(GIVEN, changed=True, may_undo=False).blocks) == 1
    assert lint.message(done.blocks) is None


def test_what_changes_nothing_says_so() -> None:
    assert "already PMO" in roles.done(GIVEN, changed=False).text
    taken = Appointment("U1", Role.AUDITOR, given=False)
    assert roles.done(taken, changed=True).text == "<@U1> is not an auditor any more."
    assert "not an auditor anyway" in roles.done(taken, changed=False).text


def test_who_gets_a_role_is_told_by_whom() -> None:
    told = roles.told(Appointment("U1", Role.EXECUTIVE), by="U9")
    assert told.text.startswith("You are an executive here now")
    assert "<@U9> did this." in told.blocks[1]["elements"][0]["text"]
    assert lint.message(told.blocks) is None

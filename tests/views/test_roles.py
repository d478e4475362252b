"""Who gives a role reads what it means and can take it back; who gets it is told; all are listed."""

from datetime import UTC, date, datetime

from bot.playground import lint
from bot.rules.roles import GRANTED, Appointment, unpack
from bot.rules.terms import Role
from bot.store.tables import Holding, Message, RoleGrant
from bot.views import roles

NOW = datetime(2026, 11, 20, tzinfo=UTC)
GIVEN = Appointment("U1", Role.PMO)


def values(message: Message) -> list[str]:
    found = [element for block in message.blocks for element in block.get("elements", []) if "value" in element]
    return [*(each["value"] for each in found), *(b["accessory"]["value"] for b in message.blocks if "accessory" in b)]


def test_a_role_given_says_what_it_means_with_the_way_back() -> None:
    done = roles.done(GIVEN, changed=True)
    assert done.text.startswith("<@U1> is PMO now: PMO sets up projects")
    assert unpack(values(done)[0]) == Appointment("U1", Role.PMO, given=False)
    assert lint.message(done.blocks) is None


def test_a_role_of_a_portfolio_and_for_a_time_says_so() -> None:
    given = Appointment("U1", Role.EXECUTIVE, portfolio=3, until=date(2026, 11, 30))
    assert roles.done(given, changed=True, place="Big <Change>").text.startswith(
        "<@U1> is an executive for Big &lt;Change&gt; now until Mon 30 Nov 2026: an executive reads"
    )


def test_a_role_taken_back_can_be_given_again() -> None:
    taken = roles.done(Appointment("U1", Role.AUDITOR, given=False), changed=True)
    assert taken.text == "<@U1> is not an auditor any more."
    assert unpack(values(taken)[0]) == Appointment("U1", Role.AUDITOR)


def test_what_changes_nothing_says_so() -> None:
    assert "already PMO" in roles.done(GIVEN, changed=False).text
    taken = Appointment("U1", Role.AUDITOR, given=False)
    assert "not an auditor anyway" in roles.done(taken, changed=False).text


def test_who_gets_a_role_is_told_by_whom() -> None:
    told = roles.told(Appointment("U1", Role.EXECUTIVE), by="U9")
    assert told.text.startswith("You are an executive here now")
    assert "<@U9> did this." in told.blocks[1]["elements"][0]["text"]
    assert lint.message(told.blocks) is None


def test_every_role_that_is_given_says_what_it_means() -> None:
    assert set(roles.MEANS) == set(GRANTED)


def holding(role: Role, portfolio: str | None = None, until: datetime | None = None) -> Holding:
    number = 3 if portfolio else None
    return Holding(RoleGrant(person_id=1, role=role, portfolio_id=number, granted_at=NOW, until=until), "U1", portfolio)


def a_page(*held: Holding, first: int = 0, total: int = 2, first_admins: tuple[str, ...] = ()) -> Message:
    return roles.page(held, first=first, total=total, size=2, first_admins=first_admins, may_change=True)


def test_all_roles_are_listed_and_can_be_taken_back() -> None:
    page = a_page(holding(Role.PMO), holding(Role.EXECUTIVE, "Change", NOW), first=2, total=5)
    assert "<@U1> is PMO\n<@U1> is an executive for Change, until Fri 20 Nov 2026" in page.text
    assert values(page) == ["0", "4", "U1:pmo:-::", "U1:executive:-:3:"]
    assert lint.message(page.blocks) is None
    seen = roles.page([holding(Role.PMO)], first=0, total=1, size=2, first_admins=(), may_change=False)
    assert values(seen) == []


def test_where_no_admin_is_named_those_who_can_act_as_one_are() -> None:
    assert "No PMO admin is named yet: <@U7> can act as one." in str(a_page(first_admins=("U7",)).blocks)
    assert "Nobody was given a role yet" in a_page().text

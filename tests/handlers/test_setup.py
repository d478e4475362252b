"""Setting up in Slack: who may, every form with its faults, the second click, and settings with their undo."""

from bot.handlers.setup import welcome
from bot.playground.hands import Hands
from bot.store import audit, posts, setup, workspaces
from tests.journeys.chat import about, answers, buttons, form, home, newest
from tests.office import Office


def opens(person: Hands, step: str) -> str:
    """Open the checklist, and the form of a step upon it; what that shows."""
    if person.modal is None:
        person.types("/pmo setup", "#general")
    person.presses(None, "setup.step", value=step)
    return form(person).shown


def sends(person: Hands, step: str, **values: object) -> str:
    """Fill the form of a step in and send it; what the checklist says then."""
    opens(person, step)
    person.fills(values)
    errors = person.submits()
    assert errors == {}, errors
    return form(person).shown


def test_only_who_runs_the_pmo_sets_it_up(office: Office) -> None:
    assert "Only" in answers(office.eva, "/pmo setup")
    assert "Only" in answers(office.eva, "/pmo settings")
    assert "Only" in answers(office.eva, "/pmo import")
    office.ana.types("/pmo role @hana auditor", "#general")
    assert "Change" not in answers(office.hana, "/pmo settings")


def test_looking_begins_nothing(office: Office) -> None:
    office.ana.types("/pmo setup", "#general")
    assert "*1 · Preparation* · 0 live projects" in form(office.ana).shown
    assert office.row.state.is_live


def test_home_leads_back_until_one_is_live(office: Office) -> None:
    sends(office.ana, "scope", scope="All change")
    office.ana.closes()
    assert "*Setting up:* preparation." in home(office.ana)
    assert "Setting up" not in home(office.eva)
    office.ana.presses(office.ana.home, "Go on")
    assert "✅ *Scope and sponsor*" in form(office.ana).shown
    sends(office.ana, "go_live")
    office.ana.closes()
    assert "Setting up" not in home(office.ana)


def test_a_scope_has_a_sponsor_who_can_act(office: Office) -> None:
    opens(office.ana, "scope")
    office.ana.fills(scope="All change", sponsor="@guest")
    assert set(office.ana.submits()) == {"sponsor"}
    office.ana.fills(sponsor="@farah")
    assert office.ana.submits() == {}
    assert f"• Sponsor: none → <@{office.id('farah')}>" in form(office.ana).shown
    assert "Sponsor of the PMO" in opens(office.ana, "scope")


def test_every_fault_of_a_form_is_at_its_field(office: Office) -> None:
    opens(office.ana, "tolerances")
    office.ana.fills(plus_working_days="2", acknowledge_working_days=None)
    assert office.ana.submits() == {}
    opens(office.ana, "calendar")
    office.ana.fills(closed="someday")
    assert set(office.ana.submits()) == {"closed"}
    office.ana.fills(closed="24 dec 2026", country="Germany: Bayern")
    assert office.ana.submits() == {}
    assert "Germany: Bayern" in form(office.ana).shown
    opens(office.ana, "calendar")
    office.ana.fills(country="No public holidays")
    assert office.ana.submits() == {}
    assert "• Public holidays: Germany: Bayern → none" in form(office.ana).shown


def test_zones_and_projects_are_suggested(office: Office) -> None:
    office.has_project()
    opens(office.ana, "defaults")
    assert office.ana.suggestions("zone", "berl") == ["Europe/Berlin"]
    office.ana.closes()
    opens(office.ana, "pilots")
    assert office.ana.suggestions("pilots", "apo") == ["APOLLO Apollo"]


def test_new_projects_begin_with_the_defaults(office: Office) -> None:
    sends(office.ana, "defaults", cadence="Every second Monday", time="09:30", zone="Europe/Berlin", currency="eur")
    office.ana.closes()
    office.ana.types("/pmo project add", "#general")
    chosen = form(office.ana).values["cadence"]["cadence"]["selected_option"]
    assert chosen["value"] == "fortnightly_mo"
    assert form(office.ana).values["cadence_time"]["cadence_time"]["selected_time"] == "09:30"


def test_roles_are_given_and_taken_and_told_once(office: Office) -> None:
    said = sends(office.ana, "roles", pmo=["@ana", "@hana"], executive=["@farah"])
    office.settle()
    assert f"• pmo: <@{office.id('ana')}> and <@{office.id('hana')}>" in said
    assert "You are" in newest(office.hana).shown
    assert not any("You are PMO" in message.shown for message in office.ana.reads())

    said = sends(office.ana, "roles", pmo=["@ana"], executive=["@farah"])
    assert f"• not pmo any more: <@{office.id('hana')}>" in said
    opens(office.ana, "roles")
    office.ana.fills(executive=["@guest"])
    assert set(office.ana.submits()) == {"executive"}


def test_a_setting_is_undone_from_the_checklist_and_from_settings(office: Office) -> None:
    said = sends(office.ana, "defaults", currency="eur", quiet_from="20:00")
    assert "• Quiet from: 18:00 → 20:00" in said
    office.ana.presses(None, "Undo")
    assert "• Currency: EUR → GBP" in form(office.ana).shown
    assert "• Quiet from: 20:00 → 18:00" in form(office.ana).shown
    sends(office.ana, "defaults", currency="usd")
    office.ana.closes()

    settings = office.ana.types("/pmo settings", "#general")
    assert settings is not None
    assert "Currency: USD" in settings.shown
    office.ana.presses(settings, "Undo")
    settings = office.ana.reads("#general")[-1]
    assert "Currency: GBP _(default)_" in settings.shown
    with office.bot.db.reading(office.row.id) as session:
        noted = [entry.what for entry in audit.list_of(session, workspaces.get(session))]
    assert noted.count("settings undone") == 2


def test_what_was_changed_again_is_left(office: Office) -> None:
    sends(office.ana, "defaults", currency="eur")
    number = office.row.id
    with office.bot.db.transaction(number) as session:
        setup.change(session, by=1, now=office.slack.clock(), currency="USD")
    office.ana.presses(None, "Undo")
    assert "changed again since" in form(office.ana).shown


def buttons_of(blocks: list[dict[str, object]]) -> list[str]:
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row]  # type: ignore[attr-defined]


def test_a_settings_form_of_its_own_becomes_the_answer(office: Office) -> None:
    settings = office.ana.types("/pmo settings", "#general")
    office.ana.presses(settings, "setup.step", value="services")
    office.ana.fills(services=["RAID"])
    assert office.ana.submits() == {}
    assert "• Services that are off: all are on → Check-ins, Escalations and Digests" in form(office.ana).shown


def test_steps_are_skipped_but_not_the_one_that_counts(office: Office) -> None:
    office.ana.types("/pmo setup", "#general")
    for _ in range(9):
        office.ana.presses(None, "Skip")
    assert "➡️ *Go live* · next" in form(office.ana).shown
    assert buttons_of(form(office.ana).blocks) == ["Begin"]


def test_going_live_and_back(office: Office) -> None:
    sends(office.ana, "scope", scope="All change")
    said = sends(office.ana, "go_live")
    assert "*You are live.*" in said
    opens(office.ana, "go_live")
    office.ana.presses(None, "Back to pilots only")
    assert "*Back to pilots.*" in form(office.ana).shown
    assert not office.row.state.is_live
    office.ana.closes()
    office.ana.closes()
    assert "⬜ *Go live* · not yet" in form(office.ana).shown


def test_who_was_live_before_has_nothing_to_do_for_it(office: Office) -> None:
    office.has_project()
    assert "*This workspace is live already:* 1 live project." in opens(office.ana, "go_live")


def test_the_digest_waits_for_going_live_and_says_so(office: Office) -> None:
    sends(office.ana, "scope", scope="All change")
    opens(office.ana, "digest")
    assert office.ana.submits() == {}
    office.ana.fills(channel="#board")
    assert office.ana.submits() == {}
    assert "None is posted before this workspace has gone live." in form(office.ana).shown
    office.ana.closes()
    assert "✅ *First digest*" in form(office.ana).shown
    office.ana.closes()
    listing = office.ana.types("/pmo digests", "#general")
    office.ana.presses(listing, "Post now")
    assert "Digests go out once this workspace has gone live" in office.ana.reads("#general")[-1].shown


def test_a_service_that_is_off_has_no_step(office: Office) -> None:
    sends(office.ana, "services", services=["Check-ins"])
    office.ana.presses(None, "setup.step", value="digest")
    assert "Digests are switched off in this workspace. You can" in form(office.ana).shown


def test_the_welcome_comes_once_and_not_to_who_is_at_work(office: Office) -> None:
    row, now = office.row, office.slack.clock()
    with office.bot.db.transaction(row.id) as session:
        for _ in range(2):
            welcome(session, row, office.id("ben"), now)
        assert posts.find(session, f"installation:welcome:{office.id('ben')}") is not None
    office.settle()
    assert buttons(about(office.ben, "PMO Bot is here")) == ["Set up"]
    office.has_project()
    with office.bot.db.transaction(row.id) as session:
        welcome(session, row, office.id("eva"), now)
        assert posts.find(session, f"installation:welcome:{office.id('eva')}") is None


def test_a_step_of_another_release_is_refused_in_words(office: Office) -> None:
    office.ana.types("/pmo setup", "#general")
    [row] = [block["elements"] for block in form(office.ana).blocks if block["type"] == "actions"]
    for element in row:
        element["value"] = "of_another_release"
    office.ana.presses(None, "Begin")
    assert "no longer known here" in form(office.ana).shown
    office.ana.closes()
    office.ana.presses(None, "Skip")
    assert "no longer known here" in form(office.ana).shown


def test_pilots_are_chosen_and_every_other_step_has_its_form(office: Office) -> None:
    office.has_project()
    said = sends(office.ana, "pilots", pilots=["APOLLO"])
    assert "Pilots: APOLLO. Everybody is asked already" in said
    said = sends(office.ana, "review", note="Keep Fridays.")
    assert "*Reviewed.* In the last 28 days: no check-ins were due" in said
    assert "Your register" in opens(office.ana, "register")


def test_an_undo_in_a_window_of_its_own_is_answered_there(office: Office) -> None:
    settings = office.ana.types("/pmo settings", "#general")
    office.ana.presses(settings, "setup.step", value="defaults")
    office.ana.fills(currency="usd")
    assert office.ana.submits() == {}
    office.ana.presses(None, "Undo")
    assert "• Currency: USD → GBP" in form(office.ana).shown

"""Digests in Slack: read by oneself, set up by the PMO, posted on Monday, stopped."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import a_portfolio, a_project
from tests.office import Office

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def digest(office: Office) -> Office:
    """An office with one project and a digest for #board on Mondays at nine."""
    a_project(office.bot.db, office.row)
    office.ana.types("/pmo digest add", "#general")
    office.ana.fills(channel="#board")
    assert office.ana.submits() == {}
    office.ana.closes()
    return office


def test_a_digest_is_posted_on_monday_at_nine(digest: Office) -> None:
    digest.local.move_to(MONDAY - timedelta(minutes=1))
    assert digest.farah.reads("#board") == []
    digest.local.move_to(MONDAY)
    [edition] = digest.farah.reads("#board")
    assert "PMO digest · Northwind · 2026-W48" in edition.shown
    digest.local.move_to(MONDAY + timedelta(days=6))
    assert len(digest.farah.reads("#board")) == 1


def test_saving_says_when_it_will_be_posted(office: Office) -> None:
    office.ana.types("/pmo digest add", "#general")
    office.ana.fills(channel="#board", cadence="Every second Monday", time="16:30")
    office.ana.submits()
    assert office.ana.modal is not None
    assert "Mon 23 Nov 2026, 16:30 Europe/London" in office.ana.modal.shown
    assert "Mon 7 Dec 2026, 16:30 Europe/London" in office.ana.modal.shown


@pytest.mark.parametrize(("channel", "advice"), [("#secret", "/invite"), ("#old", "archived")])
def test_a_channel_the_bot_cannot_speak_in_is_refused_at_the_field(office: Office, channel: str, advice: str) -> None:
    office.slack.add_channel(office.workspace, "#old")
    office.ana.types("/pmo digest add", "#general")
    office.ana.fills(channel=channel)
    office.slack.archive(office.workspace, "#old")
    assert advice in office.ana.submits()["channel"]


def test_reading_it_for_oneself_shows_nobody_else(office: Office) -> None:
    a_project(office.bot.db, office.row)
    shown = office.ana.types("/pmo digest", "#general")
    assert shown is not None
    assert (shown.ephemeral_to, "1 live" in shown.shown) == (office.id("ana"), True)
    assert office.farah.reads("#general") == []


def test_a_portfolio_can_be_named_and_a_wrong_name_is_told_the_right_ones(office: Office) -> None:
    change = a_portfolio(office.bot.db, office.row)
    a_project(office.bot.db, office.row, portfolio_id=change.id)
    shown = office.ana.types("/pmo digest change", "#general")
    assert shown is not None
    assert "PMO digest · Change" in shown.shown
    refused = office.ana.types("/pmo digest chance", "#general")
    assert refused is not None
    assert "There are: Change." in refused.shown


def test_the_list_edits_posts_and_stops(digest: Office) -> None:
    listed = digest.ana.types("/pmo digests", "#general")
    assert listed is not None
    assert "every Monday at 09:00" in listed.shown
    digest.ana.presses(listed, "Edit")
    digest.ana.fills(name="Board weekly", time="10:00")
    assert digest.ana.submits() == {}
    digest.ana.closes()
    trail = digest.ana.types("/pmo audit", "#general")
    assert trail is not None
    for said in ("added", "every Monday at 09:00 (Europe/London) → every Monday at 10:00 (Europe/London)"):
        assert said in trail.shown
    digest.ana.presses(listed, "Post now")
    digest.settle()
    assert len(digest.ana.reads("#board")) == 1
    digest.ana.presses(listed, "Stop")
    digest.local.move_to(MONDAY + timedelta(days=14))
    assert len(digest.ana.reads("#board")) == 1
    digest.ana.presses(listed, "Post now")
    assert "was stopped" in digest.ana.reads("#general")[-1].shown
    empty = digest.ana.types("/pmo digests", "#general")
    assert empty is not None
    assert "`/pmo digest add` makes one" in empty.shown


def test_pressing_post_now_twice_posts_once_more_each_time_it_is_meant(digest: Office) -> None:
    listed = digest.ana.types("/pmo digests", "#general")
    assert listed is not None
    for minutes in (1, 2):
        digest.local.advance(timedelta(minutes=minutes))
        digest.ana.presses(listed, "Post now")
        digest.settle()
    assert len(digest.ana.reads("#board")) == 2


def test_only_the_pmo_sets_up_digests(digest: Office) -> None:
    refused = digest.eva.types("/pmo digest add", "#general")
    assert refused is not None
    assert "the PMO" in refused.shown
    assert digest.eva.modal is None


def test_a_workspace_that_refuses_the_newest_blocks_gets_the_rest(digest: Office) -> None:
    digest.workspace.newest_blocks = False
    digest.local.move_to(MONDAY)
    [edition] = digest.farah.reads("#board")
    kinds = {block["type"] for block in edition.blocks}
    assert "data_visualization" not in kinds
    assert "*Portfolio:* 1 live" in edition.shown

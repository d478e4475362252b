"""What happens to channels is followed, and the bot introduces itself where it is brought in."""

from bot.playground import Channel
from bot.store import channels, projects
from bot.store.tables import Channel as Row
from tests.office import Office


def known(office: Office, channel: str) -> Row | None:
    with office.bot.db.reading(office.row.id) as session:
        return channels.find(session, office.id(channel))


def test_a_channel_that_comes_back_gets_what_could_not_be_said(office: Office) -> None:
    office.ana.types("/pmo project add", "#general")
    office.ana.fills(name="Apollo", manager="@eva", channel="#apollo")
    office.ana.submits()
    office.slack.archive(office.workspace, "#apollo")
    office.settle()
    assert office.hana.reads("#apollo") == []
    office.slack.archive(office.workspace, "#apollo", archive=False)
    office.settle()
    assert len(office.hana.reads("#apollo")) == 1


def test_a_channel_with_a_project_is_followed_others_are_not(office: Office) -> None:
    office.has_project()
    for name in ("#apollo", "#board"):
        office.slack.archive(office.workspace, name)
        office.slack.archive(office.workspace, name, archive=False)
        office.slack.archive(office.workspace, name)
        office.slack.rename(office.workspace, name, f"{name}-old")
    found = known(office, "#apollo-old")
    assert found is not None
    assert (found.name, found.archived_at) == ("apollo-old", office.slack.clock())
    assert known(office, "#board-old") is None


def test_a_channel_with_a_new_id_is_followed(office: Office) -> None:
    office.has_project()
    old = office.id("#apollo")
    event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": "CNEW", "event_ts": "1.0"}
    office.slack.delivery.tell(office.workspace, "channel_id_changed", event)
    with office.bot.db.reading(office.row.id) as session:
        assert projects.get(session, "APOLLO").channel == "CNEW"


def test_the_bot_introduces_itself_once_with_who_brought_it(office: Office) -> None:
    office.slack.add_channel(office.workspace, Channel("war-room", members=["ana", "hana"]))
    for _ in range(2):
        office.ana.invites("@pmo", "#war-room")
        office.settle()
        office.ana.removes("@pmo", "#war-room")
    [hello] = [message for message in office.hana.reads("#war-room") if "I am PMO Bot" in message.shown]
    assert f"<@{office.id('ana')}> added me" in hello.shown
    found = known(office, "#war-room")
    assert found is not None
    assert not found.is_private


def test_others_who_come_are_none_of_our_business(office: Office) -> None:
    office.slack.add_channel(office.workspace, Channel("war-room", members=["ana", "pmo"]))
    office.ana.invites("@hana", "#war-room")
    office.settle()
    assert not any("I am PMO Bot" in message.shown for message in office.hana.reads("#war-room"))

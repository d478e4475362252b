"""People and channels of other organisations (Slack Connect), as strictly as Slack has them."""

from datetime import UTC, datetime

import pytest

from bot.playground import Clock, Person, Playground, Workspace
from bot.playground.world import OTHERS
from tests.office import MANIFEST


@pytest.fixture
def slack() -> Playground:
    return Playground(Clock(datetime(2026, 11, 19, 10, tzinfo=UTC)), MANIFEST)


@pytest.fixture
def acme(slack: Playground) -> Workspace:
    return slack.add_workspace(
        "Acme", people=["ada", Person("rex", team_id=OTHERS), Person("max", is_stranger=True)], channels=["#apollo"]
    )


def test_people_of_other_organisations_have_a_team_of_their_own(acme: Workspace) -> None:
    teams = {person.handle: person.team_id for person in acme.people.values()}
    assert (teams["ada"], teams["rex"], teams["max"]) == (acme.id, OTHERS, OTHERS)


def test_the_app_is_told_when_a_channel_is_shared_and_shared_no_more(
    slack: Playground, acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    apollo = acme.channel("#apollo")
    assert apollo is not None
    heard: list[dict[str, object]] = []

    def tell(_place: Workspace, _kind: str, event: dict[str, object]) -> None:
        heard.append(event)

    monkeypatch.setattr(slack.delivery, "tell", tell)
    slack.share(acme, "#apollo")
    assert apollo.is_ext_shared
    slack.share(acme, "#apollo", with_others=False)
    assert not apollo.is_ext_shared
    assert [event["type"] for event in heard] == ["channel_shared", "channel_unshared"]
    assert heard[0] | {"event_ts": ""} == {
        "type": "channel_shared",
        "connected_team_id": OTHERS,
        "channel": apollo.id,
        "event_ts": "",
    }
    assert heard[1]["is_ext_shared"] is False


def test_commands_are_for_people_of_the_workspace_alone(slack: Playground, acme: Workspace) -> None:
    apollo = acme.channel("#apollo")
    rex = acme.person("rex")
    assert apollo is not None
    assert rex is not None
    apollo.members.append(rex.id)
    said = {who: slack.as_(who, acme).types("/pmo help", "#apollo") for who in ("ada", "rex")}
    assert said["rex"] is not None
    assert said["rex"].shown == "/pmo is not a valid command."
    assert said["ada"] is None or said["ada"].shown != said["rex"].shown

"""Kept: Slack's own interface for installations, on our tables, sealed."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlmodel import select

from bot import manifest, store
from bot.installations import KeptInstallations
from bot.installations.resealing import reseal
from bot.store import Database, Session
from bot.store.tables import Installation as Row
from bot.store.tables import Message, Workspace
from bot.vault import Locked, Vault, new_key
from tests.bots import KEY
from tests.factories import NOW, posts

ENDS = NOW + timedelta(hours=12)
EVERY_SCOPE = ",".join(manifest.scopes())


def acme(**more: Any) -> Installation:
    """What Slack gives when Ana lets the bot into Acme."""
    given: dict[str, Any] = {
        "app_id": "A1",
        "team_id": "T1",
        "team_name": "Acme",
        "bot_token": "xoxb-secret",
        "bot_id": "B1",
        "bot_user_id": "UB",
        "bot_scopes": EVERY_SCOPE,
        "user_id": "UANA",
        "installed_at": NOW.timestamp(),
    }
    return Installation(**given | more)


def globex(**more: Any) -> Installation:
    org = {"team_id": None, "team_name": None, "enterprise_id": "E1", "enterprise_name": "Globex"}
    return acme(is_enterprise_install=True, **org | more)


class Kept(KeptInstallations):
    """The bot's own, with a welcome that only says whom it was for."""

    def __init__(self, db: Database, key: str = KEY) -> None:
        self.changes = 0
        self.fails = False
        super().__init__(
            db,
            Vault(key),
            lambda: NOW,
            welcome=self.greet,
            changed=self.count,
            install_url="https://bot.example/slack/install",
        )

    def count(self) -> None:
        self.changes += 1

    def greet(self, session: Session, workspace: Workspace, installer: str, now: Any) -> None:
        if self.fails:
            raise ZeroDivisionError
        hello = Message(f"Hello {installer} of {workspace.name}")
        store.posts.put(session, f"hello:{installer}", to=installer, message=hello, now=now)


@pytest.fixture
def kept(db: Database) -> Kept:
    return Kept(db)


def said(db: Database) -> list[str]:
    return [post.wanted["text"] for post in posts(db) if not post.withdrawn]


def test_what_slack_gave_comes_back_and_is_sealed(kept: Kept, db: Database) -> None:
    kept.save(acme(bot_refresh_token="xoxe-secret", bot_token_expires_at=int(ENDS.timestamp())))
    found = kept.find_installation(enterprise_id=None, team_id="T1")
    bot = kept.find_bot(enterprise_id=None, team_id="T1")
    with db.across_workspaces() as session:
        row = session.exec(select(Row)).one()

    assert found is not None
    assert bot is not None
    assert (found.bot_token, found.bot_refresh_token, found.user_id) == ("xoxb-secret", "xoxe-secret", "UANA")
    assert (bot.bot_token, bot.bot_id, bot.bot_token_expires_at) == ("xoxb-secret", "B1", int(ENDS.timestamp()))
    assert ",".join(bot.bot_scopes) == EVERY_SCOPE
    assert "secret" not in f"{row.token}{row.refresh_token}"
    assert kept.changes == 1


def test_whoever_let_it_in_is_welcomed_with_it_or_nothing_is_kept(kept: Kept, db: Database) -> None:
    kept.fails = True
    with pytest.raises(ZeroDivisionError):
        kept.save(acme())
    assert kept.find_bot(enterprise_id=None, team_id="T1") is None
    assert kept.changes == 0

    kept.fails = False
    kept.save(acme())
    assert said(db) == ["Hello UANA of Acme"]


def test_a_whole_org_is_found_as_one(kept: Kept) -> None:
    kept.save(globex())
    of_org = kept.find_installation(enterprise_id="E1", team_id="T9", is_enterprise_install=True)

    assert of_org is not None
    assert (of_org.team_id, of_org.enterprise_id, of_org.is_enterprise_install) == (None, "E1", True)
    assert kept.find_installation(enterprise_id="E1", team_id="T9") is None
    assert kept.find_bot(enterprise_id="E1", team_id=None) is not None


def test_it_is_found_for_who_let_it_in_alone(kept: Kept) -> None:
    kept.save(acme())

    assert kept.find_installation(enterprise_id=None, team_id="T1", user_id="UANA") is not None
    assert kept.find_installation(enterprise_id=None, team_id="T1", user_id="UBEN") is None


@pytest.mark.parametrize("delete", ["delete_bot", "delete_installation", "delete_all"])
def test_deleted_it_is_not_there(kept: Kept, delete: str) -> None:
    kept.save(acme())
    getattr(kept, delete)(enterprise_id=None, team_id="T1")
    getattr(kept, delete)(enterprise_id=None, team_id="T2")

    assert kept.find_bot(enterprise_id=None, team_id="T1") is None
    assert kept.find_installation(enterprise_id=None, team_id="T1") is None


def test_there_is_no_token_of_a_person_to_delete(kept: Kept) -> None:
    kept.save(acme())
    kept.delete_installation(enterprise_id=None, team_id="T1", user_id="UANA")

    assert kept.find_bot(enterprise_id=None, team_id="T1") is not None


def test_a_bot_comes_with_who_let_it_in(kept: Kept) -> None:
    with pytest.raises(NotImplementedError):
        kept.save_bot(acme().to_bot())
    assert kept.logger.name == "bot.installations.kept"


def test_what_is_missing_is_said_once_to_the_admins_and_taken_back(kept: Kept, db: Database) -> None:
    for _ in range(2):
        kept.save(acme(bot_scopes="chat:write,im:write"))
    missing = [text for text in said(db) if "permissions" in text]
    assert len(missing) == 1
    assert "users:read" in missing[0]
    assert "chat:write.public" not in missing[0]

    kept.save(acme())
    assert not [text for text in said(db) if "permissions" in text]


def test_without_a_key_nothing_is_kept(db: Database) -> None:
    keyless = Kept(db, "")
    with pytest.raises(Locked, match="pmo-bot keys new"):
        keyless.save(acme())


def test_a_new_key_takes_the_place_of_the_old_one(kept: Kept, db: Database) -> None:
    new = new_key()
    kept.save(acme(bot_refresh_token="xoxe-secret"))
    kept.save(globex())
    kept.save(acme(team_id="T5"))
    kept.delete_bot(enterprise_id=None, team_id="T5")

    assert reseal(db, Vault(f"{new},{KEY}")) == 2
    found = Kept(db, new).find_bot(enterprise_id=None, team_id="T1")
    assert found is not None
    assert (found.bot_token, found.bot_refresh_token) == ("xoxb-secret", "xoxe-secret")
    with pytest.raises(Locked):
        reseal(db, Vault(KEY))

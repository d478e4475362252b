"""The command line: what it prints, and the code it ends with."""

import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from bot import cli, cli_doctor, schedules
from bot.app import Bot
from bot.playground import Clock, Playground, Workspace
from bot.schedules import Job
from bot.settings import READ_BY_BOLT, Settings
from bot.store import Database, audit
from bot.store.tables import Channel
from bot.vault import split
from tests.factories import NOW, a_project, a_workspace

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No variable of ours, no .env, and the log as it was before."""
    for name in [*Settings.model_fields, *READ_BY_BOLT]:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.settings.READ_BY_BOLT", ())  # which a bot takes out of the environment
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])


@pytest.fixture
def slack() -> Iterator[Playground]:
    with Playground(Clock(NOW), yaml.safe_load((ROOT / "app_manifest.yml").read_text())) as slack:
        yield slack


@pytest.fixture
def acme(slack: Playground, monkeypatch: pytest.MonkeyPatch, new_database: Callable[[str], str]) -> Workspace:
    """A workspace whose credentials are in the environment, and a database that is up to date."""
    acme = slack.add_workspace("Acme", people=["ada"])
    monkeypatch.setenv("SLACK_BOT_TOKEN", acme.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", acme.app_token)
    monkeypatch.setenv("SLACK_API_URL", slack.api_url)
    monkeypatch.setenv("DATABASE_URL", new_database("sqlite"))
    return acme


def pmo_bot(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def refusal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a refused command says, when it ends with 1."""
    monkeypatch.setattr(sys, "argv", ["pmo-bot", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    return capsys.readouterr().err


def test_every_command_says_what_it_does() -> None:
    for words in ([], ["db"]):
        helped = pmo_bot(*words, "--help")
        assert helped.exit_code == 0
    for name in ("run", "playground", "tick", "manifest", "doctor", "db"):
        assert name in pmo_bot("--help").output


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["run", "--bogus"],
        ["tick", "--now", "today"],
        ["tick", "--now", "2026-11-20T15:00:00"],
        ["manifest", "--url", "http://bot.example.com"],
        ["db", "backup"],
        ["playground", "--port", "70000"],
    ],
)
def test_wrong_usage_ends_with_2(words: list[str]) -> None:
    assert pmo_bot(*words).exit_code == 2


def test_a_key_is_made_and_is_another_each_time() -> None:
    one, other = pmo_bot("keys", "new").stdout, pmo_bot("keys", "new").stdout

    assert one != other
    assert split(one) == [one.strip()]


@pytest.mark.parametrize("command", ["run", "tick"])
def test_what_is_missing_is_said_without_a_traceback(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(monkeypatch, capsys, command)

    assert "SLACK_BOT_TOKEN is missing" in said
    assert "Traceback" not in said


def test_a_database_that_cannot_be_reached_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")

    assert "Check DATABASE_URL" in refusal(monkeypatch, capsys, "db", "check")


def test_a_database_is_brought_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'pmo.db'}")

    assert "pmo-bot db upgrade" in refusal(monkeypatch, capsys, "db", "check")
    assert pmo_bot("db", "upgrade").exit_code == 0
    assert pmo_bot("db", "check").output == "The database is up to date and sound.\n"


def test_rows_that_point_nowhere_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], new_database: Callable[[str], str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database("sqlite"))
    with closing(sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))) as file, file:
        file.execute(
            "insert into lanes (id, workspace_id, address, free_at) values (1, 9, 'C1', '2026-11-20 15:00:00')"
        )

    assert "lanes 1 points to a row of workspaces" in refusal(monkeypatch, capsys, "db", "check")


def test_postgresql_sees_to_its_own_soundness(
    monkeypatch: pytest.MonkeyPatch, new_database: Callable[[str], str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database("postgresql"))

    assert pmo_bot("db", "check").exit_code == 0


def test_a_database_is_copied_but_never_over_a_file(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    new_database: Callable[[str], str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database("sqlite"))
    copy = tmp_path / "copy.db"

    assert pmo_bot("db", "backup", str(copy)).exit_code == 0
    database = Database(f"sqlite:///{copy}")
    assert database.is_current()
    database.close()
    assert "name another file" in refusal(monkeypatch, capsys, "db", "backup", str(copy))


def test_postgresql_is_copied_with_its_own_tool(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    new_database: Callable[[str], str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database("postgresql"))

    assert "pg_dump" in refusal(monkeypatch, capsys, "db", "backup", str(tmp_path / "copy"))


def test_a_tick_prints_what_it_did(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    moments: list[object] = []

    def note(now: object) -> int:
        moments.append(now)
        return 3

    monkeypatch.setattr(schedules, "JOBS", (Job("checkins", note),))
    ticked = pmo_bot("tick", "--now", "2026-11-20T16:00:00+01:00")

    assert (ticked.exit_code, json.loads(ticked.stdout)) == (0, {"checkins": 3, "failed": 0})
    assert moments == [NOW]


def test_a_tick_with_the_real_jobs_ends_well(acme: Workspace) -> None:
    ticked = pmo_bot("tick")

    assert (ticked.exit_code, json.loads(ticked.stdout)["failed"]) == (0, 0)


def test_a_tick_with_a_failed_job_ends_with_1(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "JOBS", (Job("broken", lambda: 1 // 0),))

    assert pmo_bot("tick").exit_code == 1


def test_run_migrates_and_serves(acme: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    served: list[bool] = []
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setattr(Bot, "serve", lambda bot: served.append(bot.db.is_current()))

    assert pmo_bot("run").exit_code == 0
    assert served == [True]


def test_run_can_be_told_not_to_migrate(
    acme: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")

    assert "pmo-bot db upgrade" in refusal(monkeypatch, capsys, "run", "--no-migrate")


def test_the_manifest_is_for_socket_mode_without_an_address() -> None:
    told = yaml.safe_load(pmo_bot("manifest").stdout)

    assert told == yaml.safe_load((ROOT / "app_manifest.yml").read_text())


def test_the_manifest_is_for_http_with_an_address() -> None:
    told = yaml.safe_load(pmo_bot("manifest", "--url", "https://bot.example.com/").stdout)
    address = "https://bot.example.com/slack/events"

    assert told["settings"]["socket_mode_enabled"] is False
    assert told["settings"]["event_subscriptions"]["request_url"] == address
    assert told["settings"]["interactivity"]["request_url"] == address
    assert {command["url"] for command in told["features"]["slash_commands"]} == {address}
    assert told["oauth_config"]["redirect_urls"] == ["https://bot.example.com/slack/oauth_redirect"]


def test_the_doctor_finds_a_sound_installation_sound(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_doctor, "CLOCK_MAY_DIFFER", timedelta.max)
    seen = pmo_bot("doctor")

    assert "MEND" not in seen.stdout
    assert seen.exit_code == 0
    for name in ("settings", "database", "token", "scopes", "queue", "channels"):
        assert f"ok    {name}" in seen.stdout


def test_the_doctor_names_the_channels_that_refuse(acme: Workspace) -> None:
    db = Database(os.environ["DATABASE_URL"])
    with db.transaction(a_workspace(db).id) as session:
        session.add(Channel(slack_id="C1", name="apollo", trouble="is_archived"))
    db.close()

    assert "MEND  channels: invite the bot, or choose others: apollo (is_archived)" in pmo_bot("doctor").stdout


def test_the_doctor_names_the_entry_of_the_audit_trail_that_was_changed(acme: Workspace) -> None:
    db = Database(os.environ["DATABASE_URL"])
    apollo = a_project(db, a_workspace(db, team_id="TACME"))
    with db.transaction(apollo.workspace_id) as session:
        audit.record(session, apollo, what="edited", by=None, now=NOW)
    schedules.audit.seal_new(db)
    db.close()
    assert "ok    audit of TACME: 1 entry as sealed" in pmo_bot("doctor").stdout
    with closing(sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))) as file, file:
        file.execute("drop trigger audit_not_changed")
        file.execute("update audit set what = 'closed'")
    seen = pmo_bot("doctor")

    assert seen.exit_code == 1
    assert "MEND  audit of TACME: entry 1 (projects:1 closed, 20 Nov 2026 15:00 UTC) is not as it was" in seen.stdout
    assert "MEND  audit: anybody can change the trail: audit_not_changed is dropped or off" in seen.stdout


def test_the_doctor_says_what_is_missing(
    slack: Playground, acme: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slack.install(acme, ["commands"])
    monkeypatch.setenv("SLACK_BOT_TOKEN", acme.bot_token)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    seen = pmo_bot("doctor")

    assert seen.exit_code == 1
    assert "MEND  database: run pmo-bot db upgrade" in seen.stdout
    assert "im:history" in seen.stdout


def test_the_doctor_says_that_a_token_is_refused(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")

    assert "MEND  token: Slack does not take SLACK_BOT_TOKEN" in pmo_bot("doctor").stdout


def test_without_settings_the_doctor_looks_no_further() -> None:
    seen = pmo_bot("doctor")

    assert seen.exit_code == 1
    assert seen.stdout.startswith("MEND  settings: The settings")


def test_the_doctor_looks_at_the_clock() -> None:
    told: dict[str, Any] = {"date": "Fri, 20 Nov 2026 15:02:00 GMT"}
    [found] = cli_doctor.clock(told, NOW)

    assert (found.name, found.sound) == ("clock", False)
    assert "120 s" in found.said
    assert list(cli_doctor.clock(told | {"date": ""}, NOW)) == []


def test_the_playground_is_told_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []
    monkeypatch.setattr("bot.playground.start.main", lambda **given: asked.append(given))
    pmo_bot("playground", "--port", "4000", "--fresh", "--empty")

    assert asked == [{"port": 4000, "fresh": True, "empty": True, "say": typer.echo}]


def test_a_playground_whose_port_is_taken_asks_for_another(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def taken(**_given: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr("bot.playground.start.main", taken)

    assert "--port" in refusal(monkeypatch, capsys, "playground")


def test_asking_for_help_loads_nothing_heavy() -> None:
    code = "import sys, bot.cli; print(sorted({'slack_bolt', 'sqlmodel', 'pydantic', 'starlette'} & set(sys.modules)))"
    asked = [sys.executable, "-c", code]
    loaded = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own code

    assert loaded.stdout == "[]\n"


def test_the_module_is_the_command_line() -> None:
    helped = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, check=False)

    assert helped.returncode == 0

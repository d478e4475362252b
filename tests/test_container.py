"""The image and the composition: what they name is there, and they run without rights they do not need."""

import ast
import json
import re
import shlex
from pathlib import Path

import yaml

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OF_PYTHON = re.compile(r"PATH|PIP_\w+|PYTHON\w+")


def test_every_variable_that_is_set_is_one_the_bot_knows() -> None:
    in_image = [
        word.partition("=")[0]
        for line in DOCKERFILE.splitlines()
        if line.startswith("ENV ")
        for word in shlex.split(line)[1:]
    ]
    names = {name for name in (*in_image, *COMPOSE["services"]["bot"]["environment"]) if not OF_PYTHON.fullmatch(name)}
    assert names == {"HOST", "PORT", "LOG_FORMAT", "DATABASE_URL"}
    assert {name.lower() for name in names} <= set(Settings.model_fields)


def test_what_is_copied_is_there_and_let_through_to_the_builder() -> None:
    copied = [
        line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    for name in (name for names in copied for name in names):
        assert (ROOT / name).exists()
        assert name in let_through


def test_the_health_check_is_a_command_that_asks_the_right_page() -> None:
    command = json.loads(re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[0])
    assert command[:2] == ["python", "-c"]
    ast.parse(command[2])
    assert "/healthz" in command[2]


def test_it_runs_without_rights_it_does_not_need() -> None:
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["pmo"]
    bot = COMPOSE["services"]["bot"]
    assert (bot["read_only"], bot["cap_drop"], bot["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])


def test_a_stopping_replica_has_the_time_it_takes_to_end_what_runs() -> None:
    assert int(COMPOSE["services"]["bot"]["stop_grace_period"].removesuffix("s")) > 10

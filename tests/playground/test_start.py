"""The playground from the command line: served, kept, found again, and ended when it is told to."""

import html
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot.playground import Playground, rehearsal, sample, start

ROOT = Path(start.__file__).parents[2]
Acts = Callable[[str], object]


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """What the process did with these signals before, it does afterwards."""
    before = {number: signal.getsignal(number) for number in start.SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of one week and one project."""
    monkeypatch.setattr(rehearsal, "WEEKS", 1)
    monkeypatch.setattr(rehearsal, "STORIES", sample.STORIES[:1])
    monkeypatch.setattr(rehearsal, "RISKS", sample.RISKS[:1])
    monkeypatch.setattr(rehearsal, "ESCALATIONS", ())


def plays(folder: Path, act: Acts = str, *, fresh: bool = False, empty: bool = True, until: str = "is at") -> list[str]:
    """Start the playground, act once it says what is waited for, and end it; what it said."""
    said: list[str] = []

    def hear(words: str) -> None:
        said.append(words)
        if until in words:
            act(words.rpartition(" ")[2])
            os.kill(os.getpid(), signal.SIGTERM)

    start.main(port=0, fresh=fresh, empty=empty, say=hear, folder=folder)
    return said


def kept(folder: Path) -> Playground:
    """The Slack that was kept."""
    return Playground.load(folder / start.KEPT)


def writes(words: str) -> Acts:
    """Somebody writes to the bot on the page."""

    def act(url: str) -> None:
        page = httpx.get(url, follow_redirects=True)
        person = str(page.url).rpartition("/")[0]
        answer = httpx.post(
            f"{person}/say",
            data={"_channel": str(page.url).rpartition("/")[2], "text": words},
            headers={"origin": url},
        )
        assert answer.json() == {"ok": True, "error": ""}

    return act


def test_an_empty_playground_is_served_and_says_where(tmp_path: Path) -> None:
    pages: list[int] = []
    [said] = plays(tmp_path / "new", lambda url: pages.append(httpx.get(url, follow_redirects=True).status_code))
    assert said.startswith("The playground is at http://127.0.0.1:")
    assert pages == [200]
    workspace, other = kept(tmp_path / "new").world.workspaces.values()
    assert [channel.name for channel in workspace.channels.values() if channel.name] == ["general"]
    assert (workspace.installed, other.installed) == (True, False)


def test_a_second_workspace_lets_the_bot_in_by_its_page(tmp_path: Path) -> None:
    shown: list[str] = []

    def install(url: str) -> None:
        with httpx.Client(base_url=url) as browser:
            home = browser.get(f"{url}/w/T00000002", follow_redirects=True).text
            shown.append(home)
            [to_slack] = re.findall(r'href="(/slack/install[^"]*)"', home)
            first = browser.get(to_slack)
            back = browser.get(first.headers["location"])
            cookie = first.headers["set-cookie"].partition(";")[0]
            done = browser.get(back.headers["location"], headers={"cookie": cookie})
            shown.append(done.text)
            [way_on] = re.findall(r'href="([^"]*)"', done.text)
            shown.append(str(browser.get(html.unescape(way_on), follow_redirects=True).url))

    plays(tmp_path / "new", install)

    assert "PMO Bot is not installed in Contoso." in shown[0]
    assert "PMO Bot is installed in Contoso" in shown[1]
    assert "/w/T00000002/" in shown[2]
    assert kept(tmp_path / "new").world.workspaces["T00000002"].installed


def test_what_happened_is_there_again_unless_it_is_to_be_forgotten(tmp_path: Path) -> None:
    plays(tmp_path, writes("hello again"))
    read: list[str] = []

    def reads(url: str) -> None:
        read.append(httpx.get(url, follow_redirects=True).text)

    plays(tmp_path, reads)
    plays(tmp_path, reads, fresh=True)
    assert ["hello again" in page for page in read] == [True, False]
    assert "What you can ask PMO Bot" in read[0]


@pytest.mark.usefixtures("short")
def test_a_new_playground_lives_through_the_sample_first_and_only_once(tmp_path: Path) -> None:
    assert plays(tmp_path, empty=False)[0] == "Living through the sample's week 1 of 1"
    slack = kept(tmp_path)
    assert len(slack.as_("ana").reads(sample.BOARD)) == 1
    [said] = plays(tmp_path, empty=False)
    assert said.startswith("The playground is at")


@pytest.mark.usefixtures("short")
def test_a_sample_that_was_broken_off_is_begun_anew(tmp_path: Path) -> None:
    broken = plays(tmp_path, empty=False, until="week 1")
    assert broken == ["Living through the sample's week 1 of 1"]
    assert (tmp_path / "pmo.db").exists()
    assert not (tmp_path / start.KEPT).exists()
    assert len(plays(tmp_path, empty=False)) == 2
    assert len(kept(tmp_path).as_("ana").reads(sample.BOARD)) == 1


def test_what_happens_is_kept_while_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "SAVE_EVERY", 0.01)
    said: list[str] = []
    saved: list[bool] = []
    save = Playground.save

    def saves(slack: Playground, path: Path) -> None:
        save(slack, path)
        saved.append("hello" in path.read_text())
        if len(saved) == 1:
            writes("hello")(said[0].rpartition(" ")[2])
        elif len(saved) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Playground, "save", saves)
    start.main(port=0, fresh=False, empty=True, say=said.append, folder=tmp_path)
    assert saved[:2] == [False, True]


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        start.main(port=taken.getsockname()[1], fresh=False, empty=True, say=str, folder=tmp_path)


def test_the_process_ends_with_0_when_it_is_told_to(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "playground", "--port", "0", "--empty"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 - our own code
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert "The playground is at http://127.0.0.1:" in process.stdout.readline()
        process.terminate()
        assert process.wait(20) == 0
    assert (tmp_path / start.FOLDER / start.KEPT).exists()

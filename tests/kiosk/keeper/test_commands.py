# SPDX-License-Identifier: Apache-2.0
"""Commands beside a running terminal: its keeper answers them over its socket, or they say who has the directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.keeper.keeper import Keeper
from kiosk.keeper.settings import settings_of
from offline.terminal import Terminal
from tests.kiosk.keeper.conftest import CONFIG, until
from tests.live import LiveGateway
from tests.offline.conftest import application

COMMAND = [sys.executable, "-c", "from kiosk.command import main; main()"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def data(terminal: Terminal) -> Path:
    for seed in range(3):
        terminal.submit(application(terminal.new_tracking_code(), seed))
    terminal.close()
    return terminal.data


@pytest.fixture
def kept(data: Path, drives: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A keeper's process, with its visits."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.kiosk.keeper.kept", str(data), str(drives), json.dumps(settings_of(CONFIG, None))]
    )
    try:
        until((data / "keeper.sock").exists, "the keeper's socket")
        yield process
    finally:
        process.terminate()
        assert process.wait(60) == 0


@pytest.fixture
def run(data: Path) -> Run:
    def work(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        at = ["--data", str(data)]
        return subprocess.run([*COMMAND, *words, *at], input=given, capture_output=True, text=True, timeout=120)

    return work


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("kept")
def test_each_command_works_beside_a_running_terminal(run: Run, gateway: LiveGateway, tmp_path: Path) -> None:
    until(lambda: json.loads(said(run("sync", "status", "--json")))["delivered"] == 3, "the delivery")
    status = json.loads(said(run("sync", "status", "--json")))
    assert (status["waiting"], status["engine"], status["parked"]) == (0, "running", 0)

    assert said(run("staff", "add", "张代办", "--pin", "258036")) == "张代办 may unlock this terminal\n"
    assert json.loads(said(run("staff", "list", "--json"))) == ["张代办"]
    weak = run("staff", "add", "李", "--pin", "1111")
    assert (weak.returncode, "staff-pin-weak" in weak.stderr) == (1, True)

    line = said(subprocess.run([*COMMAND, "intake", "--example", "dibao"], capture_output=True, text=True, check=True))
    (taken,) = map(json.loads, said(run("intake", "-", given=line)).splitlines())
    assert len(taken["tracking_code"]) == 12
    bad = run("intake", "-", given='{"item": "moon"}\n' + line)
    first, second = map(json.loads, bad.stdout.splitlines())
    assert bad.returncode == 1
    assert ("errors" in first, "tracking_code" in second) == (True, True)
    assert said(run("sync", "now")).startswith("sent ")
    until(lambda: json.loads(said(run("sync", "status", "--json")))["delivered"] == 5, "the delivery")
    gateway.opened()
    assert {case["state"] for case in gateway.platform.cases.listing()} == {"received"}

    stick = tmp_path / "stick"
    stick.mkdir()
    assert "nothing waits; nothing was written" in said(run("sync", "export", str(stick)))
    assert "no .return file is there" in said(run("sync", "import", str(stick)))
    (stick / "x.return").write_bytes(b"nothing of ours")
    refused = run("sync", "import", str(stick))
    assert (refused.returncode, "x.return" in refused.stdout) == (1, True)

    rows = run("devices", "--json")
    assert rows.returncode == 0 or "ask again" in rows.stderr


@pytest.mark.usefixtures("kept")
def test_what_goes_wrong_has_its_own_words(data: Path, run: Run, gateway: LiveGateway, tmp_path: Path) -> None:
    gone = run("sync", "export", str(tmp_path / "nowhere"))
    assert gone.returncode == 1
    assert "(medium-gone)" in gone.stderr
    assert "data-in-use" not in gone.stderr
    missing = run("sync", "import", str(tmp_path / "nowhere"))
    assert (missing.returncode, "(medium-gone)" in missing.stderr) == (1, True)
    file = tmp_path / "a-file"
    file.touch()
    assert "(medium-gone)" in run("sync", "export", str(file)).stderr

    enrol = run("enrol", "--gateway", gateway.url, "--code", gateway.platform.enrolment.new_code("别处"))
    assert enrol.returncode == 1
    assert "(data-in-use)" in enrol.stderr
    assert f"works with {data}; let it end or stop it, then try again" in enrol.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="needs to mount a small disk")
def test_a_full_stick_is_told_as_one(data: Path, run: Run, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(stick)], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        with Terminal.open(data) as terminal:
            keeper = Keeper(terminal, sync_seconds=3600)
            keeper._engine = None  # nobody sends: all of it waits
            keeper.start()
            try:
                full = run("sync", "export", str(stick))
                assert (full.returncode, "(medium-full)" in full.stderr) == (1, True)
                subprocess.run(["mount", "-o", "remount,ro,size=8m", str(stick)], check=True)
                refused = run("sync", "export", str(stick))
                assert (refused.returncode, "(medium-read-only)" in refused.stderr) == (1, True)
                assert "data-in-use" not in refused.stderr
            finally:
                keeper.stop()
    finally:
        subprocess.run(["umount", str(stick)], check=True)


@pytest.mark.usefixtures("kept")
def test_two_commands_at_once(run: Run) -> None:
    found: list[subprocess.CompletedProcess[str]] = []
    lines = said(
        subprocess.run([*COMMAND, "intake", "--example", "dibao", "--count", "40"], capture_output=True, text=True)
    )
    threads = [
        threading.Thread(target=lambda: found.append(run("intake", "-", given=lines))),
        threading.Thread(target=lambda: found.append(run("intake", "-", given=lines))),
        threading.Thread(target=lambda: found.append(run("staff", "list"))),
        threading.Thread(target=lambda: found.append(run("sync", "now"))),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [done.stderr for done in found if done.returncode] == []
    codes = [
        json.loads(line)["tracking_code"] for done in found for line in done.stdout.splitlines() if line[:1] == "{"
    ]
    assert len(set(codes)) == len(codes) == 80


def test_beside_a_plain_command_it_is_named(data: Path, run: Run) -> None:
    """Nobody answers there: a command that works alone has the directory."""
    alone = subprocess.Popen(
        [*COMMAND, "intake", "-", "--data", str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert alone.stdin is not None
    line = subprocess.run([*COMMAND, "intake", "--example", "dibao"], capture_output=True, text=True, check=True).stdout
    alone.stdin.write(line)
    alone.stdin.flush()
    try:
        assert alone.stdout is not None
        assert alone.stdout.readline()
        for words in (("staff", "list"), ("sync", "now"), ("intake", "-")):
            done = run(*words, given=line)
            assert done.returncode == 1
            assert f"process {alone.pid} (doorstep intake) works with {data}" in done.stderr
            assert "(data-in-use)" in done.stderr
        assert json.loads(said(run("sync", "status", "--json")))["waiting"] == 4, "as it wrote last"
    finally:
        alone.communicate(timeout=60)
    assert alone.returncode == 0
    assert said(run("staff", "list")) == "\n"


def test_after_a_crash_of_the_keeper_commands_work_alone(data: Path, drives: Path, run: Run) -> None:
    """Its socket is still there, and nobody answers."""
    command = [sys.executable, "-m", "tests.kiosk.keeper.kept", str(data), str(drives)]
    with subprocess.Popen([*command, json.dumps(settings_of(CONFIG, None))]) as crashed:
        until((data / "keeper.sock").exists, "the keeper's socket")
        crashed.kill()
    assert (data / "keeper.sock").exists()
    assert said(run("staff", "list")) == "\n"

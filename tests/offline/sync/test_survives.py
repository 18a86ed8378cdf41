# SPDX-License-Identifier: Apache-2.0
"""What nobody foresaw, a damaged answer, a full disk: the exchange ends with a problem, is told, and the next comes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from offline.command import status
from offline.store.outbox_watch import FILE
from offline.supervised import is_supervised
from offline.sync.budget import USED
from offline.sync.engine import SyncEngine
from offline.sync.exchange import Exchange
from offline.sync.network_changes import NetworkChanges
from offline.sync.state import STATUS, SyncState
from offline.terminal import Terminal
from tests.live import LiveGateway, enrolled_terminal, live_gateway
from tests.offline.store.test_real_disk import on_a_disk
from tests.offline.sync.scripted import OURS, Said, point_at, scripted
from tests.offline.sync.test_faults import arrived, submit, until


@contextmanager
def running(terminal: Terminal, listener: Callable[[SyncState], None] | None = None) -> Iterator[SyncEngine]:
    engine = SyncEngine(terminal, listener=listener, interval=3600)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def said(data: Path) -> dict[str, object]:
    """`doorstep sync status --json`, beside the running engine."""
    done = CliRunner().invoke(status, ["--data", str(data), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.output)
    return found


def test_a_token_answer_without_a_token_ends_no_thread(terminal: Terminal, gateway: LiveGateway) -> None:
    (record_id,) = submit(terminal, 1)
    states: list[SyncState] = []
    asked: list[str] = []

    def answer(_method: str, path: str) -> Said:
        asked.append(path)
        return Said(200, OURS, b"{}")

    terminal.remember("token", "null")
    with scripted(answer) as url:
        point_at(terminal, url)
        with running(terminal, states.append) as engine:
            until(lambda: any(state.problem for state in states))
            assert states[-1].problem == "answer-damaged"
            assert states[-1].phase == "idle"
            assert (said(terminal.data)["problem"], said(terminal.data)["waiting"]) == ("answer-damaged", 1)
            before = len(asked)
            engine.wake()
            until(lambda: len(asked) > before)  # send now works
            point_at(terminal, gateway.url)
            until(lambda: terminal.outbox().delivered == 1)  # and the next round comes by itself
            until(lambda: states[-1].problem is None)
    assert arrived(gateway) == [record_id]


def test_a_full_disk_ends_no_thread(terminal: Terminal, gateway: LiveGateway) -> None:
    """The next version of the file that counts bytes meets a device that is full, as /dev/full always is."""
    submit(terminal, 2)
    full = terminal.data / f"{USED}.new"
    full.symlink_to("/dev/full")
    states: list[SyncState] = []
    with running(terminal, states.append) as engine:
        until(lambda: terminal.outbox().delivered == 2)  # which it holds up not at all
        until(lambda: states and states[-1].problem == "disk-full")
        assert (said(terminal.data)["problem"], said(terminal.data)["waiting"]) == ("disk-full", 0)
        full.unlink()
        (record_id,) = submit(terminal, 1)
        engine.wake()
        until(lambda: terminal.outbox().delivered == 3)
        until(lambda: states[-1].problem is None)
    assert record_id in arrived(gateway)


def test_a_file_that_tells_others_and_cannot_be_written_ends_no_thread(terminal: Terminal) -> None:
    for name in (STATUS, FILE):
        (terminal.data / name).unlink()
        (terminal.data / name).symlink_to("/dev/full")
    submit(terminal, 1)
    states: list[SyncState] = []
    with running(terminal, states.append):
        until(lambda: terminal.outbox().delivered == 1 and not terminal.outbox().attachments_waiting)
        until(lambda: states[-1].phase == "idle")
    assert states[-1].problem is None


FULL = """
import sys, threading, time
from pathlib import Path
from click.testing import CliRunner
from bench.faults.child import application_of, picture
from bench.submit import new_terminal
from offline.command import status
from offline.errors import OfflineError
from offline.sync.engine import SyncEngine
disk = Path(sys.argv[1])

def until(ready):
    end = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.02)

def told():
    done = CliRunner().invoke(status, ["--data", str(disk / "data")])
    return dict(line.rsplit(None, 1) for line in done.output.splitlines())

with new_terminal(disk / "data") as terminal:
    terminal.submit(application_of(1, terminal.new_tracking_code()))
    states = []
    engine = SyncEngine(terminal, listener=states.append, interval=0.05, patience=0.2)
    rounds, usual = [], engine.run_once
    engine.run_once = lambda: rounds.append(0) or usual()
    engine.start()
    until(lambda: states and states[-1].problem == "link-down")
    ballast = (disk / "ballast").open("wb", buffering=0)
    try:
        while ballast.write(bytes(4096)):
            pass
    except OSError:
        pass
    big = "x" * 6_000_000
    try:
        while True:
            terminal.remember("last_contact", big)
    except OfflineError as fault:
        print(fault.code)
    print(told()["engine"], told()["waiting"])
    before = len(rounds)
    engine.wake()
    until(lambda: len(rounds) > before + 1)
    print([t.name for t in threading.enumerate() if t.name == "sync"])
    engine.stop()
    engine._trouble("disk-full")
    print(told()["problem"])
    (disk / "ballast").unlink()
    ballast.close()
"""


def test_a_disk_that_really_is_full_is_told_in_the_status_and_ends_no_thread(tmp_path: Path) -> None:
    assert on_a_disk(tmp_path, FULL) == ["disk-full", "running 1", "['sync']", "disk-full"]


@pytest.mark.expects_log
@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("place", ["run", "close", "tell", "wait"])
def test_an_exception_in_the_second_round_is_told_and_survived(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    at = (NetworkChanges if place == "wait" else Exchange, place)
    usual = getattr(*at)
    calls = [0]
    states: list[SyncState] = []
    broke = threading.Event()

    def second(*args: object, **more: object) -> object:
        calls[0] += 1
        if calls[0] == 2:
            broke.set()
            if place == "close":
                usual(*args, **more)
            raise RuntimeError("unforeseen")
        return usual(*args, **more)

    with running(terminal, states.append) as engine:
        until(lambda: states and states[-1].online and states[-1].phase == "idle")
        monkeypatch.setattr(*at, second)
        calls[0] = 1
        submit(terminal, 1)
        engine.wake()
        assert broke.wait(20)
        until(lambda: any(state.problem == "internal" for state in states))
        submit(terminal, 1)
        engine.wake()
        until(lambda: terminal.outbox().delivered == 2)
        until(lambda: states[-1].problem is None)


@pytest.mark.expects_log
@pytest.mark.usefixtures("gateway")
def test_a_listener_that_fails_ends_nothing(terminal: Terminal) -> None:
    def broken(_state: SyncState) -> None:
        raise RuntimeError("the window is gone")

    with running(terminal, broken) as engine:
        for count in (1, 2):
            submit(terminal, 1)
            engine.wake()
            until(lambda count=count: terminal.outbox().delivered == count)  # type: ignore[misc]


def test_every_thread_of_a_running_exchange_is_supervised(tmp_path: Path, started: dict[threading.Thread, str]) -> None:
    """The exchange, a name to look up, calls beside, the store: none may be lost without a word."""
    with live_gateway(tmp_path / "gateway") as gateway:
        with enrolled_terminal(tmp_path / "other", gateway) as other:  # all of the gateway's threads have begun then
            submit(other, 1)
            assert SyncEngine(other).run_once().attachments_sent == 1
        started.clear()
        url = gateway.url.replace("127.0.0.1", "localhost")
        with enrolled_terminal(tmp_path / "terminal", gateway, url) as terminal:
            submit(terminal, 1)
            with running(terminal):
                until(lambda: terminal.outbox().delivered and not terminal.outbox().attachments_waiting)
    ours = {t.name: is_supervised(t) for t in started if not t.name.startswith("AnyIO")}
    assert ours == dict.fromkeys(("sync", "sync-name", "sync-calls_0", "store_0"), True)

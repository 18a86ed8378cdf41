# SPDX-License-Identifier: Apache-2.0
"""Handing in from many sides and through kills: confirmed exactly once, or not at all. Real processes throughout."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract.parcel import FrameType
from contract.record import Record
from contract.tracking import split_code
from devices.simulation import SimulatedDevices
from kiosk.keeper.keeper import Keeper
from kiosk.keeper.settings import settings_of
from offline.terminal import Terminal
from tests.kiosk.keeper.conftest import CONFIG, House, until
from tests.kiosk.keeper.test_memory import SOMEBODY, hand_in
from tests.live import LiveGateway
from tests.offline.enrolled import own_records

LINES = 1000
COMMAND = [sys.executable, "-c", "from kiosk.command import main; main()"]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lines") / "lines.jsonl"
    made = [*COMMAND, "intake", "--example", "dibao", "--count", str(LINES), "--seed", "5"]
    path.write_bytes(subprocess.run(made, capture_output=True, timeout=60, check=True).stdout)
    return path


def in_order(records: list[Record]) -> None:
    """Sequences without gaps, ids and codes once."""
    assert [one.header.sequence for one in records] == list(range(1, len(records) + 1))
    assert len({one.header.id for one in records}) == len({one.header.tracking_code for one in records}) == len(records)


def nothing_staged(data: Path) -> bool:
    """Neither by name nor without one: no file of the data directory is open that nobody sees."""
    open_files = (os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if n.isdigit() and is_open(n))
    return not any(str(data) in place and "deleted" in place for place in open_files) and not list(data.glob("tmp*"))


def is_open(number: str) -> bool:
    return os.path.lexists(f"/proc/self/fd/{number}")


def test_an_intake_of_a_thousand_lines_beside_a_visit(
    house: House, terminal: Terminal, devices: SimulatedDevices, gateway: LiveGateway, lines: Path
) -> None:
    visit = house.on_stage()
    visit.at("attract")
    intake = [*COMMAND, "intake", str(lines), "--data", str(terminal.data)]
    with subprocess.Popen(intake, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        visit.say("Touched")
        visit.say("OpenChoose")
        visit.say("ChooseService", "old80")
        visit.say("StartApplication")
        visit.at("notice")  # the store has much to do meanwhile
        visit.say("ConsentGiven", True)
        visit.at("card")
        devices.present_card(SOMEBODY)
        if visit.at("applyfor", "form") == "applyfor":
            visit.say("ApplyFor", "self")
            visit.at("form")
        hand_in(visit, devices)
        answers = [json.loads(line) for line in (first, *running.stdout.read().splitlines())]
        assert running.wait(60) == 0
    confirmed = {answer["record_id"]: answer["tracking_code"] for answer in answers}
    assert len(confirmed) == len(set(confirmed.values())) == LINES
    records = own_records(terminal)
    in_order(records)
    assert len(records) == LINES + 1
    kept = {one.header.id: one.header.tracking_code for one in records}
    assert confirmed.items() <= kept.items()
    place = [one.header.id not in confirmed for one in records].index(True)
    assert place > 0, "the visit's came after the first of the intake"
    until(lambda: terminal.outbox().delivered == LINES + 1, "the delivery")
    gateway.opened()
    cases = gateway.platform.cases.listing()
    assert {case["tracking_code"] for case in cases} == set(kept.values())
    assert {case["state"] for case in cases} == {"received"}, "each was opened"


# --- a client that is killed ------------------------------------------------------------------------------------------

# A visit's or an intake's client half, stopped at a point that the test names; it says so and waits for its end.
STOPS = """
import sys, time
from pathlib import Path
from offline.client.store import StoreClient
from offline.port import messages as m
from offline.port.client import Client
from offline.port.server import connect
from offline.registration import Attachment
from tests.offline.conftest import application

data, at, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
client = Client(connect(data), "command")

class Stopping:
    def ask(self, request):
        global count
        if type(request).__name__ == at:
            if not count:
                print("there", flush=True)
                time.sleep(600)
            count -= 1
        return client.ask(request)

store = StoreClient(Stopping(), client.welcome.hash_key)
large = Attachment("ab" * 32, b"x" * 12_000_000, "image/jpeg", "bankcard")
store.registrar.submit(application(store.registrar.new_tracking_code()), [large])
print("done", flush=True)
time.sleep(600)
"""


@contextmanager
def stopped(data: Path, at: str, count: int = 0) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STOPS, str(data), at, str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def keeper(terminal: Terminal) -> Iterator[Keeper]:
    one = Keeper(terminal, sync_seconds=0.5)
    one.start()
    yield one
    one.stop()


@pytest.mark.usefixtures("keeper")
@pytest.mark.parametrize(
    ("at", "count"),
    [("HandIn", 0), ("Stage", 0), ("Stage", 3), ("MakeOffer", 0)],
    ids=["after-staging", "after-the-offer", "amid-staging", "before-the-offer"],
)
def test_a_client_that_is_killed_leaves_nothing(terminal: Terminal, at: str, count: int) -> None:
    with stopped(terminal.data, at, count) as process:
        if at == "HandIn":
            assert not nothing_staged(terminal.data), "a large one waits in a file without a name"
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    until(lambda: not [t for t in threading.enumerate() if t.name == "keeper-connection"], "the connection's end")
    assert nothing_staged(terminal.data)
    assert own_records(terminal) == []
    with done(terminal.data):
        pass
    in_order(own_records(terminal))
    assert len(own_records(terminal)) == 1
    until(lambda: terminal.outbox().delivered == 1, "the delivery")


@contextmanager
def done(data: Path) -> Iterator[None]:
    """The same client, left alone."""
    command = [sys.executable, "-c", STOPS, str(data), "nothing", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        yield
        process.kill()


# --- a keeper that is killed ------------------------------------------------------------------------------------------


@contextmanager
def keeper_process(data: Path, drives: Path) -> Iterator[subprocess.Popen[bytes]]:
    """As `doorstep kiosk` runs it, without devices."""
    command = [sys.executable, "-m", "tests.kiosk.keeper.kept", str(data), str(drives)]
    process = subprocess.Popen([*command, json.dumps(settings_of(CONFIG, None))])
    try:
        until((data / "keeper.sock").exists, "the keeper's socket")
        yield process
    finally:
        process.kill()
        process.wait(30)
        (data / "keeper.sock").unlink(missing_ok=True)


def spool_of(data: Path) -> list[Record]:
    with Terminal.open(data) as terminal:
        walk = terminal.ask(lambda _o, _i, spool: list(spool.walk()))
        return [Record.decode(p.frame.body) for p in walk if p.frame.type == FrameType.RECORD]


@pytest.mark.parametrize(("at", "count"), [("HandIn", 0), ("Stage", 3)])
def test_a_keeper_that_is_killed_before_the_hand_in_has_kept_nothing(
    terminal: Terminal, drives: Path, at: str, count: int
) -> None:
    terminal.close()
    with keeper_process(terminal.data, drives) as keeper, stopped(terminal.data, at, count):
        keeper.kill()
        keeper.wait(30)
    assert spool_of(terminal.data) == []
    assert list(terminal.data.glob("tmp*")) == []


def test_what_was_confirmed_before_a_keeper_was_killed_is_there(terminal: Terminal, drives: Path, lines: Path) -> None:
    """And of what was not, at most the one whose answer was under way."""
    terminal.close()
    confirmed: dict[str, str] = {}
    runs, rng = 3, random.Random(3)
    for _ in range(runs):
        with keeper_process(terminal.data, drives) as keeper:
            command = [*COMMAND, "intake", str(lines), "--data", str(terminal.data)]
            # Unbuffered: `communicate` does not see what `readline` has read ahead.
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as intake:
                assert intake.stdout is not None
                assert intake.stderr is not None
                said = [intake.stdout.readline() for _ in range(rng.randint(1, 120))]
                keeper.kill()
                rest, told = intake.communicate(timeout=60)
                assert b"keeper-gone" in told
                assert intake.returncode == 1
        for line in (*said, *rest.splitlines()):
            answer = json.loads(line)
            assert answer["tracking_code"] not in confirmed
            confirmed[answer["tracking_code"]] = answer["record_id"]
    records = spool_of(terminal.data)
    in_order(records)
    kept = {one.header.tracking_code: one.header.id for one in records}
    assert confirmed.items() <= kept.items()
    assert len(kept) <= len(confirmed) + runs
    assert len({split_code(code)[1] for code in kept}) == len(kept)

# SPDX-License-Identifier: Apache-2.0
"""What remains of a person in the processes that remain: nothing, in any encoding. The keeper holds nothing at any
moment. (That the search finds what is there is proven in tests/test_memory_scanner.py, and here on the visit itself.)
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from contract.events import CorrectionAsk
from contract.identity import Identity, check_id_number, make_id_number
from devices.simulation import SimulatedDevices
from kiosk.demo.people import scanned_page
from kiosk.keeper.settings import settings_of
from offline.terminal import Terminal
from tests.kiosk.keeper.conftest import CONFIG, Driven, until
from tests.kiosk.visit.conftest import SIGNATURE
from tests.live import LiveGateway
from tests.memory import described, search

NUMBER = make_id_number("990123", date(1941, 7, 9), 58)
SOMEBODY = Identity(
    "尉迟秀莲", NUMBER, check_id_number(NUMBER).sex, "01", "1941-07-09", "示例省示例市示例县示例镇槐树湾村九组七十三号",
    "示例县公安局", "2016-05-01", None,
)  # fmt: skip
VALUES = {
    "mobile": {"number": "13871940562"},
    "contact": {"name": "尉迟建业", "phone": "13971558204"},
    "bank": "rcb",
    "bank_no": "6217003810026418975",
}
WORDS = (
    *(SOMEBODY.name, SOMEBODY.id_number, "槐树湾村九组七十三号"),
    *("13871940562", "尉迟建业", "13971558204", "6217003810026418975"),
)


class Terminalled:
    """A keeper's process with its visits, as `doorstep kiosk` runs them."""

    def __init__(self, process: subprocess.Popen[bytes], drives: Path) -> None:
        self._process = process
        self._drives = drives

    @property
    def keeper(self) -> int:
        return self._process.pid

    def visits(self) -> list[int]:
        """The processes that it has begun and not yet ended."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except (OSError, IndexError):
                continue
            if entry.name.isdigit() and int(fields[1]) == self.keeper and fields[0] != "Z":
                found.append(int(entry.name))
        return found

    def on_stage(self) -> Driven:
        """Whose window is seen."""

        def shown() -> Driven | None:
            for pid in self.visits():
                visit = Driven(self._drives, pid)
                if (self._drives / f"{pid}.sock").exists() and visit.state["visible"]:
                    return visit
            return None

        found = until(shown, "a window")
        assert isinstance(found, Driven)
        return found

    def with_spare(self) -> None:
        """The visit on stage has a spare behind it, and nobody is on his way out."""

        def both() -> bool:
            visits = self.visits()
            return len(visits) == 2 and all((self._drives / f"{pid}.sock").exists() for pid in visits)

        until(both, "a spare")

    def ends(self, visit: Driven) -> None:
        until(lambda: visit.pid not in self.visits(), "the visit's process to end")


@contextmanager
def running(data: Path, drives: Path, devices: SimulatedDevices, idle: float = 900.0) -> Iterator[Terminalled]:
    config = dataclasses.replace(CONFIG, idle_seconds=idle, idle_seconds_slow=idle, warning_seconds=1.0)
    settings = json.dumps(settings_of(config, devices.profile))
    process = subprocess.Popen([sys.executable, "-m", "tests.kiosk.keeper.kept", str(data), str(drives), settings])
    try:
        yield Terminalled(process, drives)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def clean(*pids: int) -> None:
    for pid in pids:
        hits = search(pid, WORDS)
        assert not hits, f"{pid} holds {described(hits)}"


def to_form(visit: Driven, devices: SimulatedDevices) -> None:
    visit.at("attract")
    visit.say("Touched")
    visit.say("OpenChoose")
    visit.say("ChooseService", "old80")
    visit.say("StartApplication")
    visit.say("ConsentGiven", True)
    visit.at("card")
    devices.present_card(SOMEBODY)
    if visit.at("applyfor", "form") == "applyfor":
        visit.say("ApplyFor", "self")
        visit.at("form")


def hand_in(visit: Driven, devices: SimulatedDevices) -> None:
    """All of it, with a scan; returns when every paper is printed."""
    while visit.screen == "form":
        assert visit.do("fill", VALUES) == ""
    visit.at("materials")
    devices.load_pages([scanned_page("存折", 8, 3)])
    visit.say("ScanMaterial", "bankcard")
    until(lambda: visit.state["sheets"] == 1, "the scan")
    visit.say("NextPage")
    visit.say("NextPage")
    visit.say("NextPage")
    visit.at("sign")
    visit.say("Signed", SIGNATURE)
    visit.say("Submit")
    visit.at("done")
    until(lambda: (p := visit.state["prints"]) and all(s == "done" for s in p.values()), "the papers")


@pytest.fixture
def data(terminal: Terminal) -> Path:
    terminal.client.staff.add("张代办", "258036", "s1")
    terminal.close()
    return terminal.data


@pytest.fixture
def place(data: Path, drives: Path, devices: SimulatedDevices) -> Iterator[Terminalled]:
    with running(data, drives, devices) as opened:
        yield opened


def test_after_a_whole_visit_and_a_correction_nothing_remains(
    place: Terminalled, devices: SimulatedDevices, gateway: LiveGateway
) -> None:
    visit = place.on_stage()
    to_form(visit, devices)
    clean(place.keeper)
    hand_in(visit, devices)
    clean(place.keeper)
    assert len({hit.needle for hit in search(visit.pid, WORDS)}) == len(WORDS), "the visit itself holds all of it"
    place.with_spare()
    devices.remove_card()
    visit.say("FinishVisit")
    place.ends(visit)
    place.with_spare()
    clean(place.keeper, *place.visits())
    assert len(devices.printed_pdfs) + len(devices.receipts) == 4

    def case() -> str:
        gateway.opened()
        listed = gateway.platform.cases.listing()
        return str(listed[0]["tracking_code"]) if listed and listed[0]["state"] == "received" else ""

    code = until(case, "the case")
    asks = (CorrectionAsk("bank_no", "尉迟秀莲的账号少一位，请核对"), CorrectionAsk("contact", "联系人再填一次"))
    gateway.platform.cases.act(code, "correct", text="请更正", asks=asks)
    second = place.on_stage()

    def asked() -> bool:
        second.say("Touched") if second.screen == "attract" else None
        second.say("Track")
        devices.present_card(SOMEBODY)
        second.at("case")
        return "少一位" in second.state["spoken"] or bool(again())

    def again() -> None:
        devices.remove_card()
        second.say("GoHome")

    until(asked, "what is asked for")
    assert "6217003810026418975" in second.state["spoken"].replace(" ", "")
    clean(place.keeper)
    devices.remove_card()
    place.with_spare()
    second.say("GoHome")
    second.say("GoBack")
    place.ends(second)
    place.with_spare()
    clean(place.keeper, *place.visits())


def test_after_an_abandoned_visit_nothing_remains(data: Path, drives: Path, devices: SimulatedDevices) -> None:
    with running(data, drives, devices, idle=6.0) as place:
        visit = place.on_stage()
        to_form(visit, devices)
        assert visit.do("fill", VALUES) == ""
        devices.remove_card()
        place.ends(visit)
        place.with_spare()
        clean(place.keeper, *place.visits())


def test_after_staffs_help_nothing_remains(place: Terminalled, devices: SimulatedDevices) -> None:
    visit = place.on_stage()
    place.with_spare()
    to_form(visit, devices)
    visit.say("StaffUnlock", "张代办", "258036")
    until(lambda: "张代办" in visit.state["spoken"] or visit.state["overlay"] == "", "the unlocking")
    hand_in(visit, devices)
    clean(place.keeper)
    devices.remove_card()
    visit.say("FinishVisit")
    place.ends(visit)
    place.with_spare()
    clean(place.keeper, *place.visits())
    # A PIN has too few digits to be searched for; its hash is what the keeper is told: tests/offline/port.


def test_walls_are_up_in_both(place: Terminalled) -> None:
    place.with_spare()
    for pid in (place.keeper, *place.visits()):
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert next(line for line in limits.splitlines() if line.startswith("Max core file size")).split()[4] == "1"
        assert os.stat(f"/proc/{pid}/mem").st_uid == 0, "not dumpable: its files in /proc are root's"

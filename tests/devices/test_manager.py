# SPDX-License-Identifier: Apache-2.0
"""All devices together: faults of one stop no other, and all are found again without a restart."""

from __future__ import annotations

import pytest
from PIL import Image

from devices.base import State
from devices.events import PrintFinished, ScanFinished, StatusChanged
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from devices.simulation import SimulatedDevices
from tests.devices.conftest import Heard

PDF = b"%PDF-1.4\n%%EOF\n"
NETWORKED = ("printer", "receipt-printer", "scanner")


def state(heard: Heard, device: str, wanted: State) -> None:
    heard.wait(StatusChanged, lambda e: e.status.device == device and e.status.state is wanted)


def strip() -> Image.Image:
    return Image.new("1", (576, 100), 0)


def test_every_device_says_how_it_is(manager: DeviceManager, heard: Heard) -> None:
    for device in ("id-card", *NETWORKED):
        if any(s.device == device and s.state is State.READY for s in manager.statuses()):
            continue
        state(heard, device, State.READY)
    assert {s.device for s in manager.statuses()} == {"id-card", *NETWORKED}


@pytest.mark.parametrize("device", NETWORKED)
def test_unplugged_and_found_again(
    manager: DeviceManager, simulated: SimulatedDevices, heard: Heard, device: str
) -> None:
    state(heard, device, State.READY)
    simulated.unplug(device)
    state(heard, device, State.ABSENT)
    assert next(s for s in manager.statuses() if s.device == device).remedy == "check-cable"
    simulated.plug(device)
    state(heard, device, State.READY)


def test_a_broken_printer_does_not_hold_up_the_other(
    manager: DeviceManager, simulated: SimulatedDevices, heard: Heard
) -> None:
    simulated.set_paper("printer", "out")
    manager.print_document("a4", PDF, "doorstep-receipt-1")
    manager.print_receipt("strip", strip())
    ends = {}
    for _ in range(2):
        end = heard.wait(PrintFinished)
        ends[end.job_id] = (end.ok, end.code)
    assert ends == {"a4": (False, "out-of-paper"), "strip": (True, "")}
    simulated.set_paper("printer", "ok")
    manager.print_document("again", PDF, "doorstep-receipt-1")
    assert heard.wait(PrintFinished).ok
    assert simulated.printed_pdfs == [PDF]


@pytest.mark.usefixtures("manager")
def test_paper_and_faults_are_told_once_each(simulated: SimulatedDevices, heard: Heard) -> None:
    simulated.set_paper("receipt-printer", "low")
    state(heard, "receipt-printer", State.PAPER_LOW)
    simulated.set_fault("receipt-printer", "cover-open")
    state(heard, "receipt-printer", State.COVER_OPEN)
    simulated.set_fault("receipt-printer", None)
    simulated.set_paper("receipt-printer", "ok")
    state(heard, "receipt-printer", State.READY)


def test_scanning(manager: DeviceManager, simulated: SimulatedDevices, heard: Heard) -> None:
    simulated.load_pages([b"\xff\xd8one\xff\xd9", b"\xff\xd8two\xff\xd9"])
    manager.scan("s1")
    done = heard.wait(ScanFinished)
    assert [page.data for page in done.pages] == [b"\xff\xd8one\xff\xd9", b"\xff\xd8two\xff\xd9"]
    manager.scan("s2")
    assert heard.wait(ScanFinished).code == "no-pages"


def test_a_terminal_without_devices_answers_at_once(heard: Heard) -> None:
    manager = DeviceManager(DeviceProfile(), heard)
    manager.start()
    manager.print_document("a", PDF, "x")
    manager.print_receipt("b", strip())
    manager.scan("c")
    assert [e.code for e in heard.events] == ["printer-absent", "printer-absent", "scanner-absent"]  # type: ignore[union-attr]
    manager.stop()


def test_papers_are_kept_where_the_demo_wants_them(tmp_path, heard: Heard) -> None:  # type: ignore[no-untyped-def]
    with SimulatedDevices(tmp_path / "prints") as devices:
        manager = DeviceManager(devices.profile, heard, interval=0.2)
        manager.start()
        manager.print_document("a", PDF, "x")
        manager.print_receipt("b", strip())
        assert heard.wait(PrintFinished).ok
        assert heard.wait(PrintFinished).ok
        manager.stop()
    assert sorted(p.name for p in (tmp_path / "prints").iterdir()) == ["printer-01.pdf", "receipt-01.png"]

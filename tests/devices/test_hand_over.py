# SPDX-License-Identifier: Apache-2.0
"""Devices pass one by one from a process that ends to one that begins; here two managers stand for the two."""

from __future__ import annotations

import dataclasses
import os
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from devices import manager as managers
from devices import worker
from devices.base import State
from devices.camera.sample_pages import text_form
from devices.code_simulator import SimulatedCodeScanner
from devices.events import (
    CameraSeen,
    CardPresented,
    CardRemoved,
    CodeScanned,
    DeviceEvent,
    DeviceReleased,
    PictureTaken,
    PrintFinished,
    ScanFinished,
)
from devices.manager import DeviceManager
from devices.page.picture import encode_jpeg
from devices.printer import escpos_lines, ipp
from devices.profile import DeviceProfile
from devices.simulation import SimulatedDevices
from tests.devices.conftest import Heard, person
from tests.devices.rigs import until

FIRST, SECOND = b"%PDF-1.4\n%first\n%%EOF\n", b"%PDF-1.4\n%second\n%%EOF\n"
PAGE = b"\xff\xd8one\xff\xd9"


class Desk:
    """All kinds of simulated devices, and managers for them."""

    def __init__(self, folder: Path, devices: SimulatedDevices) -> None:
        self.simulated = devices
        self.codes = SimulatedCodeScanner(folder)
        self.said = folder / "said"
        self._managers: list[DeviceManager] = []
        pictures = folder / "pictures"
        pictures.mkdir()
        (pictures / "1.jpg").write_bytes(encode_jpeg(text_form().picture))
        with wave.open(str(folder / "said.wav"), "wb") as out:
            out.setparams((1, 2, 16000, 0, "NONE", ""))
            out.writeframes(b"\x01\x02" * 800)
        (folder / "prompts.json").write_text('{"zh": {"请": "said.wav"}}', encoding="utf-8")
        player = folder / "player"
        code = f"import sys; sys.stdin.buffer.read(); open({str(self.said)!r}, 'a').write('said ')"
        player.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}"\n')
        player.chmod(0o755)
        self.profile: DeviceProfile = dataclasses.replace(
            devices.profile,
            camera={"driver": "stills", "folder": str(pictures)},
            code_scanner={"driver": "serial", "port": self.codes.port},
            speech={"driver": "local", "player": str(player), "prompts": str(folder)},
        )

    def manager(self, listener: Callable[[DeviceEvent], None]) -> DeviceManager:
        """Looks at cards often, and at the rest once: so the test says who asks a device what."""
        made = DeviceManager(self.profile, listener, card_interval=0.05, interval=60)
        self._managers.append(made)
        return made

    def close(self) -> None:
        for made in self._managers:
            made.stop()
        self.codes.close()

    def held(self, port: str) -> int:
        """How often a line is open, beside the simulator's own end."""
        place = os.path.realpath(port)
        handles = (Path("/proc/self/fd") / name for name in os.listdir("/proc/self/fd"))
        return sum(os.path.realpath(handle) == place for handle in handles) - 1


@pytest.fixture
def desk(tmp_path: Path, simulated: SimulatedDevices) -> Iterator[Desk]:
    made = Desk(tmp_path, simulated)
    yield made
    made.close()


def ready(devices: DeviceManager, device: str, state: State = State.READY) -> None:
    until(lambda: next(s.state for s in devices.statuses() if s.device == device) is state)


def released(heard: Heard, device: str) -> DeviceReleased:
    return heard.wait(DeviceReleased, lambda e: e.device == device)


class Keeping(Heard):
    """Remembers also what was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[DeviceEvent] = []

    def __call__(self, event: DeviceEvent) -> None:
        self.all.append(event)
        super().__call__(event)

    def of(self, kind: type[DeviceEvent]) -> list[DeviceEvent]:
        return [event for event in self.all if isinstance(event, kind)]


class Passing(Keeping):
    """Hears the first manager, and hands to the second what was let go, as the keeper of both does."""

    def __init__(self) -> None:
        super().__init__()
        self.second: DeviceManager | None = None

    def __call__(self, event: DeviceEvent) -> None:
        if isinstance(event, DeviceReleased) and self.second is not None:
            assert event.free
            assert self.second.take(event.device, card_lies=event.card_lies)
        super().__call__(event)


def stuck_paper(desk: Desk, first: DeviceManager, monkeypatch: pytest.MonkeyPatch) -> None:
    """A print job of the first visit that waits until somebody refills the printer."""
    monkeypatch.setattr(ipp, "PATIENCE", 60.0)
    ready(first, "printer")
    desk.simulated.faults("printer").once("out-of-paper", 1)
    first.print_document("first", FIRST, "doorstep-receipt-1")
    until(lambda: bool(desk.simulated.faults("printer").told))


def test_all_pass_over_while_the_first_still_prints(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    heard, then = Passing(), Keeping()
    first, second = desk.manager(heard), desk.manager(then)
    first.start()
    stuck_paper(desk, first, monkeypatch)
    assert all(s.state is State.BUSY and s.detail == "being handed over" for s in second.statuses())
    assert all(s.usable and not s.remedy for s in second.statuses()), "work can be given, and no cable is to be checked"
    heard.second = second
    second.print_document("second", SECOND, "doorstep-receipt-2")
    for device in first.names():
        assert first.let_go(device)
        assert not first.let_go(device)
    free = {heard.wait(DeviceReleased).device for _ in range(6)}
    assert free == set(first.names()) - {"printer"}
    desk.simulated.present_card(person())
    assert then.wait(CardPresented).identity == person()
    desk.simulated.load_pages([PAGE])
    second.scan("scan")
    assert [page.data for page in then.wait(ScanFinished).pages] == [PAGE]
    second.take_picture("picture")
    assert then.wait(PictureTaken).taken is not None
    second.print_receipt("strip", Image.new("1", (576, 80), 0))
    assert then.wait(PrintFinished).ok
    ready(second, "code-scanner")
    desk.codes.read("004210001375")
    assert then.wait(CodeScanned).text == "004210001375"
    second.device("speech").say("请")
    until(desk.said.exists)
    assert not desk.simulated.printed_pdfs
    desk.simulated.set_paper("printer", "ok")
    assert heard.wait(PrintFinished) == PrintFinished("first", "printer", True)
    assert released(heard, "printer").free
    assert then.wait(PrintFinished) == PrintFinished("second", "printer", True)
    assert desk.simulated.printed_pdfs == [FIRST, SECOND]


def test_nothing_is_opened_before_it_is_taken(desk: Desk) -> None:
    heard = Keeping()
    waiting = desk.manager(heard)
    waiting.device("speech").say("请")
    waiting.watch_camera(True)
    assert desk.held(desk.profile.id_card["port"]) == desk.held(desk.codes.port) == 0  # type: ignore[index]
    assert not desk.simulated.faults("id-card").answers
    assert waiting.take("id-card")
    assert not waiting.take("id-card")
    assert not waiting.take("smart-card"), "this desk has none"
    ready(waiting, "id-card")
    assert not desk.said.exists()
    assert not heard.of(CameraSeen)
    assert waiting.take("speech")
    until(desk.said.exists)
    assert waiting.take("document-camera")
    assert heard.wait(CameraSeen).view is not None


def test_a_card_laid_down_on_the_way_is_told_by_the_second_only(desk: Desk) -> None:
    heard, then = Keeping(), Keeping()
    first, second = desk.manager(heard), desk.manager(then)
    first.start()
    ready(first, "id-card")
    begun, go_on = threading.Event(), threading.Event()
    first.ask("id-card", lambda: bool(begun.set() or go_on.wait(20)))  # the reader is asked something just now
    assert begun.wait(10)
    first.let_go("id-card")
    desk.simulated.present_card(person())
    go_on.set()
    event = released(heard, "id-card")
    assert (event.free, event.card_lies) == (True, False)
    second.take("id-card", card_lies=event.card_lies)
    assert then.wait(CardPresented).identity == person()
    first.stop()
    assert not heard.of(CardPresented)
    assert len(then.of(CardPresented)) == 1


def test_a_card_that_is_read_while_the_reader_is_let_go_is_not_lost(desk: Desk) -> None:
    """Read by the first, too late to be told there: so it is told by the second."""
    heard, then = Keeping(), Keeping()
    first, second = desk.manager(heard), desk.manager(then)
    first.start()
    ready(first, "id-card")
    reader = first.device("id-card")
    reading, go_on, read = threading.Event(), threading.Event(), reader.read

    def slow() -> object:
        found = read()
        reading.set()
        assert go_on.wait(20)
        return found

    reader.read = slow
    desk.simulated.present_card(person())
    assert reading.wait(10)
    first.let_go("id-card")
    go_on.set()
    event = released(heard, "id-card")
    assert not event.card_lies
    second.take("id-card", card_lies=event.card_lies)
    assert then.wait(CardPresented).identity == person()
    first.stop()
    assert not heard.of(CardPresented)
    assert len(then.of(CardPresented)) == 1


def test_a_card_forgotten_by_one_person_begins_no_visit_of_the_next(desk: Desk) -> None:
    heard, then = Keeping(), Keeping()
    first, second = desk.manager(heard), desk.manager(then)
    first.start()
    desk.simulated.present_card(person())
    heard.wait(CardPresented)
    first.let_go("id-card")
    event = released(heard, "id-card")
    assert event.card_lies
    second.take("id-card", card_lies=event.card_lies)
    ready(second, "id-card")
    desk.simulated.remove_card()
    then.wait(CardRemoved)
    assert len(heard.of(CardPresented)) == 1
    assert not then.of(CardPresented)
    desk.simulated.present_card(person(name="示例二", sequence=3))
    assert then.wait(CardPresented).identity.name == "示例二"


def test_no_line_is_open_twice_even_if_the_second_is_too_early(desk: Desk) -> None:
    heard, then = Keeping(), Keeping()
    first, second = desk.manager(heard), desk.manager(then)
    ports = [desk.profile.id_card["port"], desk.codes.port]  # type: ignore[index]
    seen: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.002):
            seen.extend(desk.held(port) for port in ports)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        first.start()
        ready(first, "id-card")
        ready(first, "code-scanner")
        for device in ("id-card", "code-scanner"):
            second.take(device)
            ready(second, device, State.ABSENT)
            first.let_go(device)
            released(heard, device)
            ready(second, device)
    finally:
        ended.set()
        watching.join()
    assert max(seen) == 1


def test_a_job_that_does_not_end_is_taken_back_and_the_device_is_free(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Keeping()
    first = desk.manager(heard)
    first.start()
    stuck_paper(desk, first, monkeypatch)
    first.print_document("behind", SECOND, "doorstep-receipt-2")
    first.let_go("printer", 0.3)
    ends = {(e.job_id, e.code) for e in (heard.wait(PrintFinished), heard.wait(PrintFinished))}
    assert ends == {("first", "job-cancelled"), ("behind", "timeout")}
    assert released(heard, "printer").free
    desk.simulated.set_paper("printer", "ok")
    assert not desk.simulated.printed_pdfs


def test_a_device_that_hangs_is_given_up_and_answers_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its driver cannot be ended, so it is said that the device is not free: the process must end first."""
    monkeypatch.setattr(worker, "GRACE", 0.2)
    monkeypatch.setattr(escpos_lines, "TIMEOUT", 2.0)
    heard = Keeping()
    first = desk.manager(heard)
    first.start()
    ready(first, "receipt-printer")
    desk.simulated.faults("receipt-printer").once("silent")
    first.print_receipt("strip", Image.new("1", (576, 80), 0))
    until(lambda: bool(desk.simulated.faults("receipt-printer").told))
    first.let_go("receipt-printer", 0.1)
    assert heard.wait(PrintFinished) == PrintFinished("strip", "receipt-printer", False, "timeout")
    assert not released(heard, "receipt-printer").free
    first.stop()
    assert len(heard.of(PrintFinished)) == 1, "its late answer is nobody's any more"
    assert len([e for e in heard.of(DeviceReleased) if e.device == "receipt-printer"]) == 1  # type: ignore[union-attr]


def test_a_job_waits_for_its_device_but_not_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "WAITING", 0.2)
    heard = Keeping()
    waiting = desk.manager(heard)
    waiting.print_document("paper", FIRST, "doorstep-receipt-1")
    assert heard.wait(PrintFinished).code == "timeout"
    waiting.scan("scan")
    assert heard.wait(ScanFinished).code == "timeout"
    waiting.take_picture("picture")
    assert heard.wait(PictureTaken).code == "timeout"
    assert waiting.take("printer"), "it is good for the next"
    waiting.print_document("next", SECOND, "doorstep-receipt-1")
    assert heard.wait(PrintFinished) == PrintFinished("next", "printer", True)
    assert desk.simulated.printed_pdfs == [SECOND]


def test_a_device_that_was_let_go_answers_at_once(desk: Desk) -> None:
    heard = Keeping()
    first = desk.manager(heard)
    first.start()
    for device in first.names():
        first.let_go(device)
        released(heard, device)
    first.print_document("a", FIRST, "x")
    first.scan("b")
    first.take_picture("c")
    first.watch_camera(True)
    assert [e.code for e in heard.events] == ["printer-absent", "scanner-absent", "scanner-absent"]  # type: ignore[union-attr]
    assert not first.take("printer")


def test_the_end_of_a_manager_answers_what_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managers, "CLOSING", 0.5)
    monkeypatch.setattr(managers, "GRACE", 0.3)
    heard, then = Keeping(), Keeping()
    first, never = desk.manager(heard), desk.manager(then)
    first.start()
    stuck_paper(desk, first, monkeypatch)
    first.print_document("behind", SECOND, "x")
    never.scan("scan")
    never.stop()
    assert then.wait(ScanFinished).code == "timeout"
    first.stop()
    assert {heard.wait(PrintFinished).job_id for _ in range(2)} == {"first", "behind"}

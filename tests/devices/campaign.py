# SPDX-License-Identifier: Apache-2.0
"""Hours of faults at all devices of a terminal, with the time between them left out: each named, each recovered.

Run long by bench/device_faults.py, and for a few simulated hours by the tests. The manager, its threads and the
drivers are the terminal's own; the peers are simulated ones that speak the real protocols.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from contract.identity import Identity
from devices.base import State
from devices.code_simulator import SimulatedCodeScanner
from devices.events import (
    CardPresented,
    CardRemoved,
    CardUnreadable,
    CodeScanned,
    DeviceEvent,
    PictureTaken,
    PrintFinished,
    ScanFinished,
)
from devices.faults import Faults
from devices.manager import DeviceManager
from devices.page.picture import encode_jpeg
from devices.profile import DeviceProfile
from devices.simulation import SimulatedDevices

PATIENCE = 60.0  # seconds after which something is said to hang; nothing is measured by it
BETWEEN = 300.0  # simulated seconds from one fault to the next, on average
PDF = b"%PDF-1.4\n%%EOF\n"
PAGE = b"\xff\xd8page\xff\xd9"
CODE = "004210001372"
LASTING: dict[str, tuple[str, ...]] = {
    "id-card": ("silent", "card-read-failed", "unplug"),
    "printer": ("jam", "cover-open", "out", "unplug"),
    "receipt-printer": ("cover-open", "out", "unplug"),
    "scanner": ("jam", "cover-open", "garbage", "unplug"),
    "document-camera": ("no-frames", "unplug"),
    "code-scanner": ("unplug",),
}
"""What stays until somebody mends it."""
PASSING: dict[str, tuple[str, ...]] = {
    "id-card": ("silent-mid-frame", "checksum", "garbage", "unplug"),
    "printer": ("silent", "garbage", "half", "aborted", "jam", "out-of-paper"),
    "receipt-printer": ("silent", "garbage", "out-of-paper", "cover-open", "unplug"),
    "scanner": ("unplug",),
    "code-scanner": ("silent", "garbage", "half", "unplug"),
}
"""What comes over one answer in the middle of a job; some of it stays then."""


@dataclass
class Tally:
    """What happened. `slowest`: real seconds from mending until the device did its work again."""

    faults: Counter[str] = field(default_factory=Counter)
    named: int = 0
    others: int = 0
    recovered: int = 0
    slowest: dict[str, float] = field(default_factory=dict)
    simulated_seconds: float = 0.0


class Campaign:
    """A context manager; `run` raises AssertionError at the first thing that is not as it should be."""

    def __init__(
        self, folder: Path, person: Identity, seed: int, *, card_interval: float = 0.05, interval: float = 0.1
    ) -> None:
        self._chance = random.Random(seed)
        self._person = person
        self._events: list[DeviceEvent] = []
        self._ends = ExitStack()
        self._folder = folder
        self._devices = self._ends.enter_context(SimulatedDevices())
        self._codes = SimulatedCodeScanner(folder)
        self._ends.callback(self._codes.close)
        self._pictures = folder / "pictures"
        self._pictures.mkdir()
        _picture(self._pictures / "1.jpg")
        profile = self._devices.profile.sections() | {
            "camera": {"driver": "stills", "folder": str(self._pictures)},
            "code_scanner": {"driver": "serial", "port": self._codes.port},
        }
        self._manager = DeviceManager(
            DeviceProfile(**profile), self._events.append, card_interval=card_interval, interval=interval
        )
        self._jobs = 0
        self._reader_fault: str | None = None  # a card that is laid down brings the reader's fault with it
        self.tally = Tally()
        self._work: dict[str, Callable[[], str]] = {
            "id-card": self._card, "printer": self._print, "receipt-printer": self._strip, "scanner": self._scan,
            "document-camera": self._picture, "code-scanner": self._code,
        }  # fmt: skip

    def __enter__(self) -> Campaign:
        self._manager.start()
        self._ends.callback(self._manager.stop)
        return self

    def __exit__(self, *_fault: object) -> None:
        self._ends.close()

    def run(self, hours: float) -> Tally:
        """Faults at random until so many simulated hours are over."""
        for device in self._work:
            self._until_well(device)
        while self.tally.simulated_seconds < hours * 3600:
            self.tally.simulated_seconds += self._chance.expovariate(1 / BETWEEN)
            self._one_fault()
        return self.tally

    def _one_fault(self) -> None:
        device = self._chance.choice(sorted(self._work))
        lasting = device not in PASSING or self._chance.random() < 0.5
        kind = self._chance.choice((LASTING if lasting else PASSING)[device])
        self.tally.faults[f"{device}: {kind}{'' if lasting else ', in a job'}"] += 1
        if lasting:
            self._bring(device, kind)
        else:
            self._faults_of(device).once(kind, self._chance.randrange(3))
        code = self._work[device]()
        if lasting and device != "code-scanner":
            assert code, f"{device} did its work in spite of {kind}"
        self.tally.named += bool(code)
        other = self._chance.choice([d for d in sorted(self._work) if d != device])
        assert self._work[other]() == "", f"{other} was held up while {device} had {kind}"
        self.tally.others += 1
        self._mend(device)
        began = time.monotonic()
        self._until_well(device)
        self.tally.slowest[device] = max(self.tally.slowest.get(device, 0.0), time.monotonic() - began)
        self.tally.recovered += 1

    def _until_well(self, device: str) -> None:
        """The device is ready by itself, and works."""
        ends = time.monotonic() + PATIENCE
        while self._state(device) is not State.READY or self._work[device]():
            assert time.monotonic() < ends, f"{device} was not found again: {self._state(device)}"
            time.sleep(0.02)

    def _state(self, device: str) -> State:
        return next(s.state for s in self._manager.statuses() if s.device == device)

    # --- bringing about and mending -----------------------------------------------------------------------------

    def _faults_of(self, device: str) -> Faults:
        return self._codes.faults if device == "code-scanner" else self._devices.faults(device)

    def _bring(self, device: str, kind: str) -> None:
        if device == "document-camera":
            (self._pictures / "fault").write_text(kind, encoding="ascii")
        elif device == "code-scanner":
            self._codes.unplug()
        elif kind == "unplug":
            self._devices.unplug(device)
        elif kind == "out":
            self._devices.set_paper(device, "out")
        else:
            self._devices.set_fault(device, kind)
            if device == "id-card":
                self._reader_fault = kind

    def _mend(self, device: str) -> None:
        if device == "document-camera":
            (self._pictures / "fault").unlink(missing_ok=True)
            return
        self._reader_fault = None
        if device == "code-scanner":
            self._codes.faults.clear()
            self._codes.unplug()
            self._codes.plug()
            return
        self._devices.unplug(device)
        self._devices.plug(device)
        self._devices.faults(device).clear()
        self._devices.set_fault(device, None)
        if device in ("printer", "receipt-printer"):
            self._devices.set_paper(device, "ok")

    # --- a device's work; "" when done, else what it said ---------------------------------------------------------

    def _heard(self, kind: type, job: str = "") -> DeviceEvent | None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            for event in list(self._events):
                if isinstance(event, kind) and (not job or getattr(event, "job_id", "") == job):
                    return event
            time.sleep(0.01)
        return None

    def _job(self) -> str:
        self._events.clear()
        self._jobs += 1
        return f"job-{self._jobs}"

    def _card(self) -> str:
        self._job()
        if self._state("id-card") is not State.READY:
            return "absent"
        self._devices.present_card(self._person, fault=self._reader_fault)
        ends = time.monotonic() + PATIENCE
        said = "no answer"
        while time.monotonic() < ends:
            found = next((e for e in list(self._events) if isinstance(e, CardPresented | CardUnreadable)), None)
            if isinstance(found, CardPresented):
                assert found.identity == self._person
                said = ""
                break
            if isinstance(found, CardUnreadable):
                said = found.code
                break
            if self._state("id-card") is not State.READY:
                said = "absent"
                break
            time.sleep(0.01)
        self._devices.remove_card()
        if not said:
            self._heard(CardRemoved)
        return said

    def _end(self, job: str, kind: type[PrintFinished | ScanFinished]) -> str:
        end = self._heard(kind, job)
        assert isinstance(end, PrintFinished | ScanFinished), f"{job} never ended"
        assert end.ok or end.code
        return "" if end.ok else end.code

    def _print(self) -> str:
        job = self._job()
        before = len(self._devices.printed_pdfs)
        self._manager.print_document(job, PDF, job)
        said = self._end(job, PrintFinished)
        assert said or len(self._devices.printed_pdfs) > before, "said to be printed, and is not"
        return said

    def _strip(self) -> str:
        job = self._job()
        before = len(self._devices.receipts)
        self._manager.print_receipt(job, Image.new("1", (576, 100), 0))
        said = self._end(job, PrintFinished)
        assert said or len(self._devices.receipts) > before, "said to be printed, and is not"
        return said

    def _scan(self) -> str:
        job = self._job()
        self._devices.load_pages([PAGE])
        self._manager.scan(job)
        return self._end(job, ScanFinished)

    def _picture(self) -> str:
        job = self._job()
        self._manager.take_picture(job)
        end = self._heard(PictureTaken, job)
        assert isinstance(end, PictureTaken), "no picture and no word of it"
        assert (end.taken is None) == bool(end.code)
        return end.code

    def _code(self) -> str:
        self._job()
        self._codes.read(CODE)
        ends = time.monotonic() + 0.6  # a code that does not come says nothing: silence is all there is to see
        while time.monotonic() < ends:
            if any(isinstance(e, CodeScanned) and e.text == CODE for e in list(self._events)):
                return ""
            time.sleep(0.01)
        self._codes.send(b"\r")  # whoever points again begins a new line
        return "not read"


def _picture(path: Path) -> None:
    import numpy as np

    path.write_bytes(encode_jpeg(np.full((400, 300, 3), 180, np.uint8)))

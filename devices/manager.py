# SPDX-License-Identifier: Apache-2.0
"""All devices of a terminal: a thread each, statuses, and jobs whose answers come as events."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from devices.base import NAMES, DeviceStatus, DocumentPrinter, ReceiptPrinter, State, status
from devices.camera_watch import CameraWatch
from devices.card_watch import CardWatch
from devices.drivers import make_device
from devices.errors import DeviceError
from devices.events import CodeScanned, DeviceEvent, DeviceReleased, StatusChanged
from devices.jobs import Job, picture_job, print_job, proof_job, scan_job
from devices.profile import DeviceProfile
from devices.worker import GRACE, DeviceWorker

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)
CARD_INTERVAL = 0.3  # seconds between looks for a card
OTHER_INTERVAL = 2.0  # between looks at a device that is not ready: it is found again within 3 s
CALM_INTERVAL = 5.0  # between looks at one that is
CODE_INTERVAL = 0.05  # a code scanner's line is emptied this often
PRINT_TIMEOUT = 120.0
CLOSING = 12.0
LETTING_GO = 55.0  # seconds for what waits in a device's mailbox; with the grace after it a visit's last 60


class DeviceManager:
    """Events are reported on the devices' own threads. Nothing is opened before a device is taken.

    A terminal's devices pass one by one from the process that ends to the one that begins: `let_go` there, then
    `take` here. A job for a device that is still on its way waits in its mailbox: mostly it comes within a second, and
    "no printer; check its cable" would be wrong. What waits in vain (worker.WAITING) is answered as timed out.

    `recovers`: what a process that crashed left at a device, such as print jobs, is removed when the device is taken.
    Not for a caller that only looks: another process may be printing.
    """

    def __init__(
        self,
        profile: DeviceProfile,
        listener: Callable[[DeviceEvent], None],
        *,
        card_interval: float = CARD_INTERVAL,
        interval: float = OTHER_INTERVAL,
        recovers: bool = True,
    ) -> None:
        self._tell = listener
        self._recovers = recovers
        self._workers: dict[str, DeviceWorker] = {}
        self._devices: dict[str, Any] = {}
        self._cards: dict[str, CardWatch] = {}
        self._camera: CameraWatch | None = None
        self._calm = max(interval, CALM_INTERVAL if interval == OTHER_INTERVAL else interval)
        for section, settings in profile.sections().items():
            try:
                made = make_device(section, settings)
            except DeviceError as fault:
                log.error("%s cannot be used: %s", NAMES[section], fault)
                self._add(NAMES[section], _broken(NAMES[section], fault), interval)
                continue
            self._devices[NAMES[section]] = made
            self._put_to_work(section, made, card_interval if section in ("id_card", "smart_card") else interval)

    def _put_to_work(self, section: str, made: Any, interval: float) -> None:
        device, close = NAMES[section], getattr(made, "close", lambda: None)
        if section in ("id_card", "smart_card"):
            watch = self._cards[device] = CardWatch(made, self._tell, device=device)
            self._add(device, watch.look, interval, finish=watch.close)
        elif section == "camera":
            self._camera = CameraWatch(made, self._tell, self._to_camera)
            self._add(device, self._camera.look, interval, calm=self._calm, finish=self._camera.close)
        elif section == "code_scanner":
            self._add(device, self._listen(made), CODE_INTERVAL, finish=close)
        elif section == "speech":
            made.hold()
            self._add(device, made.status, interval, calm=self._calm, begin=made.resume, finish=close)
        else:
            cancel = getattr(made, "cancel", lambda: None)
            begin = getattr(made, "recover", lambda: None) if self._recovers else lambda: None
            self._add(device, made.status, interval, calm=self._calm, begin=begin, finish=close, cancel=cancel)

    def _to_camera(self, job: Callable[[], None]) -> None:
        self._workers[NAMES["camera"]].put(job)

    def _listen(self, scanner: Any) -> Callable[[], DeviceStatus]:
        def look() -> DeviceStatus:
            for text in scanner.codes():
                self._tell(CodeScanned(text))
            found: DeviceStatus = scanner.status()
            return found

        return look

    def _add(self, device: str, look: Callable[[], DeviceStatus], interval: float, **more: Any) -> None:
        def changed(now: DeviceStatus) -> None:
            self._tell(StatusChanged(now))

        def released(free: bool) -> None:
            watch = self._cards.get(device)
            self._tell(DeviceReleased(device, free, watch is not None and watch.lies))

        self._workers[device] = DeviceWorker(
            device, look, changed, interval=interval, released=released, **more
        )  # fmt: skip

    def take(self, device: str, *, card_lies: bool = False) -> bool:
        """Begins one device's thread, which opens it. `card_lies` as in its last owner's DeviceReleased.

        False where there is no such device, it is taken already, or was released: within one process that is final.
        """
        worker = self._workers.get(device)
        if worker is None:
            return False
        if card_lies and device in self._cards:
            self._cards[device].expect()
        return worker.start()

    def let_go(self, device: str, patience: float = LETTING_GO) -> bool:
        """Does the jobs that wait for this device, then closes it; the end comes as DeviceReleased. Returns at once.

        What is not done after `patience` seconds is taken back and answered as timed out; after a few more the device
        is said to hang. No card or code is reported from now on. False where there is no such device, or it is gone.
        """
        worker = self._workers.get(device)
        if worker is None:
            return False
        if device in self._cards:
            self._cards[device].leave()
        elif self._camera is not None and device == NAMES["camera"]:
            self._camera.end()
        return worker.let_go(patience)

    def start(self) -> None:
        """Takes all devices, which no other process has."""
        for worker in self._workers.values():
            worker.start(handed_over=False)

    def stop(self) -> None:
        """Lets all devices go and waits for it; jobs may finish within the deadline."""
        for device in self._workers:
            self.let_go(device, CLOSING - GRACE)
        ends = time.monotonic() + CLOSING
        for worker in self._workers.values():
            worker.join(max(0.0, ends - time.monotonic()))

    def names(self) -> tuple[str, ...]:
        """Of all devices in the profile; of devices.base.NAMES."""
        return tuple(self._workers)

    def statuses(self) -> tuple[DeviceStatus, ...]:
        """How each device was at its last look."""
        return tuple(worker.status for worker in self._workers.values())

    def device(self, name: str) -> Any:
        """The driver's object, or None where the terminal has no such device. Use it in `ask` only."""
        return self._devices.get(name)

    def ask(self, name: str, work: Callable[[], None], given_up: Callable[[], None] | None = None) -> bool:
        """Runs `work` on the device's thread; False where there is no such device, or it was released.

        `given_up` is called, from any thread, where the work was not done in time: perhaps it is under way still.
        """
        return name in self._devices and self._workers[name].put(work, given_up)

    def _give(self, device: str, job: Job) -> None:
        if not self.ask(device, job.work, job.given_up):
            job.absent()

    def print_document(self, job_id: str, pdf: bytes, title: str) -> None:
        """The end comes as PrintFinished."""
        printer: DocumentPrinter = self.device("printer")
        printing = lambda: printer.print_pdf(pdf, title, timeout=PRINT_TIMEOUT)  # noqa: E731
        self._give("printer", print_job(job_id, "printer", printing, self._tell))

    def print_receipt(self, job_id: str, image: Image) -> None:
        """The end comes as PrintFinished."""
        printer: ReceiptPrinter = self.device("receipt-printer")
        printing = lambda: printer.print_image(image)  # noqa: E731
        self._give("receipt-printer", print_job(job_id, "receipt-printer", printing, self._tell))

    def scan(self, job_id: str) -> None:
        """The end comes as ScanFinished."""
        self._give("scanner", scan_job(job_id, self._devices.get("scanner"), self._tell))

    def prove_staff(self, job_id: str, pin: str) -> None:
        """The staff card in the smart-card reader proves itself; the end comes as StaffCardProved."""
        self._give("smart-card", proof_job(job_id, self._devices.get("smart-card"), pin, self._tell))

    def watch_camera(self, on: bool) -> None:
        """While on, what the document camera sees comes as CameraSeen, and codes under it as CodeScanned."""
        if self._camera is not None:
            (self._camera.begin if on else self._camera.end)()

    def take_picture(self, job_id: str) -> None:
        """The end comes as PictureTaken."""
        self._give("document-camera", picture_job(job_id, self._camera, self._tell))


def _broken(device: str, fault: DeviceError) -> Callable[[], DeviceStatus]:
    return lambda: status(device, State.FAULT, str(fault))

# SPDX-License-Identifier: Apache-2.0
"""All devices of a terminal: a thread each, statuses, and jobs whose answers come as events."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from devices.base import NAMES, DeviceStatus, DocumentPrinter, ReceiptPrinter, Scanner, State, status
from devices.camera_watch import CameraWatch
from devices.card_watch import CardWatch
from devices.drivers import make_device
from devices.errors import DeviceError, PrintFailed, ScanFailed
from devices.events import (
    CodeScanned,
    DeviceEvent,
    PictureTaken,
    PrintFinished,
    ScanFinished,
    StaffCardProved,
    StatusChanged,
)
from devices.profile import DeviceProfile
from devices.worker import DeviceWorker

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)
CARD_INTERVAL = 0.3  # seconds between looks for a card
OTHER_INTERVAL = 2.0  # between looks at a device that is not ready: it is found again within 3 s
CALM_INTERVAL = 5.0  # between looks at one that is
CODE_INTERVAL = 0.05  # a code scanner's line is emptied this often
PRINT_TIMEOUT = 120.0
CLOSING = 12.0


class DeviceManager:
    """Events are told on the devices' own threads."""

    def __init__(
        self,
        profile: DeviceProfile,
        listener: Callable[[DeviceEvent], None],
        *,
        card_interval: float = CARD_INTERVAL,
        interval: float = OTHER_INTERVAL,
    ) -> None:
        self._tell = listener
        self._workers: dict[str, DeviceWorker] = {}
        self._devices: dict[str, Any] = {}
        self._camera: CameraWatch | None = None
        calm = max(interval, CALM_INTERVAL if interval == OTHER_INTERVAL else interval)
        for section, settings in profile.sections().items():
            device = NAMES[section]
            try:
                made = make_device(section, settings)
            except DeviceError as fault:
                log.error("%s cannot be used: %s", device, fault)
                self._add(device, _broken(device, fault), interval)
                continue
            self._devices[device] = made
            if section in ("id_card", "smart_card"):
                watch = CardWatch(made, self._tell, device=device)
                self._add(device, watch.look, card_interval, finish=watch.close)
            elif section == "camera":
                self._camera = camera = CameraWatch(
                    made, self._tell, lambda job: self._workers[NAMES["camera"]].put(job)
                )
                self._add(device, camera.look, interval, calm=calm, finish=camera.close)
            elif section == "code_scanner":
                self._add(device, self._listen(made), CODE_INTERVAL, finish=made.close)
            else:
                self._add(device, made.status, interval, calm=calm, finish=getattr(made, "close", None))

    def _listen(self, scanner: Any) -> Callable[[], DeviceStatus]:
        def look() -> DeviceStatus:
            for text in scanner.codes():
                self._tell(CodeScanned(text))
            found: DeviceStatus = scanner.status()
            return found

        return look

    def _add(
        self,
        device: str,
        look: Callable[[], DeviceStatus],
        interval: float,
        *,
        calm: float | None = None,
        finish: Callable[[], None] | None = None,
    ) -> None:
        def changed(now: DeviceStatus) -> None:
            self._tell(StatusChanged(now))

        self._workers[device] = DeviceWorker(device, look, changed, interval=interval, calm=calm, finish=finish)

    def start(self) -> None:
        """Begins all threads."""
        for worker in self._workers.values():
            worker.start()

    def stop(self) -> None:
        """Ends all threads; a job under way may finish within the deadline."""
        for worker in self._workers.values():
            worker.stop()
        for worker in self._workers.values():
            worker.join(CLOSING)

    def statuses(self) -> tuple[DeviceStatus, ...]:
        """How each device was at its last look."""
        return tuple(worker.status for worker in self._workers.values())

    def device(self, name: str) -> Any:
        """The driver's object, or None where the terminal has no such device. Use it in `ask` only."""
        return self._devices.get(name)

    def ask(self, name: str, work: Callable[[], None]) -> bool:
        """Runs `work` on the device's thread; False where there is no such device."""
        if name not in self._devices:
            return False
        self._workers[name].put(work)
        return True

    def print_document(self, job_id: str, pdf: bytes, title: str) -> None:
        """The end comes as PrintFinished."""
        printer: DocumentPrinter = self.device("printer")
        self._print(job_id, "printer", lambda: printer.print_pdf(pdf, title, timeout=PRINT_TIMEOUT))

    def print_receipt(self, job_id: str, image: Image) -> None:
        """The end comes as PrintFinished."""
        printer: ReceiptPrinter = self.device("receipt-printer")
        self._print(job_id, "receipt-printer", lambda: printer.print_image(image))

    def _print(self, job_id: str, device: str, work: Callable[[], None]) -> None:
        def job() -> None:
            try:
                work()
            except PrintFailed as fault:
                self._tell(PrintFinished(job_id, device, False, fault.code))
            except Exception:
                self._tell(PrintFinished(job_id, device, False, "printer-fault"))
                raise
            else:
                self._tell(PrintFinished(job_id, device, True))

        if not self.ask(device, job):
            self._tell(PrintFinished(job_id, device, False, "printer-absent"))

    def scan(self, job_id: str) -> None:
        """The end comes as ScanFinished."""
        scanner: Scanner | None = self._devices.get("scanner")

        def job() -> None:
            assert scanner is not None
            try:
                pages = scanner.scan()
            except ScanFailed as fault:
                self._tell(ScanFinished(job_id, False, code=fault.code))
            except Exception:
                self._tell(ScanFinished(job_id, False, code="scanner-fault"))
                raise
            else:
                self._tell(ScanFinished(job_id, True, tuple(pages)))

        if not self.ask("scanner", job):
            self._tell(ScanFinished(job_id, False, code="scanner-absent"))

    def prove_staff(self, job_id: str, pin: str) -> None:
        """The staff card in the smart-card reader proves itself; the end comes as StaffCardProved."""
        reader = self.device("smart-card")

        def job() -> None:
            try:
                key = reader.prove(pin)
            except DeviceError as fault:
                self._tell(StaffCardProved(job_id, code=fault.code, remaining=getattr(fault, "remaining", -1)))
            except Exception:
                self._tell(StaffCardProved(job_id, code="reader-fault"))
                raise
            else:
                self._tell(StaffCardProved(job_id, key))

        if not self.ask("smart-card", job):
            self._tell(StaffCardProved(job_id, code="reader-absent"))

    def watch_desk(self, on: bool) -> None:
        """While on, what the document camera sees comes as DeskSeen, and codes under it as CodeScanned."""
        if self._camera is not None:
            (self._camera.begin if on else self._camera.end)()

    def take_picture(self, job_id: str) -> None:
        """The end comes as PictureTaken."""
        camera = self._camera
        if camera is None or not self.ask("document-camera", lambda: camera.take(job_id)):
            self._tell(PictureTaken(job_id, code="scanner-absent"))


def _broken(device: str, fault: DeviceError) -> Callable[[], DeviceStatus]:
    return lambda: status(device, State.FAULT, str(fault))

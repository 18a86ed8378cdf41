# SPDX-License-Identifier: Apache-2.0
"""All devices of a terminal: a thread each, statuses, and jobs whose answers come as events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from devices.base import DeviceStatus, DocumentPrinter, ReceiptPrinter, Scanner
from devices.card_watch import CardWatch
from devices.errors import PrintFailed, ScanFailed
from devices.events import DeviceEvent, PrintFinished, ScanFinished, StatusChanged
from devices.profile import DeviceProfile
from devices.worker import DeviceWorker

if TYPE_CHECKING:
    from PIL.Image import Image

CARD_INTERVAL = 0.3  # seconds between looks for a card
OTHER_INTERVAL = 2.0
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
        self._printer: DocumentPrinter | None = None
        self._receipt: ReceiptPrinter | None = None
        self._scanner: Scanner | None = None
        if profile.id_card is not None:
            self._add_reader(str(profile.id_card["port"]), card_interval)
        self._add_printers(profile, interval)

    def _add_reader(self, port: str, interval: float) -> None:
        from devices.id_card.serial_reader import SerialSamReader

        watch = CardWatch(SerialSamReader(port), self._tell)
        self._add("id-card", watch.look, interval, watch.close)

    def _add_printers(self, profile: DeviceProfile, interval: float) -> None:
        if profile.printer is not None:
            from devices.printer.ipp import IppPrinter

            self._printer = IppPrinter(str(profile.printer["uri"]))
            self._add("printer", self._printer.status, interval)
        if profile.receipt is not None:
            from devices.printer.escpos import NetworkReceiptPrinter

            self._receipt = NetworkReceiptPrinter(str(profile.receipt["host"]), int(profile.receipt["port"]))
            self._add("receipt-printer", self._receipt.status, interval)
        if profile.scanner is not None:
            from devices.scanner.escl import EsclScanner

            self._scanner = EsclScanner(str(profile.scanner["url"]))
            self._add("scanner", self._scanner.status, interval)

    def _add(
        self, device: str, look: Callable[[], DeviceStatus], interval: float, finish: Callable[[], None] | None = None
    ) -> None:
        def changed(now: DeviceStatus) -> None:
            self._tell(StatusChanged(now))

        self._workers[device] = DeviceWorker(device, look, changed, interval=interval, finish=finish)

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

    def print_document(self, job_id: str, pdf: bytes, title: str) -> None:
        """The end comes as PrintFinished."""
        printer = self._printer

        def work() -> None:
            assert printer is not None
            printer.print_pdf(pdf, title, timeout=PRINT_TIMEOUT)

        self._print(job_id, "printer", work, printer is not None)

    def print_receipt(self, job_id: str, image: Image) -> None:
        """The end comes as PrintFinished."""
        printer = self._receipt

        def work() -> None:
            assert printer is not None
            printer.print_image(image)

        self._print(job_id, "receipt-printer", work, printer is not None)

    def _print(self, job_id: str, device: str, work: Callable[[], None], there: bool) -> None:
        if not there:
            self._tell(PrintFinished(job_id, device, False, "printer-absent"))
            return

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

        self._workers[device].put(job)

    def scan(self, job_id: str) -> None:
        """The end comes as ScanFinished."""
        scanner = self._scanner
        if scanner is None:
            self._tell(ScanFinished(job_id, False, code="scanner-absent"))
            return

        def job() -> None:
            try:
                pages = scanner.scan()
            except ScanFailed as fault:
                self._tell(ScanFinished(job_id, False, code=fault.code))
            except Exception:
                self._tell(ScanFinished(job_id, False, code="scanner-fault"))
                raise
            else:
                self._tell(ScanFinished(job_id, True, tuple(pages)))

        self._workers["scanner"].put(job)

# SPDX-License-Identifier: Apache-2.0
"""The visit's wishes to printers and scanner. Papers are rendered, and scans prepared, on one render thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from devices.errors import DeviceError
from devices.events import PrintFinished, ScanFinished
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from kiosk.bridge import Bridge
from kiosk.papers import PaperMaker
from kiosk.sheets import keep_pages, load_pages
from kiosk.visit import effects, intents
from kiosk.visit.view import PrintState
from offline.errors import OfflineError
from offline.terminal import Terminal

log = logging.getLogger(__name__)
STRIP = "strip"


class DeviceWork:
    """Never blocks the caller. Without a device the answer says so at once."""

    def __init__(
        self, terminal: Terminal, bridge: Bridge, manager: DeviceManager, profile: DeviceProfile, papers: PaperMaker
    ) -> None:
        self._terminal = terminal
        self._bridge = bridge
        self._manager = manager
        self._profile = profile
        self._papers = papers
        self._render = ThreadPoolExecutor(1, "render")
        self._jobs: dict[str, tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._count = 0

    def close(self) -> None:
        """Lets the paper under way be finished, forgets the rest."""
        self._render.shutdown(cancel_futures=True)

    def _job(self, visit_id: str, what: str) -> str:
        with self._lock:
            self._count += 1
            name = f"job-{self._count}"
            self._jobs[name] = (visit_id, what)
        return name

    def _finished(self, job_id: str) -> tuple[str, str] | None:
        with self._lock:
            return self._jobs.pop(job_id, None)

    def print_paper(self, visit_id: str, wish: effects.Print) -> None:
        """Renders and prints. Progress comes as PrintProgress."""
        device = self._profile.receipt if wish.kind == STRIP else self._profile.printer
        if device is None:
            self._say(visit_id, wish.kind, "failed", "printer-absent")
            return
        self._render.submit(self._guarded, lambda: self._print(visit_id, wish), visit_id, wish.kind)

    def _print(self, visit_id: str, wish: effects.Print) -> None:
        self._say(visit_id, wish.kind, "printing")
        if wish.kind == STRIP:
            strip = self._papers.strip(wish)
            self._manager.print_receipt(self._job(visit_id, wish.kind), strip)
        else:
            title, pdf = self._papers.document(wish)
            self._manager.print_document(self._job(visit_id, wish.kind), pdf, title)

    def _guarded(self, work: Callable[[], None], visit_id: str, kind: str) -> None:
        """A paper that cannot be made must not hold up the visit; it is our bug, and logged as one."""
        try:
            work()
        except Exception:
            log.exception("a %s could not be made", kind)
            self._say(visit_id, kind, "failed", "render")

    def _say(self, visit_id: str, kind: str, state: str, code: str = "") -> None:
        progress = intents.PrintProgress(kind, PrintState(state, code))  # type: ignore[arg-type]
        self._bridge.post(progress, visit_id)

    def print_finished(self, event: PrintFinished) -> None:
        """From the printer's thread."""
        job = self._finished(event.job_id)
        if job is not None:
            self._say(*job, "done" if event.ok else "failed", event.code if not event.ok else "")

    def scan(self, visit_id: str, target: str) -> None:
        """What lies in the scanner."""
        if self._profile.scanner is None:
            self._bridge.post(intents.ScanDone(target, code="scanner-absent"), visit_id)
            return
        self._manager.scan(self._job(visit_id, target))

    def scan_finished(self, event: ScanFinished) -> None:
        """From the scanner's thread: the pages go through the render thread into the store."""
        job = self._finished(event.job_id)
        if job is None:
            return
        visit_id, target = job
        if not event.ok:
            self._bridge.post(intents.ScanDone(target, code=event.code), visit_id)
            return
        self.keep(visit_id, target, [page.data for page in event.pages])

    def keep(self, visit_id: str, target: str, pages: list[bytes]) -> None:
        """Prepares and keeps pictures for a material or field."""

        def work() -> None:
            try:
                sheets = keep_pages(self._terminal, pages)
            except (OfflineError, DeviceError) as fault:
                self._bridge.post(intents.ScanDone(target, code=fault.code), visit_id)
            except Exception:
                log.exception("a scan could not be kept")
                self._bridge.post(intents.ScanDone(target, code="internal"), visit_id)
            else:
                self._bridge.post(intents.ScanDone(target, sheets), visit_id)

        self._render.submit(work)

    def load_sheets(self, visit_id: str, digests: tuple[str, ...]) -> None:
        """Previews for a resumed draft."""

        def work() -> None:
            try:
                self._bridge.post(intents.SheetsLoaded(load_pages(self._terminal, digests)), visit_id)
            except OfflineError as fault:
                log.warning("kept scans could not be shown: %s", fault.code)

        self._render.submit(work)

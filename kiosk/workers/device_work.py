# SPDX-License-Identifier: Apache-2.0
"""The visit's wishes to printers and scanner. Papers are rendered, and scans prepared, on one render thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from devices.errors import DeviceError
from devices.events import PictureTaken, PrintFinished, ScanFinished, StaffCardProved
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from kiosk.visit import effects, intents
from kiosk.visit.desk_view import PaperState
from kiosk.visit.lookup import CASE_RECEIPT
from kiosk.visit.view import CaseView, PrintPhase, PrintState
from kiosk.workers.bridge import Bridge
from kiosk.workers.paper_scan import PaperScan
from kiosk.workers.printouts import PrintoutMaker
from kiosk.workers.scanned_sheets import keep_pages, load_pages
from offline.client.store import StoreClient
from offline.errors import OfflineError
from offline.jobs import SupervisedExecutor

if TYPE_CHECKING:
    from devices.camera.capture import Taken

log = logging.getLogger(__name__)
STRIP = "strip"
FORM = "form-on-paper"


class DeviceWork:
    """Never blocks the caller. Without a device the answer says so at once."""

    def __init__(
        self,
        client: StoreClient,
        bridge: Bridge,
        manager: DeviceManager,
        profile: DeviceProfile,
        printouts: PrintoutMaker,
    ) -> None:
        self._drafts = client.drafts
        self._bridge = bridge
        self._manager = manager
        self._profile = profile
        self._printouts = printouts
        self._render = SupervisedExecutor("render")
        self._jobs: dict[str, tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._count = 0
        self._taken: Taken | None = None
        self._unlock: Callable[[str, str], None] | None = None
        self._pile = PaperScan(client.port)

    def after_printouts(self, then: Callable[[], object]) -> None:
        """Called when every paper asked for so far has been rendered and given to its printer."""
        self._render.cast(then)

    def close(self) -> None:
        """Lets the paper under way be finished, forgets the rest."""
        self._render.shutdown(cancel=True)

    def _job(self, visit_id: str, what: str) -> str:
        with self._lock:
            self._count += 1
            name = f"job-{self._count}"
            self._jobs[name] = (visit_id, what)
        return name

    def _finished(self, job_id: str) -> tuple[str, str] | None:
        with self._lock:
            return self._jobs.pop(job_id, None)

    def print_out(self, visit_id: str, wish: effects.Print) -> None:
        """Renders and prints. Progress comes as PrintProgress."""
        device = self._profile.receipt if wish.kind == STRIP else self._profile.printer
        if device is None:
            self._say(visit_id, wish.kind, "failed", "printer-absent")
            return
        self._render.cast(self._guarded, lambda: self._print(visit_id, wish), visit_id, wish.kind)

    def _print(self, visit_id: str, wish: effects.Print) -> None:
        self._say(visit_id, wish.kind, "printing")
        if wish.kind == STRIP:
            strip = self._printouts.strip(wish)
            self._manager.print_receipt(self._job(visit_id, wish.kind), strip)
        else:
            title, pdf = self._printouts.document(wish)
            self._manager.print_document(self._job(visit_id, wish.kind), pdf, title)

    def print_case(self, visit_id: str, case: CaseView) -> None:
        """A copy of its receipt, on the strip where there is a strip printer. Progress comes as PrintProgress."""
        kind = CASE_RECEIPT

        def work() -> None:
            self._say(visit_id, kind, "printing")
            if self._profile.receipt is not None:
                self._manager.print_receipt(self._job(visit_id, kind), self._printouts.case_strip(case))
            else:
                title, pdf = self._printouts.case_document(case)
                self._manager.print_document(self._job(visit_id, kind), pdf, title)

        if self._profile.receipt is None and self._profile.printer is None:
            self._say(visit_id, kind, "failed", "printer-absent")
            return
        self._render.cast(self._guarded, work, visit_id, kind)

    def _guarded(self, work: Callable[[], None], visit_id: str, kind: str) -> None:
        """A paper that cannot be made must not hold up the visit; it is our bug, and logged as one."""
        try:
            work()
        except Exception:
            log.exception("a %s could not be made", kind)
            self._say(visit_id, kind, "failed", "render")

    def _say(self, visit_id: str, kind: str, state: PrintPhase, code: str = "") -> None:
        progress = intents.PrintProgress(kind, PrintState(state, code))
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
        if target == FORM:
            self._read(lambda: self._pile.add_pages([p.data for p in event.pages]), visit_id, event.code)
            return
        if not event.ok:
            self._bridge.post(intents.ScanDone(target, code=event.code), visit_id)
            return
        self.keep(visit_id, target, [page.data for page in event.pages])

    def prove_staff(self, visit_id: str, pin: str, unlock: Callable[[str, str], None]) -> None:
        """The card proves itself with the PIN; `unlock(visit_id, key)` is called then."""
        self._unlock = unlock
        self._manager.prove_staff(self._job(visit_id, ""), pin)

    def staff_proved(self, event: StaffCardProved) -> None:
        """From the reader's thread."""
        job = self._finished(event.job_id)
        if job is None:
            return
        if event.code or self._unlock is None:
            refused = intents.StaffRefusedNote(f"staff-card-{event.code}", max(0, event.remaining))
            self._bridge.post(refused, job[0])
        else:
            self._unlock(job[0], event.key)

    def take_picture(self, visit_id: str) -> None:
        """Of what lies under the document camera."""
        self._manager.take_picture(self._job(visit_id, ""))

    def picture_taken(self, event: PictureTaken) -> None:
        """From the camera's thread. The picture waits here for its corners; only its small copy goes to the window."""
        job = self._finished(event.job_id)
        if job is None:
            return
        taken = event.taken
        if job[1] == FORM:
            self._read(
                lambda: self._pile.add_picture(taken.picture) if taken is not None else self._pile.state(),
                job[0],
                event.code,
            )
            return
        self._taken = taken
        view = event.taken.view if event.taken is not None else None
        self._bridge.post(intents.PictureTaken(view, event.code), job[0])

    def use_picture(self, visit_id: str, wish: effects.UsePicture) -> None:
        """The page in the picture taken last, into the store."""

        def work() -> None:
            from devices.camera.capture import page_of

            taken = self._taken
            if taken is None:
                self._bridge.post(intents.ScanDone(wish.target, code="empty"), visit_id)
                return
            page = page_of(taken, wish.corners)
            sheets = keep_pages(self._drafts, [page.data], ready=True)
            self._bridge.post(intents.ScanDone(wish.target, sheets), visit_id)

        self._keeping(work, visit_id, wish.target)

    def forget_picture(self) -> None:
        """It is wanted no more."""
        self._taken = None

    def keep(self, visit_id: str, target: str, pages: list[bytes]) -> None:
        """Prepares and keeps pictures for a material or field."""

        def work() -> None:
            self._bridge.post(intents.ScanDone(target, keep_pages(self._drafts, pages)), visit_id)

        self._keeping(work, visit_id, target)

    def _keeping(self, work: Callable[[], None], visit_id: str, target: str) -> None:
        def guarded() -> None:
            try:
                work()
            except (OfflineError, DeviceError) as fault:
                self._bridge.post(intents.ScanDone(target, code=fault.code), visit_id)
            except Exception:
                log.exception("a scan could not be kept")
                self._bridge.post(intents.ScanDone(target, code="internal"), visit_id)

        self._render.cast(guarded)

    def scan_form(self, visit_id: str, by: str) -> None:
        """A form on paper, by scanner or camera."""
        if by == "camera":
            self._manager.take_picture(self._job(visit_id, FORM))
        elif self._profile.scanner is None:
            self._read(self._pile.state, visit_id, "scanner-absent")
        else:
            self._manager.scan(self._job(visit_id, FORM))

    def read_form_code(self, visit_id: str, text: str) -> None:
        """One of a form's codes, from a code scanner."""
        self._read(lambda: self._pile.add_texts([text]), visit_id)

    def forget_forms(self) -> None:
        """The pile is done with."""
        self._render.cast(self._pile.forget)

    def _read(self, work: Callable[[], PaperState], visit_id: str, code: str = "") -> None:
        """`code`: why the device gave nothing."""

        def guarded() -> None:
            try:
                state = self._pile.state(code) if code else work()
            except Exception:
                log.exception("a form's codes could not be read")
                state = self._pile.state("internal")
            self._bridge.post(intents.PaperNews(state), visit_id)

        self._render.cast(guarded)

    def load_sheets(self, visit_id: str, digests: tuple[str, ...]) -> None:
        """Previews for a resumed draft."""

        def work() -> None:
            try:
                self._bridge.post(intents.SheetsLoaded(load_pages(self._drafts, digests)), visit_id)
            except OfflineError as fault:
                log.warning("kept scans could not be shown: %s", fault.code)

        self._render.cast(work)

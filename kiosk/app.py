# SPDX-License-Identifier: Apache-2.0
"""The terminal: the one place that puts store, sync, devices, visit and window together.

Threads: this window's (never blocks), the store's, the sync engine's, one per device, one for rendering papers
and scans. Everything that is not needed for the first picture is loaded after it.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import click
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from kiosk.bridge import Bridge, Posted
from kiosk.config import KioskConfig
from kiosk.frame.dialog import Dialog, DialogSpec
from kiosk.frame.state import SILENT, NetState, net_state
from kiosk.i18n.language import Languages
from kiosk.i18n.messages import message_text
from kiosk.news import DeskNews, DeviceNews, OutboxNews, Published, StaffNames, SyncNews
from kiosk.pages.page import ActionSpec, PageContext, StationInfo
from kiosk.screens import page_factories
from kiosk.shell import Shell
from kiosk.storework import StoreWork
from kiosk.theme.tokens import Scale, Tokens
from kiosk.visit import effects, intents
from kiosk.visit.clock import MachineClock, VisitClock
from kiosk.visit.closing import PAPERS
from kiosk.visit.machine import VisitMachine
from kiosk.visit.view import DeviceTest, PrintState
from kiosk.wedge import WedgeFilter
from offline.terminal import Terminal

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from devices.manager import DeviceManager
    from devices.profile import DeviceProfile
    from kiosk.devicetrials import DeviceTrials
    from kiosk.devicework import DeviceWork
    from kiosk.usbwork import UsbWork
    from offline.outbox import OutboxStatus
    from offline.sync import SyncEngine, SyncState

log = logging.getLogger(__name__)
TICK = 500  # milliseconds
TAKE_CARD = "take-card"


class KioskApp(QObject):
    """Make it after the QApplication; `start` shows the window, `stop` ends every thread it began.

    `profile`: the devices; None, and each member None, means there is none. The terminal stays its owner's.
    `media_root`: where the kernel's view of sticks is looked for.
    """

    closed = Signal()
    """Somebody closed the window."""

    def __init__(
        self,
        terminal: Terminal,
        profile: DeviceProfile | None = None,
        config: KioskConfig | None = None,
        *,
        clock: VisitClock | None = None,
        media_root: Path = Path("/"),
    ) -> None:
        super().__init__()
        self.terminal = terminal
        self.config = config or KioskConfig()
        self._profile = profile
        self._languages = Languages()
        self._bridge = Bridge(self)
        self._bridge.arrived.connect(self._arrived)
        self._store = StoreWork(terminal, self._bridge, self.wake_sync)
        self._sync: SyncEngine | None = None
        self._sync_state: SyncState | None = None
        self._outbox: OutboxStatus | None = None
        self._leave_outbox: Callable[[], None] | None = None
        self._published: Published | None = None
        self.manager: DeviceManager | None = None
        self._devices: DeviceWork | None = None
        self._trials: DeviceTrials | None = None
        self._speaker: Any = None
        self._usb: UsbWork | None = None
        self._media_root = media_root
        self._stopped = False
        catalogue = self._catalogue = terminal.catalogue()
        enrolment = terminal.enrolment
        self.machine = VisitMachine(
            catalogue,
            terminal.calendar(),
            clock or MachineClock(),
            times=self.config.times,
            language=self.config.language,
            area=enrolment.station_area if enrolment else catalogue.area_code,
        )
        self._languages.use(self.config.language)
        self.shell = Shell(self._context(), page_factories(), use_language=self._languages.use)
        self.shell.intent.connect(self.take)
        self.shell.closed.connect(self.closed)
        self.net_state = NetState("down")
        self.shell.set_network(self.net_state)
        self.on_intent: Callable[[object], None] = lambda _intent: None
        """For measuring: called with every intent before it is handled."""
        self._wedge: WedgeFilter | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    def _context(self) -> PageContext:
        enrolment = self.terminal.enrolment
        config = self.config
        station = StationInfo(
            name=enrolment.station_name if enrolment else "",
            phone=enrolment.station_phone if enrolment else "",
            public_url=enrolment.public_url if enrolment else "",
            notice=config.notice,
            reader_place=config.reader_place,
        )
        orientation = "portrait" if config.orientation == "portrait" else "landscape"
        scale = Scale(px_per_mm=config.px_per_mm, elder=False, contrast=config.contrast)  # type: ignore[arg-type]
        return PageContext(
            Tokens.of(scale),
            self._catalogue,
            language=config.language,
            orientation=orientation,  # type: ignore[arg-type]
            station=station,
            now=datetime.now,
        )

    # --- beginning and end ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Shows the attract screen; devices, sync and speech begin right after the first picture."""
        self.shell.resize(*self.config.size)
        self._draw()
        if self.config.full_screen:
            self.shell.showFullScreen()
        else:
            self.shell.show()
        self._timer.start()
        self._watch_keys()
        QTimer.singleShot(0, self._start_workers)

    def _watch_keys(self) -> None:
        """A code scanner that types is told from a person who does."""
        application = QCoreApplication.instance()
        scanner = self._profile.code_scanner if self._profile is not None else None
        if scanner is None or scanner.get("driver") != "wedge" or application is None:
            return
        self._wedge = WedgeFilter(self)
        self._wedge.code.connect(lambda text: self.take(intents.CodeSeen(text)))
        application.installEventFilter(self._wedge)

    def _start_workers(self) -> None:
        if self._stopped:
            return
        from kiosk.workers import (  # 150 ms that the first picture need not wait
            start_devices,
            start_speaker,
            start_sync,
            start_trials,
            watch_outbox,
        )

        self.manager, self._devices = start_devices(self.terminal, self._bridge, self._profile, self.wake_sync)
        self._speaker = start_speaker(self.config, self.manager)
        self._trials = start_trials(self.terminal, self._bridge, self.manager, self._speaker)
        self._leave_outbox = watch_outbox(self.terminal, self._bridge)
        self._sync = start_sync(self.terminal, self._bridge, self.config.sync_seconds)
        self._sync_state = self._sync.state if self._sync is not None else None
        self._store.staff_names(lambda names: self._bridge.post(StaffNames(names)))
        self._devices_are(self.manager.statuses())

    def stop(self) -> None:
        """Keeps a draft if that was chosen, wipes, ends the threads. Safe to call twice."""
        if self._stopped:
            return
        self._stopped = True
        self._timer.stop()
        application = QCoreApplication.instance()
        if self._wedge is not None and application is not None:
            application.removeEventFilter(self._wedge)
        asking = self.machine.visit.id
        for effect in self.machine.end():
            self._carry_out(effect, asking)
        self._bridge.close()
        if self.manager is not None:
            self.manager.stop()
        if self._usb is not None:
            self._usb.close()
        if self._devices is not None:
            self._devices.close()
        if self._leave_outbox is not None:
            self._leave_outbox()
        if self._sync is not None:
            self._sync.stop()
        if self._speaker is not None:
            self._speaker.close()
        self.shell.close()

    def turn(self, orientation: str) -> None:
        """Lays the window the other way; the visit goes on where it is."""
        self.config = dataclasses.replace(self.config, orientation=orientation)
        fresh = self._context()
        old = self.shell.context
        scale = dataclasses.replace(fresh.tokens.scale, elder=old.tokens.elder)
        self.shell.resize(*self.config.size)
        kept = dataclasses.replace(
            fresh, tokens=Tokens.of(scale), language=old.language, catalogue=old.catalogue, station=old.station
        )
        self.shell.set_context(kept)
        self._draw()

    # --- the visit -------------------------------------------------------------------------------------------

    @Slot(object)
    def take(self, intent: object) -> None:
        """A wish of the person in front of the window."""
        self.on_intent(intent)
        self._handle(intent, None)

    def _handle(self, intent: object, visit_id: str | None) -> None:
        asking = self.machine.visit.id
        found = self.machine.handle(intent, visit_id)
        self._answer(found, asking)

    def _answer(self, found: Sequence[object], asking: str) -> None:
        """Draws first, so that the finger sees its answer; wiping draws by itself, and anew."""
        if not any(isinstance(effect, effects.Wipe) for effect in found):
            self._draw()
        for effect in found:
            self._carry_out(effect, asking)

    def _draw(self) -> None:
        view = self.machine.view()
        self.shell.show_page(view.screen, view)
        if self.manager is not None:
            phase = view.capture.phase if view.capture is not None and view.screen == "camera" else ""
            self.manager.watch_desk(phase in ("watching", "taking"))

    @Slot()
    def _tick(self) -> None:
        self._show_network()
        asking = self.machine.visit.id
        before = (self.machine.screen, self.machine.view().idle_left, self.machine.visit.message)
        found = self.machine.tick()
        if found or before != (self.machine.screen, self.machine.view().idle_left, self.machine.visit.message):
            self._answer(found, asking)

    # --- what workers say --------------------------------------------------------------------------------------

    @Slot(object)
    def _arrived(self, posted: Posted) -> None:
        message = posted.message
        if isinstance(message, StaffNames):
            self.shell.set_staff_names(message.names)
        elif isinstance(message, Published):
            self._published = message
            self._take_published()
        elif isinstance(message, SyncNews):
            self._network(message.state)
        elif isinstance(message, OutboxNews):
            self._outbox = message.status
            self._show_network()
            self._look_for_delivery()
        elif isinstance(message, DeskNews):
            self.shell.show_desk(message.view, message.code)
        elif isinstance(message, DeviceNews):
            self._devices_are(message.statuses)
        else:
            self._handle(message, posted.visit_id)

    def wake_sync(self) -> None:
        """Something waits to be sent. Called on the store's thread."""
        if self._sync is not None:
            self._sync.wake()

    def _network(self, state: SyncState) -> None:
        self._sync_state = state
        self._show_network()
        self._look_for_delivery()
        self._handle(intents.NetworkChanged(state.online), None)

    def _show_network(self) -> None:
        """At every news, and at every tick: a state that nobody renews is no news any more."""
        shown = net_state(self._sync_state, self._outbox, self.net_state, monotonic())
        if shown != self.net_state:
            went = (shown.problem == SILENT) > (self.net_state.problem == SILENT)
            self.net_state = shown
            self.shell.set_network(shown)
            if went:
                self._handle(intents.NetworkChanged(False), None)

    def _look_for_delivery(self) -> None:
        visit = self.machine.visit
        if visit.submitted is not None and not visit.sent:
            online = self.net_state.link != "down"
            self._store.watch_delivery(visit.id, visit.submitted.tracking_code, online)

    def _devices_are(self, statuses: Sequence[DeviceStatus]) -> None:
        self.shell.set_devices(statuses)
        usable = {status.device for status in statuses if status.usable}
        scanner = self._profile is None or self._profile.scanner is not None
        known = (self.machine.view().camera, self.machine.view().scanner)
        if known != ("document-camera" in usable, scanner):
            self._handle(intents.DevicesKnown("document-camera" in usable, scanner), None)

    def _take_published(self) -> None:
        """A new catalogue is taken between visits, never under somebody's hands."""
        news = self._published
        if news is None or not self.machine.use_catalogue(news.catalogue, news.calendar):
            return
        self._published = None
        self._catalogue = news.catalogue
        if news.catalogue.content_hash != self.shell.context.catalogue.content_hash:
            self.shell.set_context(dataclasses.replace(self.shell.context, catalogue=news.catalogue))
            self._draw()

    # --- what the visit wants -----------------------------------------------------------------------------------

    def _carry_out(self, effect: object, visit_id: str) -> None:
        match effect:
            case effects.CheckIntake():
                self._store.check_intake(visit_id)
            case effects.SubmitApplication():
                self._store.submit(visit_id, effect)
            case effects.SubmitOther():
                self._store.submit_other(visit_id, effect)
            case effects.SaveDraft():
                self._store.save_draft(visit_id, effect)
            case effects.DiscardDraft():
                self._store.discard_draft(visit_id, effect)
            case effects.LookupDraft():
                self._store.lookup_draft(visit_id, effect)
            case effects.LookupCases():
                self._store.lookup_cases(visit_id, effect)
            case effects.UnlockStaff():
                self._store.unlock_staff(visit_id, effect)
            case effects.JournalNote():
                self._store.note(effect)
            case effects.Print() | effects.Scan() | effects.KeepImage() | effects.LoadSheets():
                self._with_devices(effect, visit_id)
            case effects.TryDevice() | effects.PrintCase():
                self._try(effect, visit_id)
            case effects.SendNow():
                self.wake_sync()
            case effects.WatchUsb() | effects.RunUsb() | effects.LeaveUsb():
                self._with_usb(effect)
            case effects.ScanPaper() | effects.ReadPaperCode() | effects.ForgetPaper():
                self._with_forms(effect, visit_id)
            case effects.ProveStaffCard(pin=pin):
                self._prove_staff(pin, visit_id)
            case effects.TakePicture() | effects.UsePicture() | effects.ForgetPicture():
                self._with_camera(effect, visit_id)
            case _:
                self._show_effect(effect)

    def _with_devices(self, effect: object, visit_id: str) -> None:
        work = self._devices
        match effect:
            case effects.Print(kind=kind) if kind in PAPERS and kind not in self.config.documents:
                self._bridge.post(intents.PrintProgress(kind, PrintState("failed", "not-offered")), visit_id)
            case effects.Print(kind=kind) if work is None:
                self._bridge.post(intents.PrintProgress(kind, PrintState("failed", "printer-absent")), visit_id)
            case effects.Scan(target=target) | effects.KeepImage(target=target) if work is None:
                self._bridge.post(intents.ScanDone(target, code="scanner-absent"), visit_id)
            case effects.Print() if work is not None:
                work.print_paper(visit_id, effect)
            case effects.Scan(target=target) if work is not None:
                work.scan(visit_id, target)
            case effects.KeepImage(target=target, data=data) if work is not None:
                work.keep(visit_id, target, [data])
            case effects.LoadSheets(digests=digests) if work is not None:
                work.load_sheets(visit_id, digests)

    def _try(self, effect: effects.TryDevice | effects.PrintCase, visit_id: str) -> None:
        if isinstance(effect, effects.PrintCase):
            if self._devices is None:
                failed = intents.PrintProgress("case-receipt", PrintState("failed", "printer-absent"))
                self._bridge.post(failed, visit_id)
            else:
                self._devices.print_case(visit_id, effect.case)
        elif self._trials is None:
            self._bridge.post(intents.DeviceTried(DeviceTest(effect.device, "failed", "absent")), visit_id)
        else:
            self._trials.begin(effect.device, visit_id)

    def _with_usb(self, effect: object) -> None:
        if self._usb is None:
            from kiosk.usbwork import UsbWork

            self._usb = UsbWork(self.terminal, self._bridge, self.wake_sync, root=self._media_root)
        match effect:
            case effects.WatchUsb():
                self._usb.watch()
            case effects.RunUsb():
                self._usb.run()
            case effects.LeaveUsb():
                self._usb.leave()

    def _with_forms(self, effect: object, visit_id: str) -> None:
        work = self._devices
        if work is None:
            return  # the first half second: nobody is staff yet
        match effect:
            case effects.ScanPaper(by=by):
                work.scan_form(visit_id, by)
            case effects.ReadPaperCode(text=text):
                work.read_form_code(visit_id, text)
            case effects.ForgetPaper():
                work.forget_forms()

    def _prove_staff(self, pin: str, visit_id: str) -> None:
        if self._devices is None:
            self._bridge.post(intents.StaffRefusedNote("staff-card-reader-absent", 0), visit_id)
        else:
            self._devices.prove_staff(visit_id, pin, self._store.unlock_by_card)

    def _with_camera(self, effect: object, visit_id: str) -> None:
        work = self._devices
        match effect:
            case effects.TakePicture() if work is None:
                self._bridge.post(intents.PictureTaken(None, "scanner-absent"), visit_id)
            case effects.TakePicture() if work is not None:
                work.take_picture(visit_id)
            case effects.UsePicture() if work is not None:
                work.use_picture(visit_id, effect)
            case effects.ForgetPicture() if work is not None:
                work.forget_picture()

    def _show_effect(self, effect: object) -> None:
        match effect:
            case effects.Speak(text=text):
                self._say(text or self.shell.spoken())
            case effects.Silence():
                if self._speaker is not None:
                    self._speaker.stop()
            case effects.CallStaffNotice():
                self.shell.show_called()
            case effects.AskStaffCard(name=name):
                self.shell.ask_staff_card(name)
            case effects.RefuseStaff(message=message):
                self.shell.refuse_staff(message_text(message))
            case effects.CloseOverlay():
                self.shell.answered()
            case effects.RemindCard():
                self._remind_card()
            case effects.CardTaken():
                overlay = self.shell.overlay
                if isinstance(overlay, Dialog) and overlay.key == TAKE_CARD:
                    self.shell.answered()
            case effects.Wipe():
                self._wipe()

    def _say(self, text: str) -> None:
        if self._speaker is not None and text:
            self._speaker.say(text, self.machine.view().language)

    def _wipe(self) -> None:
        """Pages may hold what they drew: they are thrown away with the visit."""
        from kiosk.widgets.pinyin_engine import shared_engine

        self.shell.forget(self._context())
        self._draw()
        shared_engine().wipe()
        self._take_published()

    def _remind_card(self) -> None:
        title = QCoreApplication.translate("Kiosk", "请拿好身份证和打印的纸")
        done = ActionSpec(QCoreApplication.translate("Kiosk", "知道了"), "check")
        text = QCoreApplication.translate("Kiosk", "您的证还在感应区上。屏幕上的内容已经清掉了。")
        self.shell.ask(DialogSpec(key=TAKE_CARD, title=title, text=text, icon="id", actions=(done,)))
        self._say(title)


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The terminal's data directory.")
@click.option("--orientation", type=click.Choice(["portrait", "landscape"]), help="Instead of what kiosk.toml says.")
@click.option("--windowed", is_flag=True, help="A window instead of the full screen.")
def kiosk(data: Path, orientation: str | None, windowed: bool) -> None:
    """The terminal's window."""
    from kiosk.running import run_kiosk

    raise SystemExit(run_kiosk(data, orientation=orientation, windowed=windowed))

# SPDX-License-Identifier: Apache-2.0
"""A visit's process, put together: the port to the keeper, devices, the visit machine and the window.

Threads: this window's (never blocks), one that asks the keeper and one that hears it, one per device, one for
rendering papers and scans. Everything that is not needed for the first picture is loaded after it.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from kiosk.app.context import page_context
from kiosk.app.performer import Performer
from kiosk.app.sending import Sending
from kiosk.config import KioskConfig, Orientation
from kiosk.frame.state import NetState
from kiosk.i18n.language import Languages
from kiosk.station import Station
from kiosk.theme.tokens import Tokens
from kiosk.visit import effects, intents
from kiosk.visit.clock import MachineClock, VisitClock
from kiosk.visit.effects import Effect
from kiosk.visit.intents import Intent
from kiosk.visit.machine import VisitMachine
from kiosk.window.keyboard_wedge import WedgeFilter
from kiosk.window.page_factories import page_factories
from kiosk.window.shell import Shell
from kiosk.workers.bridge import Bridge, Posted
from kiosk.workers.keeper_news import keeper_news
from kiosk.workers.news import CameraNews, DeviceNews, OutboxNews, Published, StaffNames, SyncNews
from kiosk.workers.store_work import StoreWork
from offline.client.store import StoreClient
from offline.port.client import Client

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from devices.events import DeviceReleased
    from devices.manager import DeviceManager
    from devices.profile import DeviceProfile
    from offline.port.stage import Told

log = logging.getLogger(__name__)
TICK = 500  # milliseconds


class KioskApp(QObject):
    """Make it after the QApplication; `start` shows the window, `stop` ends every thread it began.

    `client` is the connection to the keeper and stays its owner's. `profile`: the devices; None, and each member None,
    means there is none. `take_devices`: all of them at once; else the process on stage hands them over one by one.
    """

    closed = Signal()
    """Somebody closed the window."""
    over = Signal(bool)
    """A visit that held something of somebody has ended and is wiped, in a process that is given one visit. True: a
    card still lies on the reader."""
    devices_known = Signal(object)
    """How all devices are: a tuple of plain values."""
    keeper_gone = Signal()
    """The keeper has ended: nothing can be kept any more. Emitted on the thread that heard it."""

    def __init__(
        self,
        client: Client,
        profile: DeviceProfile | None = None,
        config: KioskConfig | None = None,
        *,
        clock: VisitClock | None = None,
        take_devices: bool = True,
    ) -> None:
        super().__init__()
        self.client = client
        self._take_devices = take_devices
        self.config = config or KioskConfig()
        self._profile = profile
        self._languages = Languages()
        self._bridge = Bridge(self)
        self._bridge.arrived.connect(self._arrived)
        store = StoreClient(client, client.welcome.hash_key)
        self._store_client = store
        self._store = StoreWork(store, self._bridge)
        self._published: Published | None = None
        self.manager: DeviceManager | None = None
        self.released: Callable[[DeviceReleased], None] = lambda _event: None
        """Called on a device's thread when it has been released."""
        self.card_missed = False
        """A card was laid down after the visit, and this process did nothing with it."""
        self._held = self._over = False
        self._stopped = False
        station = self.station = Station.ask(client)
        self.machine = VisitMachine(
            station.catalogue,
            station.calendar,
            clock or MachineClock(),
            times=self.config.times,
            language=self.config.language,
            area=station.facts.area or station.catalogue.area_code,
        )
        self._languages.use(self.config.language)
        self.shell = Shell(page_context(self.station, self.config), page_factories(), use_language=self._languages.use)
        self.shell.intent.connect(self.take)
        self.shell.closed.connect(self.closed)
        self._performer = Performer(
            self._bridge,
            self._store,
            self.shell,
            wiped=self._wipe,
            documents=self.config.documents,
        )
        self._sending = Sending(self.shell, self._store, self.machine, lambda intent: self._handle(intent, None))
        self.on_intent: Callable[[Intent], None] = lambda _intent: None
        """For measuring: called with every intent before it is handled."""
        self._wedge: WedgeFilter | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    @property
    def net_state(self) -> NetState:
        """How sending stands, as it is shown."""
        return self._sending.shown

    # --- beginning and end ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Shows the attract screen; devices and speech begin right after the first picture."""
        self._build()
        self._show()
        self._listen(lambda _news: None)
        QTimer.singleShot(0, self.begin_workers)

    def prepare(self, heard: Callable[[Told], None], *, in_haste: bool = False) -> None:
        """Everything that `appear` then need not wait for; `in_haste`, with nobody on stage, only the first picture,
        and `begin_workers` comes after it. `heard` is called with what the keeper says of this process, on the thread
        that hears it."""
        self._build()
        self._listen(heard)
        if not in_haste:
            self.shell.grab()  # lays out and paints once, behind the stage
            self.begin_workers()

    def appear(self, *, broken: bool = False, card_lies: bool = False) -> None:
        """Shows what was prepared. `broken`: the screen before this one ended in the middle of something."""
        self._take_published()
        self._show()
        if broken:
            self._performer.say_broken()
        elif card_lies:
            self._performer.remind_card()

    def _build(self) -> None:
        self.shell.resize(*self.config.size)
        self._draw()

    def _show(self) -> None:
        if self.config.full_screen:
            self.shell.showFullScreen()
        else:
            self.shell.show()
        self._timer.start()
        self._watch_keys()

    def take_device(self, device: str, card_lies: bool) -> None:
        """It is free now. `card_lies`: on this reader, seen and done with."""
        if self.manager is not None:
            self.manager.take(device, card_lies=card_lies)

    def let_go_device(self, device: str) -> None:
        """When it has done what it was asked; the end comes as `released`."""
        manager, work = self.manager, self._performer.devices
        if manager is None or work is None:
            return
        if device in ("printer", "receipt-printer"):
            work.after_printouts(lambda: manager.let_go(device))
        else:
            manager.let_go(device)

    def _watch_keys(self) -> None:
        """A code scanner that types is distinguished from a person who does."""
        application = QCoreApplication.instance()
        scanner = self._profile.code_scanner if self._profile is not None else None
        if scanner is None or scanner.get("driver") != "wedge" or application is None:
            return
        self._wedge = WedgeFilter(self)
        self._wedge.code.connect(lambda text: self.take(intents.CodeSeen(text)))
        application.installEventFilter(self._wedge)

    def _listen(self, heard: Callable[[Told], None]) -> None:
        self.client.listen(keeper_news(self._bridge, self._store, heard), self.keeper_gone.emit)

    def begin_workers(self) -> None:
        """Devices and speech: 150 ms that a first picture need not wait. What is begun already stays."""
        if self._stopped or self.manager is not None:
            return
        from kiosk.workers.wiring import make_devices, make_speaker, make_trials

        performer = self._performer
        self.manager, performer.devices = make_devices(
            self._store_client, self.station, self._bridge, self._profile, lambda event: self.released(event)
        )
        performer.speaker = make_speaker(self.config, self.manager)
        performer.trials = make_trials(self.station, self._bridge, self.manager, performer.speaker)
        if self._take_devices:
            self.manager.start()
        self._store.staff_names()
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
            self._performer.carry_out(effect, asking)
        self._bridge.close()
        if self.manager is not None:
            self.manager.stop()
        self._performer.close()
        self.shell.close()

    def turn(self, orientation: Orientation) -> None:
        """Lays the window the other way; the visit goes on where it is."""
        self.config = dataclasses.replace(self.config, orientation=orientation)
        fresh = page_context(self.station, self.config)
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
        """A wish of the person in front of the window. Raises TypeError for anything else."""
        if not isinstance(intent, Intent):
            raise TypeError(f"no intent: {type(intent).__name__}")
        self.on_intent(intent)
        self._handle(intent, None)

    def _handle(self, intent: Intent, visit_id: str | None) -> None:
        if self._over:  # the next window is on its way
            self.card_missed = self.card_missed or isinstance(intent, intents.CardSeen)
            return
        asking = self.machine.visit.id
        found = self.machine.handle(intent, visit_id)
        self._held = self._held or self.machine.holds or isinstance(intent, intents.StaffUnlock)
        self._answer(found, asking)

    def _answer(self, found: Sequence[Effect], asking: str) -> None:
        """Draws first, so that the finger sees its answer; wiping draws by itself, and anew."""
        if not any(isinstance(effect, effects.Wipe) for effect in found):
            self._draw()
        for effect in found:
            self._performer.carry_out(effect, asking)

    def _draw(self) -> None:
        view = self.machine.view()
        self.shell.show_page(view.screen, view)
        if self.manager is not None:
            phase = view.capture.phase if view.capture is not None and view.screen == "camera" else ""
            self.manager.watch_camera(phase in ("watching", "taking"))

    @Slot()
    def _tick(self) -> None:
        if self._over:
            return
        self._sending.show()
        asking = self.machine.visit.id
        before = (self.machine.screen, self.machine.view().idle_left, self.machine.visit.message)
        found = self.machine.tick()
        if found or before != (self.machine.screen, self.machine.view().idle_left, self.machine.visit.message):
            self._answer(found, asking)

    # --- what workers say --------------------------------------------------------------------------------------

    @Slot(object)
    def _arrived(self, posted: Posted) -> None:
        message = posted.message
        match message:
            case StaffNames():
                self.shell.set_staff_names(message.names)
            case Published():
                self._published = message
                self._take_published()
            case SyncNews():
                self._sending.sync_is(message.state)
            case OutboxNews():
                self._sending.outbox_is(message.status)
            case CameraNews():
                self.shell.show_camera(message.view, message.code)
            case DeviceNews():
                self._devices_are(message.statuses)
            case _:
                self._handle(message, posted.visit_id)

    def _devices_are(self, statuses: Sequence[DeviceStatus]) -> None:
        self.devices_known.emit(tuple({**dataclasses.asdict(s), "state": str(s.state)} for s in statuses))
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
        self.station.catalogue, self.station.calendar = news.catalogue, news.calendar
        if news.catalogue.content_hash != self.shell.context.catalogue.content_hash:
            self.shell.set_context(dataclasses.replace(self.shell.context, catalogue=news.catalogue))
            self._draw()

    def _wipe(self) -> None:
        """Pages may hold what they drew: they are thrown away with the visit."""
        from kiosk.widgets.pinyin_engine import shared_engine

        self.shell.forget(page_context(self.station, self.config))
        self._draw()
        shared_engine().wipe()
        if self._held and not self._take_devices:
            self._over = True
            self.over.emit(self.machine.visit.card_present)
        self._held = False
        self._take_published()

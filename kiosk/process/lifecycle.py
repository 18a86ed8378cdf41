# SPDX-License-Identifier: Apache-2.0
"""A visit's process between spare and end: it takes the stage on the keeper's word, and gives it back after one visit.

After a visit that held something of somebody the devices are let go one by one, each when it has done what it was
asked; the window goes when the next one is painted, and the process when its last paper is out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot

from kiosk.process.heart import Heart
from offline.port.stage import (
    DeviceFree,
    DevicesAre,
    LeaveStage,
    OnStage,
    Ready,
    Released,
    Stop,
    TakeStage,
    Told,
    VisitOver,
    WindowClosed,
)

if TYPE_CHECKING:
    from devices.events import DeviceReleased
    from kiosk.app.app import KioskApp

log = logging.getLogger(__name__)
ALIVE = 200  # milliseconds between two signs of the window's thread
LINGER = 60_000  # milliseconds that papers may still be printed after the visit


class VisitLifecycle(QObject):
    """`quit_now` ends the process's event loop. `in_haste`: nobody has the stage, so the first picture comes first;
    `afterwards` is called when it is there."""

    _told = Signal(object)
    _released = Signal(object)

    def __init__(
        self,
        app: KioskApp,
        heart: Heart,
        quit_now: Callable[[], None],
        *,
        in_haste: bool = False,
        afterwards: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._app = app
        self._heart = heart
        self._quit = quit_now
        self._in_haste = in_haste
        self._afterwards = afterwards
        self._held: set[str] = set()
        self._free: list[tuple[str, bool]] = []
        self._over = False
        self._off_stage = False
        self._ending = False
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._released.connect(self._let_go, Qt.ConnectionType.QueuedConnection)
        app.over.connect(self._visit_over)
        app.devices_known.connect(self._devices_are)
        app.closed.connect(self._window_closed)
        app.keeper_gone.connect(self._keeper_gone, Qt.ConnectionType.QueuedConnection)
        app.released = self._released.emit
        self._alive = QTimer(self)
        self._alive.setInterval(ALIVE)
        self._alive.timeout.connect(heart.alive)

    def prepare(self) -> None:
        """Builds everything behind the stage, and says so."""
        self._alive.start()
        self._app.prepare(self._told.emit, in_haste=self._in_haste)
        self._heart.start()
        self._heart.say(Ready())

    @Slot(object)
    def _take(self, news: Told) -> None:
        match news:
            case TakeStage(after=after, card_lies=card_lies):
                self._app.appear(broken=after in ("crash", "hang"), card_lies=card_lies)
                self._when_painted()
            case DeviceFree(device=device, card_lies=card_lies):
                self._held.add(device)
                self._free.append((device, card_lies))
                self._take_free()
            case LeaveStage():
                self._off_stage = True
                self._app.shell.hide()
                self._end_if_done()
            case Stop():
                self.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The screen shows the window: it is painted in this very event."""
        if event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._on_stage)
        return super().eventFilter(watched, event)

    def _when_painted(self) -> None:
        """The first picture of this window is what the others wait for."""
        window = self._app.shell.windowHandle()
        if window.isExposed():
            QTimer.singleShot(0, self._on_stage)
        else:
            window.installEventFilter(self)

    def _on_stage(self) -> None:
        self._heart.say(OnStage())
        if self._in_haste:
            QTimer.singleShot(0, self._go_on)

    def _go_on(self) -> None:
        """What the first picture did not wait for."""
        self._app.begin_workers()
        self._take_free()
        self._afterwards()

    def _take_free(self) -> None:
        if self._app.manager is not None:
            free, self._free = self._free, []
            for device, card_lies in free:
                self._app.take_device(device, card_lies)

    @Slot(bool)
    def _visit_over(self, card_lies: bool) -> None:
        self._over = True
        self._heart.say(VisitOver(card_lies))
        for device in self._held:
            self._app.let_go_device(device)
        QTimer.singleShot(LINGER, self.end)
        self._end_if_done()

    @Slot(object)
    def _let_go(self, event: DeviceReleased) -> None:
        self._held.discard(event.device)
        if event.free:  # else only the end of this process frees it
            # A card that was reported when nobody was listening any more is new to the next process.
            self._heart.say(Released(event.device, event.card_lies and not self._app.card_missed))
        self._end_if_done()

    def _end_if_done(self) -> None:
        """All papers are out, and the next window stands where this one stood."""
        if self._over and self._off_stage and not self._held:
            self.end()

    @Slot()
    def _window_closed(self) -> None:
        if not self._ending:  # else we close it ourselves
            self._heart.say(WindowClosed())

    def end(self) -> None:
        """Ends the process in good order."""
        self._ending = True
        self._quit()

    @Slot(object)
    def _devices_are(self, devices: tuple[dict[str, str], ...]) -> None:
        self._heart.say(DevicesAre(devices))

    @Slot()
    def _keeper_gone(self) -> None:
        log.error("the keeper has gone; nothing can be kept, so this window ends")
        self.end()

# SPDX-License-Identifier: Apache-2.0
"""For staff: every device, how it is, what to do about it, and a button to try it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.device_words import ICONS, device_name, remedy_words, state_word, test_words, try_words
from kiosk.visit import intents
from kiosk.widgets.pager import PagedList
from kiosk.widgets.surfaces import Note
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from kiosk.visit.view import VisitView

from PySide6.QtWidgets import QVBoxLayout, QWidget


class DevicesPage(Page):
    """A tile for each device; touching it tries the device."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._view: VisitView | None = None
        self._statuses: tuple[DeviceStatus, ...] = ()
        self._seen: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        self._list = PagedList(self, most=8, columns=3 if context.orientation == "landscape" else 1)
        column.addWidget(self._list, 1)

    @property
    def wide(self) -> bool:
        return True

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        self._draw()

    def set_devices(self, statuses: tuple[DeviceStatus, ...]) -> None:
        self._statuses = statuses
        self._draw()

    def _draw(self) -> None:
        tests = dict(self._view.tests) if self._view is not None else {}
        state = (self._statuses, tuple(tests.items()))
        if state == self._seen:
            return
        self._seen = state
        index = self._list.index
        tiles: list[QWidget] = [self._tile(status) for status in self._statuses]
        if not tiles:
            tiles = [Note("info", self.tr("这台机器没有接设备。"), parent=self)]
        self._list.set_items(tiles)
        self._list.turn(index)

    def _tile(self, status: DeviceStatus) -> ChoiceTile:
        test = self._view.tests.get(status.device) if self._view is not None else None
        said = test_words(test) if test is not None else remedy_words(status) or try_words(status.device)
        kind = "done" if status.state.value in ("ready", "busy") else "waiting"
        tile = ChoiceTile(
            device_name(status.device), said, ICONS.get(status.device, ""), badge=state_word(status), badge_kind=kind
        )
        running = test is not None and test.state == "running"
        tile.setEnabled(bool(try_words(status.device)) and not running)
        tile.clicked.connect(lambda _=False, d=status.device: self.say(intents.TryDevice(d)))
        return tile

    def title(self) -> str:
        return self.tr("设备怎么样？")

    def subtitle(self) -> str:
        return self.tr("点一下就试一试，不会存下来。拔了再插会自己认出来，不用重启")

    def spoken(self) -> str:
        rows = (f"{device_name(s.device)}，{state_word(s)}。{remedy_words(s)}" for s in self._statuses)
        return f"{self.title()}。{''.join(rows)}"

    def primary(self) -> ActionSpec | None:
        return ActionSpec(self.tr("看好了"), "check", intent=intents.GoBack())

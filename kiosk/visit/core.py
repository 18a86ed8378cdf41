# SPDX-License-Identifier: Apache-2.0
"""What the phases of a visit share: the visit, the screen, the world outside, and the effects to come."""

from __future__ import annotations

from datetime import date

from contract.deadlines import WorkCalendar
from contract.items import Catalogue
from kiosk.visit import effects
from kiosk.visit.clock import VisitClock
from kiosk.visit.effects import Effect
from kiosk.visit.rules import Times
from kiosk.visit.screen import Screen
from kiosk.visit.view import Message, MessageKind
from kiosk.visit.visit import Visit


class Core:
    """The machine's state. Phases change it through these few methods."""

    def __init__(
        self, catalogue: Catalogue, calendar: WorkCalendar, clock: VisitClock, *, times: Times, language: str, area: str
    ) -> None:
        self.catalogue = catalogue
        self.calendar = calendar
        self.clock = clock
        self.times = times
        self.first_language = language
        self.language = language
        self.area = area
        self.elder = False
        self.elder_chosen = False
        self.online = False
        self.camera, self.scanner = False, True
        self.screen = Screen.ATTRACT
        self.visit = Visit()
        self.entered_at = clock.monotonic()
        self.touched_at = clock.monotonic()
        self.warned_at: float | None = None
        self._effects: list[Effect] = []

    @property
    def today(self) -> date:
        """The day it is here."""
        return self.clock.now().date()

    def do(self, *wanted: Effect) -> None:
        """Asks for effects."""
        self._effects += wanted

    def take_effects(self) -> tuple[Effect, ...]:
        """What was asked for since the last time."""
        taken, self._effects = tuple(self._effects), []
        return taken

    def go(self, screen: Screen) -> None:
        """Shows another screen; what was said on the last one is gone."""
        if screen != self.screen:
            self.do(effects.Silence())
            self.entered_at = self.clock.monotonic()
        self.screen = screen
        self.visit.message = None
        self.visit.shown = {}

    def say(self, code: str, kind: MessageKind = "waiting", **params: str) -> None:
        """Puts a message on the present screen."""
        self.visit.message = Message(code, params, kind)

    def end_visit(self, screen: Screen = Screen.ATTRACT) -> None:
        """Wipes everything and shows `screen` to the next person. The card may still lie there."""
        old = self.visit
        present = old.card_present
        old_id = old.id
        if old.capture is not None:
            self.do(effects.ForgetPicture())
        if old.usb is not None:
            self.do(effects.LeaveUsb())
        if old.paper is not None:
            self.do(effects.ForgetPaper())
        old.wipe()
        self.visit = Visit()
        self.visit.card_present = present
        self.warned_at = None
        self.elder = self.elder_chosen = False
        self.language = self.first_language
        self.go(screen)
        self.do(effects.Wipe(old_id), effects.CloseOverlay())
        if present and screen == Screen.ATTRACT:
            self.do(effects.RemindCard())

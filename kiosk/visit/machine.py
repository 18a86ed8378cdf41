# SPDX-License-Identifier: Apache-2.0
"""The visit's state machine: `handle` an intent, `tick` the clock, look at the `view`."""

from __future__ import annotations

from typing import assert_never

from contract.deadlines import WorkCalendar
from contract.items import Catalogue
from kiosk.visit import (
    assistance,
    camera,
    desk,
    effects,
    form,
    guide,
    idle,
    lookup,
    materials,
    people,
    routes,
    submission,
)
from kiosk.visit.clock import MachineClock, VisitClock
from kiosk.visit.core import Core
from kiosk.visit.effects import Effect
from kiosk.visit.intents import Answer, Intent
from kiosk.visit.presenter import show
from kiosk.visit.rules import Times
from kiosk.visit.screen import Screen
from kiosk.visit.screens import waits_for
from kiosk.visit.view import VisitView
from kiosk.visit.visit import Visit

IMPERSONAL = frozenset({Screen.ATTRACT, Screen.HOME, Screen.CHOOSE, Screen.GUIDE, Screen.NOTICE, Screen.CARD})
"""On these nothing of a person is shown or typed."""


class VisitMachine:
    """Not thread-safe; lives in the UI thread. Effects come back from `handle` and `tick`, to be carried out."""

    def __init__(
        self,
        catalogue: Catalogue,
        calendar: WorkCalendar,
        clock: VisitClock | None = None,
        *,
        times: Times | None = None,
        language: str = "zh",
        area: str = "",
    ) -> None:
        self._core = Core(
            catalogue, calendar, clock or MachineClock(), times=times or Times(), language=language, area=area
        )

    @property
    def screen(self) -> Screen:
        """What is shown."""
        return self._core.screen

    @property
    def visit(self) -> Visit:
        """The visit under way; a new object after each wipe."""
        return self._core.visit

    @property
    def holds(self) -> bool:
        """Whether something of somebody is in this visit, or may be on its screen: what is typed on a page is known
        only there. Such a visit ends with its process."""
        core = self._core
        return core.screen not in IMPERSONAL or core.visit.holds_somebody()

    def handle(self, intent: Intent, visit_id: str | None = None) -> tuple[Effect, ...]:
        """Takes what was said. Answers carry the id of the visit that asked; late ones are dropped."""
        core = self._core
        if visit_id is not None and visit_id != core.visit.id:
            return ()
        if isinstance(intent, Answer):
            if not waits_for(core.screen, intent):
                return ()
        else:
            core.touched_at = core.clock.monotonic()
            core.warned_at = None
        _to_its_room(core, intent)
        return core.take_effects()

    def tick(self, now: float | None = None) -> tuple[Effect, ...]:
        """To be called about once a second; `now` is the clock's monotonic time."""
        idle.tick(self._core, self._core.clock.monotonic() if now is None else now)
        return self._core.take_effects()

    def use_catalogue(self, catalogue: Catalogue, calendar: WorkCalendar) -> bool:
        """Takes a new catalogue between visits. False while somebody is here."""
        core = self._core
        if core.screen != Screen.ATTRACT:
            return False
        core.catalogue, core.calendar = catalogue, calendar
        return True

    def end(self) -> tuple[Effect, ...]:
        """The terminal shuts down: keep what may be kept, wipe."""
        if self._core.screen != Screen.SUBMITTING:
            submission.finish(self._core)
        return tuple(e for e in self._core.take_effects() if not isinstance(e, effects.RemindCard))

    def view(self) -> VisitView:
        """What to draw now."""
        return show(self._core)


def _to_its_room(core: Core, intent: Intent) -> None:
    """Each intent has its rule in one room; one that no room takes is an error of the type check."""
    if isinstance(intent, guide.GuideIntent):
        guide.handle(core, intent)
    elif isinstance(intent, people.PeopleIntent):
        people.handle(core, intent)
    elif isinstance(intent, form.FormIntent):
        form.handle(core, intent)
    elif isinstance(intent, materials.MaterialsIntent):
        materials.handle(core, intent)
    elif isinstance(intent, camera.CameraIntent):
        camera.handle(core, intent)
    elif isinstance(intent, submission.SubmissionIntent):
        submission.handle(core, intent)
    elif isinstance(intent, lookup.LookupIntent):
        lookup.handle(core, intent)
    elif isinstance(intent, assistance.AssistanceIntent):
        assistance.handle(core, intent)
    elif isinstance(intent, desk.DeskIntent):
        desk.handle(core, intent)
    elif isinstance(intent, routes.RoutesIntent):
        routes.handle(core, intent)
    else:
        assert_never(intent)

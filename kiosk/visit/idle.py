# SPDX-License-Identifier: Apache-2.0
"""Somebody walked away: warn, count down, then wipe; what was filled in is kept or not, as they chose."""

from __future__ import annotations

import math

from kiosk.visit import drafts, effects
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen


def idle_limit(core: Core) -> float:
    """Seconds; twice as long for those who need it, and while staff help."""
    slow = core.elder or core.visit.staff is not None
    return core.times.idle_slow if slow else core.times.idle


def seconds_left(core: Core) -> int | None:
    """What the countdown shows; None while there is none."""
    if core.warned_at is None:
        return None
    return max(0, math.ceil(core.warned_at + core.times.warning - core.clock.monotonic()))


def tick(core: Core, now: float) -> None:
    """Moves the idle clock, and tells who waits at the reader for long what else they can do."""
    at_work = core.visit.usb is not None and core.visit.usb.busy  # nobody walks away from a stick that must stay
    if core.screen in (Screen.ATTRACT, Screen.SUBMITTING) or at_work:
        core.touched_at, core.warned_at = now, None
        return
    if core.screen == Screen.CARD and core.visit.message is None and now - core.entered_at >= core.times.card_wait:
        core.say("card-wait", "info")
    if core.warned_at is None:
        if now - core.touched_at >= idle_limit(core):
            core.warned_at = now
    elif now - core.warned_at >= core.times.warning:
        expire(core)


def expire(core: Core) -> None:
    """The visit ends by itself."""
    if core.visit.has_work():
        if core.visit.keep_draft:
            drafts.keep(core)
        else:
            drafts.forget(core)
    core.do(effects.JournalNote("visit-abandoned", (("screen", core.screen.value),)))
    core.end_visit()

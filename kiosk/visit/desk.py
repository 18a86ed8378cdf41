# SPDX-License-Identifier: Apache-2.0
"""The staff's desk: a stick out and back, forms that came on paper. Nobody else gets there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from kiosk.visit import effects, intents
from kiosk.visit.carry_view import PaperState, UsbState
from kiosk.visit.core import Core

SCREENS = ("desk", "usb", "paper", "devices")


def open_desk(core: Core, _intent: intents.OpenDesk) -> None:
    """Only for staff, and back to where they were."""
    if core.visit.staff is None or core.screen in (*SCREENS, "submitting"):
        return
    core.visit.before_desk = core.screen
    core.go("desk")


def send_now(core: Core, _intent: intents.SendNow) -> None:
    """An exchange with the platform begins at once."""
    if core.visit.staff is not None and core.screen == "desk":
        core.do(effects.SendNow())


def open_usb(core: Core, _intent: intents.OpenUsb) -> None:
    """Looks for a stick from now on."""
    if core.visit.staff is not None and core.screen == "desk":
        core.visit.usb = UsbState()
        core.go("usb")
        core.do(effects.WatchUsb())


def start_usb(core: Core, _intent: intents.StartUsb) -> None:
    """Once; touching twice is one."""
    usb = core.visit.usb
    if core.screen == "usb" and core.visit.staff is not None and usb is not None and usb.may_start:
        core.visit.usb = dataclasses.replace(usb, phase="working", stage="taking", code="", result=None)
        core.do(effects.RunUsb())


def usb_news(core: Core, intent: intents.UsbNews) -> None:
    """How the stick stands."""
    if core.screen == "usb":
        core.visit.usb = intent.state


def open_paper(core: Core, _intent: intents.OpenPaper) -> None:
    """A pile of forms begins."""
    if core.visit.staff is not None and core.screen == "desk":
        core.visit.paper = PaperState()
        core.go("paper")


def scan_paper(core: Core, intent: intents.ScanPaper) -> None:
    """What lies in the scanner, or under the camera."""
    paper = core.visit.paper
    if core.screen == "paper" and core.visit.staff is not None and paper is not None and not paper.reading:
        core.visit.paper = dataclasses.replace(paper, reading=True, code="")
        core.do(effects.ScanPaper(intent.by))


def paper_news(core: Core, intent: intents.PaperNews) -> None:
    """What was on it."""
    if core.screen == "paper":
        core.visit.paper = intent.state


def code_on_paper(core: Core, text: str) -> None:
    """A code scanner read one of the form's codes."""
    core.do(effects.ReadPaperCode(text))


def leave(core: Core) -> None:
    """One step back: from a page of the desk to the desk, from the desk to where it was opened."""
    if core.screen == "usb":
        core.do(effects.LeaveUsb())
        core.visit.usb = None
    if core.screen == "paper":
        core.do(effects.ForgetPaper())
        core.visit.paper = None
    core.go("desk" if core.screen in ("usb", "paper") else core.visit.before_desk)


def leave_whole(core: Core) -> None:
    """Staff are gone: out of the desk, wherever in it they were."""
    if core.screen in SCREENS:
        if core.screen != "devices":
            leave(core)
        core.go(core.visit.before_desk)


HANDLERS: dict[type, Callable[[Core, Any], None]] = {
    intents.OpenDesk: open_desk,
    intents.SendNow: send_now,
    intents.OpenUsb: open_usb,
    intents.StartUsb: start_usb,
    intents.UsbNews: usb_news,
    intents.OpenPaper: open_paper,
    intents.ScanPaper: scan_paper,
    intents.PaperNews: paper_news,
}

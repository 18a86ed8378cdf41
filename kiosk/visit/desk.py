# SPDX-License-Identifier: Apache-2.0
"""The staff's desk: a stick out and back, forms that came on paper. Nobody else gets there."""

from __future__ import annotations

import dataclasses
from typing import assert_never

from kiosk.visit import effects, intents
from kiosk.visit.core import Core
from kiosk.visit.desk_view import PaperState, UsbState
from kiosk.visit.screen import Screen

DeskIntent = (
    intents.OpenDesk
    | intents.SendNow
    | intents.OpenUsb
    | intents.StartUsb
    | intents.UsbNews
    | intents.OpenPaper
    | intents.ScanPaper
    | intents.PaperNews
)


SCREENS = (Screen.DESK, Screen.USB, Screen.PAPER, Screen.DEVICES)


def open_desk(core: Core) -> None:
    """Only for staff, and back to where they were."""
    if core.visit.staff is None or core.screen in (*SCREENS, Screen.SUBMITTING):
        return
    core.visit.before_desk = core.screen
    core.go(Screen.DESK)


def send_now(core: Core) -> None:
    """An exchange with the platform begins at once."""
    if core.visit.staff is not None and core.screen == Screen.DESK:
        core.do(effects.SendNow())


def open_usb(core: Core) -> None:
    """Looks for a stick from now on."""
    if core.visit.staff is not None and core.screen == Screen.DESK:
        core.visit.usb = UsbState()
        core.go(Screen.USB)
        core.do(effects.WatchUsb())


def start_usb(core: Core) -> None:
    """Once; touching twice is one."""
    usb = core.visit.usb
    if core.screen == Screen.USB and core.visit.staff is not None and usb is not None and usb.may_start:
        core.visit.usb = dataclasses.replace(usb, phase="working", stage="taking", code="", result=None)
        core.do(effects.RunUsb())


def usb_news(core: Core, intent: intents.UsbNews) -> None:
    """How the stick stands."""
    core.visit.usb = intent.state


def open_paper(core: Core) -> None:
    """A pile of forms begins."""
    if core.visit.staff is not None and core.screen == Screen.DESK:
        core.visit.paper = PaperState()
        core.go(Screen.PAPER)


def scan_paper(core: Core, intent: intents.ScanPaper) -> None:
    """What lies in the scanner, or under the camera."""
    paper = core.visit.paper
    if core.screen == Screen.PAPER and core.visit.staff is not None and paper is not None and not paper.reading:
        core.visit.paper = dataclasses.replace(paper, reading=True, code="")
        core.do(effects.ScanPaper(intent.by))


def paper_news(core: Core, intent: intents.PaperNews) -> None:
    """What was on it."""
    core.visit.paper = intent.state


def code_on_paper(core: Core, text: str) -> None:
    """A code scanner read one of the form's codes."""
    core.do(effects.ReadPaperCode(text))


def leave(core: Core) -> None:
    """One step back: from a page of the desk to the desk, from the desk to where it was opened."""
    if core.screen == Screen.USB:
        core.do(effects.LeaveUsb())
        core.visit.usb = None
    if core.screen == Screen.PAPER:
        core.do(effects.ForgetPaper())
        core.visit.paper = None
    core.go(Screen.DESK if core.screen in (Screen.USB, Screen.PAPER) else core.visit.before_desk)


def leave_devices(core: Core) -> None:
    """Back from the devices to where they were opened."""
    core.go(core.visit.before_devices)


def leave_whole(core: Core) -> None:
    """Staff are gone: out of the desk, wherever in it they were."""
    if core.screen in SCREENS:
        if core.screen != Screen.DEVICES:
            leave(core)
        core.go(core.visit.before_desk)


def handle(core: Core, intent: DeskIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.OpenDesk():
            open_desk(core)
        case intents.SendNow():
            send_now(core)
        case intents.OpenUsb():
            open_usb(core)
        case intents.StartUsb():
            start_usb(core)
        case intents.UsbNews():
            usb_news(core, intent)
        case intents.OpenPaper():
            open_paper(core)
        case intents.ScanPaper():
            scan_paper(core, intent)
        case intents.PaperNews():
            paper_news(core, intent)
        case _:
            assert_never(intent)

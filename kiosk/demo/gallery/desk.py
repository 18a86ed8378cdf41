# SPDX-License-Identifier: Apache-2.0
"""The staff's desk in its states, with fictional counts and numbers: for the gallery."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.frame.state import NetState
from kiosk.visit.screen import Screen
from kiosk.visit.view import PaperForm, PaperState, StaffMember, UsbResult, UsbState, VisitView

if TYPE_CHECKING:
    from kiosk.demo.gallery.samples import GalleryState
    from kiosk.frame.page import PageContext

_WAITING = UsbState(records=12, attachments=35, size=8_400_000)
_FORMS = (
    PaperForm("a", "missing", 4, (2, 4)),
    PaperForm("b", "kept", 2, (), "004310000019", "old80", 2),
    PaperForm("c", "known", 1, (), "004310000027", "dibao"),
    PaperForm("d", "delivered", 1, (), "004310000035", "old-card"),
)


def _sending() -> dict[str, NetState]:
    left = NetState("down", 12, 35, bytes_left=8_400_000, problem="link-down")
    sending = replace(
        left, link="good", phase="sending", bytes_most=11_000_000, seconds_left=262, rate=31_400, problem=""
    )
    return {
        "sending": sending,
        "down": left,
        "down-empty": NetState("down", problem="link-down"),
        "portal": replace(left, problem="captive-portal"),
        "stopped": replace(left, problem="sync-silent"),
        "wrong-answer": replace(left, link="good", problem="answer-damaged"),
        "full": replace(left, problem="disk-full"),
        "done": NetState("good", last_contact="2026-11-23T09:32:00"),
        "held-back": NetState("good", 0, 35, bytes_left=7_900_000, held_back="budget"),
        "parked": replace(left, link="good", waiting=3, files=0, bytes_left=4_000, problem="overloaded", parked=2),
    }


def desk_states(context: PageContext) -> list[GalleryState]:
    """The desk, a stick in each of its moments, forms on paper."""
    from kiosk.demo.gallery.samples import GalleryState

    plain = VisitView(
        "g", Screen.DESK, elder=context.tokens.elder, language=context.language, staff=StaffMember("s1", "李明")
    )
    usb = replace(plain, screen=Screen.USB)
    stick = replace(_WAITING, label="移动盘", free=14_200_000_000)
    working = replace(stick, phase="working", stage="writing", done=3_100_000, total=8_400_000, seconds_left=95)
    done = UsbResult(records=12, attachments=35, delivered=8, events=3, published=True)
    carried = UsbResult(delivered=8, events=3, carried=5)
    trouble = UsbResult(records=12, attachments=9, left=26, refused=1, foreign=2)
    sticks = {
        "absent": replace(_WAITING, phase="absent"),
        "unreadable": replace(_WAITING, phase="unreadable"),
        "ready": replace(stick, phase="ready"),
        "nothing": UsbState("ready", label="移动盘", free=14_200_000_000),
        "working": working,
        "checking": replace(working, stage="checking", done=6_000_000, seconds_left=None),
        "done": replace(stick, phase="done", result=done),
        "trouble": replace(stick, phase="done", result=trouble),
        "gone": replace(_WAITING, phase="failed", code="medium-gone"),
        "locked": replace(stick, phase="failed", code="medium-read-only"),
    }
    paper = replace(plain, screen=Screen.PAPER, camera=True)
    away = _sending()["down"]
    return [
        *(GalleryState(f"23-desk-{name}", plain, net=state) for name, state in _sending().items()),
        *(GalleryState(f"24-usb-{name}", replace(usb, usb=state), net=away) for name, state in sticks.items()),
        GalleryState("24-usb-carried", replace(usb, usb=replace(stick, phase="done", result=carried))),
        GalleryState("25-paper", replace(paper, paper=PaperState())),
        GalleryState("25-paper-scanner-only", replace(paper, paper=PaperState(), camera=False)),
        GalleryState("25-paper-by-hand", replace(paper, paper=PaperState(), camera=False, scanner=False)),
        GalleryState("25-paper-reading", replace(paper, paper=PaperState(_FORMS[:1], reading=True))),
        GalleryState("25-paper-forms", replace(paper, paper=PaperState(_FORMS)), link="down"),
        GalleryState("25-paper-none", replace(paper, paper=PaperState(_FORMS[1:2], code="paper-no-code"))),
        GalleryState(
            "25-paper-refused",
            replace(paper, paper=PaperState((PaperForm("e", "refused", 2, code="carried-conflict"),))),
        ),
    ]

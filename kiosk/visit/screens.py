# SPDX-License-Identifier: Apache-2.0
"""One table of all screens: who draws each, its step, the way on, the way back, and which answers it waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.visit import camera, desk, form, guide, intents, lookup, materials, people, submission
from kiosk.visit.core import Core
from kiosk.visit.intents import Answer
from kiosk.visit.screen import Screen

STEP_COUNT = 6

Way = Screen | Callable[[Core], None]
"""To a screen, or by a rule that knows more."""


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """`page`: "module:class", loaded when first shown. `step` counts from 1; 0: no step bar. `on` is where 下一步
    leads, `back` where 返回 does; None: nowhere. `answers` are dropped on every screen that does not list them.
    """

    page: str
    step: int = 0
    on: Way | None = None
    back: Way | None = Screen.HOME
    answers: tuple[type[Answer], ...] = ()


SCREENS: Mapping[Screen, ScreenSpec] = {
    Screen.ATTRACT: ScreenSpec("kiosk.pages.attract:AttractPage", back=None),
    Screen.HOME: ScreenSpec("kiosk.pages.home:HomePage", back=guide.leave_home),
    Screen.CHOOSE: ScreenSpec("kiosk.pages.choose:ChoosePage"),
    Screen.GUIDE: ScreenSpec("kiosk.pages.guide:GuidePage", back=guide.leave_guide, answers=(intents.IntakeChecked,)),
    Screen.NOTICE: ScreenSpec("kiosk.pages.notice:NoticePage", 1, back=Screen.GUIDE),
    Screen.CARD: ScreenSpec("kiosk.pages.card:CardPage", 2, on=people.go_on_with_card, back=people.leave_card),
    Screen.NOCARD: ScreenSpec("kiosk.pages.nocard:NoCardPage", 2, back=Screen.CARD),
    Screen.APPLYFOR: ScreenSpec("kiosk.pages.applyfor:ApplyForPage", 2, back=Screen.GUIDE),
    Screen.AGENT: ScreenSpec("kiosk.pages.agent:AgentPage", 2, back=people.leave_agent),
    Screen.FORM: ScreenSpec("kiosk.forms.renderer:FormPage", 3, on=form.next_page, back=form.previous_page),
    Screen.MATERIALS: ScreenSpec(
        "kiosk.pages.materials:MaterialsPage", 4, on=materials.after_materials, back=materials.leave_materials
    ),
    Screen.CAMERA: ScreenSpec("kiosk.pages.camera:CameraPage", 4, back=camera.leave, answers=(intents.PictureTaken,)),
    Screen.CHECK: ScreenSpec("kiosk.pages.check:CheckPage", 5, on=submission.after_check, back=submission.leave_check),
    Screen.REVIEW: ScreenSpec("kiosk.pages.review:ReviewPage", 5, on=Screen.SIGN, back=Screen.CHECK),
    Screen.SIGN: ScreenSpec("kiosk.pages.sign:SignPage", 6, back=Screen.REVIEW),
    Screen.SUBMITTING: ScreenSpec(
        "kiosk.pages.submitting:SubmittingPage",
        6,
        back=None,
        answers=(intents.SubmitDone, intents.SubmitFailed),
    ),
    Screen.DONE: ScreenSpec("kiosk.pages.done:DonePage", on=submission.after_done, back=submission.finish),
    Screen.RATING: ScreenSpec("kiosk.pages.rating:RatingPage", back=submission.finish),
    Screen.TRACK: ScreenSpec("kiosk.pages.track:TrackPage", answers=(intents.CasesFound,)),
    Screen.CASE: ScreenSpec("kiosk.pages.case:CasePage", back=lookup.leave_case, answers=(intents.CasesFound,)),
    Screen.PRINT: ScreenSpec("kiosk.pages.print_page:PrintPage", back=guide.back_to_where_it_was),
    Screen.COMPLAINT: ScreenSpec(
        "kiosk.pages.complaint:ComplaintPage",
        back=guide.back_to_where_it_was,
        answers=(intents.OtherKept, intents.OtherFailed),
    ),
    Screen.DESK: ScreenSpec("kiosk.pages.desk.overview:DeskPage", back=desk.leave),
    Screen.USB: ScreenSpec("kiosk.pages.desk.stick:UsbPage", back=desk.leave, answers=(intents.UsbNews,)),
    Screen.PAPER: ScreenSpec("kiosk.pages.desk.paper_scan:PaperPage", back=desk.leave, answers=(intents.PaperNews,)),
    Screen.DEVICES: ScreenSpec("kiosk.pages.desk.devices:DevicesPage", back=desk.leave_devices),
}

EVERYWHERE: frozenset[type[Answer]] = frozenset(
    {
        *(intents.CardFailed, intents.CardGone, intents.CardForgotten, intents.StaffCardGone, intents.DevicesKnown),
        *(intents.StaffUnlocked, intents.StaffRefusedNote, intents.DraftFound, intents.DraftTrouble),
        *(intents.ScanDone, intents.SheetsLoaded, intents.PrintProgress, intents.DeviceTried, intents.NetworkChanged),
    }
)
"""Answers that count whatever is shown when they come."""


def waits_for(screen: Screen, answer: Answer) -> bool:
    """Whether `answer` means anything on `screen`; if not, the person has gone on, and it is late."""
    return type(answer) in EVERYWHERE or type(answer) in SCREENS[screen].answers

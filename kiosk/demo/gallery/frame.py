# SPDX-License-Identifier: Apache-2.0
"""The screens of the frame and of the pages before anybody is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.visit.screen import Screen
from kiosk.visit.view import DraftOffer, Message, StaffMember, VisitView

if TYPE_CHECKING:
    from kiosk.frame.page import PageContext
    from kiosk.window.shell import Shell
from kiosk.demo.gallery.samples import GalleryState


def shell_states(context: PageContext) -> list[GalleryState]:
    """The screens of the frame and of kiosk.pages."""
    from kiosk.demo.people import GRANDMOTHER

    item = context.catalogue.items["old80"]
    view = VisitView("g", Screen.HOME, elder=context.tokens.elder, language=context.language)
    stepped = replace(view, item=item, step=1, step_count=6)
    staff = StaffMember("s1", "李明")
    expired = replace(
        stepped,
        screen=Screen.CARD,
        identity=replace(GRANDMOTHER, valid_from="2006-01-01", valid_to="2026-01-01"),
        card_code="card-expired",
        message=Message("card-expired", kind="waiting"),
    )
    return [
        GalleryState("01-attract", replace(view, screen=Screen.ATTRACT)),
        GalleryState("01-broken", replace(view, screen=Screen.ATTRACT), _broke),
        GalleryState("01-take-card", replace(view, screen=Screen.ATTRACT), _take_card),
        GalleryState("02-home", view),
        GalleryState("03-choose-life", replace(view, screen=Screen.CHOOSE)),
        GalleryState("03-choose-items", replace(view, screen=Screen.CHOOSE), lambda s: _choose(s, "group")),
        GalleryState("03-choose-department", replace(view, screen=Screen.CHOOSE), lambda s: _choose(s, "department")),
        GalleryState("03-choose-pinyin", replace(view, screen=Screen.CHOOSE), lambda s: _choose(s, "pinyin")),
        GalleryState("04-guide", replace(view, screen=Screen.GUIDE, item=item)),
        GalleryState(
            "04-guide-materials", replace(view, screen=Screen.GUIDE, item=item), lambda s: _tab(s, "materials")
        ),
        GalleryState("04-guide-process", replace(view, screen=Screen.GUIDE, item=item), lambda s: _tab(s, "process")),
        GalleryState("04-guide-law", replace(view, screen=Screen.GUIDE, item=item), lambda s: _tab(s, "law")),
        GalleryState("05-notice", replace(stepped, screen=Screen.NOTICE)),
        GalleryState("06-card", replace(stepped, screen=Screen.CARD)),
        GalleryState(
            "06-card-unreadable",
            replace(stepped, screen=Screen.CARD, message=Message("card-unreadable", kind="waiting")),
        ),
        GalleryState("06-card-expired", expired),
        GalleryState("06-card-expired-staff", replace(expired, staff=staff)),
        GalleryState("06-card-expired-check", replace(expired, holder=expired.identity)),
        GalleryState("30-print", replace(view, screen=Screen.PRINT)),
        GalleryState("31-complaint", replace(view, screen=Screen.COMPLAINT), _type, link="weak"),
        GalleryState("40-idle", replace(view, idle_left=24), link="down"),
        GalleryState("41-leave", stepped, lambda s: _leave(s)),
        GalleryState("42-called", view, lambda s: s.show_called()),
        GalleryState("43-unlock", view, _unlock),
        GalleryState(
            "44-draft",
            replace(stepped, screen=Screen.HOME, draft_offer=DraftOffer("old80", item.plain_name, "2026-11-20")),
        ),
    ]


def _choose(shell: Shell, what: str) -> None:
    from kiosk.pages.choose import ChoosePage

    page = shell.page
    assert isinstance(page, ChoosePage)
    if what == "group":
        page.open_group("养老")
    else:
        page.look(what)
        if what == "pinyin":
            page.pad.letter.emit("B")


def _tab(shell: Shell, tab: str) -> None:
    from kiosk.pages.guide import GuidePage

    assert isinstance(shell.page, GuidePage)
    shell.page.look(tab)


def _type(shell: Shell) -> None:
    from kiosk.pages.complaint import ComplaintPage

    page = shell.page
    assert isinstance(page, ComplaintPage)
    page.field.setPlainText("大厅里的人很耐心，")
    page.field.moveCursor(page.field.textCursor().MoveOperation.End)
    for letter in "xiexie":
        page.keyboard.key(letter).click()


def _broke(shell: Shell) -> None:
    from kiosk.frame.questions import screen_broke

    shell.ask(screen_broke())


def _take_card(shell: Shell) -> None:
    from kiosk.frame.questions import take_card

    shell.ask(take_card())


def _leave(shell: Shell) -> None:
    from kiosk.frame.questions import leave_for_home

    assert shell.view is not None
    shell.ask(leave_for_home(shell.view))


def _unlock(shell: Shell) -> None:
    overlay = shell.ask_staff()
    overlay.name_buttons[0].click()
    for digit in "2580":
        overlay.keypad.button(digit).click()

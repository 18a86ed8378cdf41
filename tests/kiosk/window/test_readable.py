# SPDX-License-Identifier: Apache-2.0
"""On every screen, in every size, orientation and language: no word is cut, no target is small, all have names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QWidget

from contract.event_body import CorrectionAsk, EventBody
from kiosk.demo.gallery.render import all_states, show_state
from kiosk.demo.gallery.samples import GalleryState
from kiosk.demo.gallery.visit import sample_case
from kiosk.pages.asked_items import AskedItem
from kiosk.pages.case import CasePage
from kiosk.pages.guide import TABS, GuidePage
from kiosk.visit.event_bodies import Said
from kiosk.visit.view import VisitView
from kiosk.widgets.buttons import Button
from kiosk.widgets.surfaces import Note
from kiosk.window.shell import Shell
from tests.kiosk.window.conftest import MakeShell
from tests.kiosk.window.cut_text import find_cut_text

FORMS = [(o, e, lang) for o in ("portrait", "landscape") for e in (False, True) for lang in ("zh", "en")]


@pytest.fixture(params=FORMS, ids=lambda p: f"{p[0]}-{'elder' if p[1] else 'normal'}-{p[2]}")
def any_shell(request: pytest.FixtureRequest, make_shell: MakeShell) -> Shell:
    orientation, elder, language = request.param
    return make_shell(orientation, elder=elder, language=language)


def pictures(shell: Shell) -> list[GalleryState]:
    return all_states(shell.context)


def paint(widget: QWidget) -> None:
    """Let layouts settle, then paint."""
    QCoreApplication.processEvents()
    widget.grab()


def test_no_words_are_cut(any_shell: Shell) -> None:
    found = []
    for state in pictures(any_shell):
        show_state(any_shell, state)
        paint(any_shell)
        found += [f"{state.name}: {problem}" for problem in find_cut_text(any_shell)]
    assert found == [], "\n".join(found)


def test_targets_are_large_enough_and_named(any_shell: Shell) -> None:
    small, nameless = [], []
    least = any_shell.tokens.space(20) - 1
    for state in pictures(any_shell):
        show_state(any_shell, state)
        paint(any_shell)
        for button in any_shell.findChildren(Button):
            if not button.isVisibleTo(any_shell):
                continue
            if button.width() < least or button.height() < least:
                small.append(f"{state.name}: {button.accessibleName()} {button.width()}x{button.height()}")
            interface = QAccessible.queryAccessibleInterface(button)
            if not interface.text(QAccessible.Text.Name):
                nameless.append(f"{state.name}: {type(button).__name__}")
    assert small == []
    assert nameless == []


AWKWARD = (
    EventBody("请" * 300, (CorrectionAsk("bank_no", "错" * 200),), {"bank_no": "6" * 19}),
    EventBody(
        "x y " * 90,
        tuple(CorrectionAsk(subject, f"wrong here, {subject}. " * 12) for subject in ("reason", "members", "hukou")),
        {"reason": "家里没有人能干活。" * 55, "members": [{"name": "王秀英", "idno": "990123194203050022"}] * 9},
    ),
)


def test_no_correction_is_cut_and_none_stands_below_the_pager(any_shell: Shell) -> None:
    found = []
    events = ("received", "accepted", "processing", "message", "correction")
    case = sample_case("dibao", "最低生活保障审核确认", "004210001409", events)
    for body in AWKWARD:
        view = VisitView("v1", "case", case=case, said={5: Said(body)}, values_shown=True)
        any_shell.show_page("case", replace(view, elder=any_shell.tokens.elder, language=any_shell.context.language))
        paint(any_shell)
        page = any_shell.page
        assert isinstance(page, CasePage)
        for number in range(page.list.page_count):
            page.list.turn(number)
            paint(any_shell)
            found += [f"{number}: {problem}" for problem in find_cut_text(any_shell)]
            top = page.list.pager.geometry().top()
            found += [f"{number}: {w.geometry()}" for w in page.list.shown if top < w.geometry().bottom()]
        words = "".join(w.accessibleName() for w in page.list.findChildren(AskedItem))
        assert words.count("990123194203050022") == 9 * ("members" in body.values)
        assert page.list.geometry().bottom() <= page.height()
    assert found == [], "\n".join(found)


def test_no_long_remark_is_cut_or_left_out(any_shell: Shell) -> None:
    found = []
    case = sample_case("old80", "高龄津贴申领", "004210001375", ("received", "accepted", "processing", "finished"))
    remarks = {
        n: Said(EventBody(f"{n}" + "补贴从本月起发到您的存折上，每月二十号以后可以去取。" * 14)) for n in range(2, 5)
    }
    view = VisitView("v1", "case", case=case, said=remarks)
    any_shell.show_page("case", replace(view, elder=any_shell.tokens.elder, language=any_shell.context.language))
    paint(any_shell)
    page = any_shell.page
    assert isinstance(page, CasePage)
    said = ""
    for number in range(page.list.page_count):
        page.list.turn(number)
        paint(any_shell)
        found += [f"{number}: {problem}" for problem in find_cut_text(any_shell)]
        said += "".join(note.detail.text() for note in page.list.shown if isinstance(note, Note))
    assert found == [], "\n".join(found)
    assert all(remark.body.text in said for remark in remarks.values())


@pytest.mark.parametrize(("orientation", "elder"), [("portrait", True), ("landscape", False), ("landscape", True)])
def test_no_guide_of_any_item_is_cut(make_shell: MakeShell, orientation: str, elder: bool) -> None:
    shell = make_shell(orientation, elder=elder)
    found = []
    for item in shell.context.catalogue.items.values():
        shell.show_page("guide", VisitView("v1", "guide", item=item, elder=elder))
        page = shell.page
        assert isinstance(page, GuidePage)
        for tab in TABS:
            page.look(tab)
            for number in range(page.list.page_count):
                page.list.turn(number)
                page.grab()
                found += [f"{item.id} {tab} {number}: {problem}" for problem in find_cut_text(page)]
                for shown in page.list.shown:
                    if page.list.pager.isVisibleTo(page) and shown.geometry().intersects(page.list.pager.geometry()):
                        found.append(f"{item.id} {tab} {number}: covered by the pager")
    assert found == [], "\n".join(found)


def test_no_english_in_chinese(make_shell: MakeShell) -> None:
    shell = make_shell()
    allowed = {"English", "EN", "Language", "xiexie", "KB", "MB", "GB"}
    leaked = []
    for state in pictures(shell):
        show_state(shell, replace(state, view=replace(state.view, language="zh")))
        for label in [*shell.findChildren(QLabel), *shell.findChildren(Button)]:
            words = [w for w in label.text().split() if w.isascii() and w.isalpha() and len(w) > 1]
            leaked += [w for w in words if w not in allowed]
    assert leaked == []

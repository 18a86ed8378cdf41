# SPDX-License-Identifier: Apache-2.0
"""What one change of screen makes the program do: counts, which hold on every machine. The times are in bench/."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from contract.application import Value
from kiosk.demo.gallery.render import all_states, show_state
from kiosk.demo.gallery.samples import SIZES, sample_context
from kiosk.frame.frame import Frame
from kiosk.frame.page import Page, PageContext
from kiosk.theme.current import theme_of
from kiosk.visit.view import VisitView
from kiosk.widgets.buttons import Button
from kiosk.widgets.tiles import ChoiceTile
from kiosk.window.page_factories import page_factories
from kiosk.window.page_stock import PageStock
from kiosk.window.shell import REST, Shell
from tests.kiosk.window.conftest import MakeShell
from tests.offline.enrolled import Keys, terminal_at

HOME = VisitView("v1", "home")


def counting(made: Counter[str]) -> Mapping[str, Callable[[PageContext], Page]]:
    """The real makers, each counted when it is asked."""

    def counted(name: str, make: Callable[[PageContext], Page]) -> Callable[[PageContext], Page]:
        def build(context: PageContext) -> Page:
            made[name] += 1
            return make(context)

        return build

    return {name: counted(name, make) for name, make in page_factories().items()}


@pytest.fixture
def made() -> Counter[str]:
    return Counter()


@pytest.fixture
def counted_shell(qtbot: QtBot, made: Counter[str]) -> Iterator[Shell]:
    """A shell whose pages are counted as they are made."""
    shell = Shell(sample_context(), counting(made))
    qtbot.addWidget(shell)
    shell.resize(*SIZES["portrait"])
    shell.show()
    yield shell
    shell.close()


def stocked(qtbot: QtBot, shell: Shell) -> None:
    """Wait until nothing is left to be made ahead."""
    qtbot.waitUntil(lambda: shell.stock.complete, timeout=60_000)


def swept() -> None:
    """What was thrown away is gone."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_only_input_fields_carry_a_style_sheet(make_shell: MakeShell) -> None:
    """A sheet on a window is matched against every widget below it, each time one is made, moved or shown."""
    shell = make_shell()
    for state in all_states(shell.context):
        show_state(shell, state)
        carriers = [w for w in (shell, *shell.findChildren(QWidget)) if w.styleSheet()]
        assert all(isinstance(w, (QLineEdit, QPlainTextEdit)) for w in carriers), state.name


def test_pages_are_made_ahead_once_each_and_then_nothing_runs(
    qtbot: QtBot, counted_shell: Shell, made: Counter[str]
) -> None:
    counted_shell.show_page("attract", replace(HOME, screen="attract"))
    assert made == {"attract": 1}, "the first picture waits for no other page"
    stocked(qtbot, counted_shell)
    assert set(made) == set(page_factories())
    assert made.pop(REST) == 2, "one more stands ready for after the visit"
    assert set(made.values()) == {1}
    assert not counted_shell.stock.busy


def test_a_change_of_screen_makes_no_page_and_few_widgets(
    qtbot: QtBot, counted_shell: Shell, made: Counter[str]
) -> None:
    counted_shell.show_page("home", HOME)
    stocked(qtbot, counted_shell)
    before = Counter(made)
    for name in ("card", "applyfor", "rating", "complaint", "print"):
        widgets = {id(w) for w in counted_shell.findChildren(QWidget)}
        counted_shell.show_page(name, replace(HOME, screen=name))
        new = [w for w in counted_shell.findChildren(QWidget) if id(w) not in widgets]
        assert len(new) <= 4, f"{name}: the buttons of the action row, and no more"
    assert made == before


def test_the_list_of_choices_is_drawn_once_at_its_first_showing(qtbot: QtBot, counted_shell: Shell) -> None:
    counted_shell.show_page("home", HOME)
    stocked(qtbot, counted_shell)
    tiles = set(map(id, counted_shell.findChildren(ChoiceTile)))
    counted_shell.show_page("choose", replace(HOME, screen="choose"))
    swept()
    assert {id(tile) for tile in counted_shell.findChildren(ChoiceTile)} <= tiles


def test_what_is_made_ahead_has_the_size_and_words_of_its_context(qtbot: QtBot, make_shell: MakeShell) -> None:
    shell = make_shell()
    shell.show_page("home", HOME)
    shell.show_page("home", replace(HOME, elder=True))
    stocked(qtbot, shell)
    pages = shell.frame.stack.findChildren(Page)
    assert len(pages) == len(page_factories())
    assert all(page.tokens.elder for page in pages)
    for page in pages:
        assert all(theme_of(widget).elder for widget in page.findChildren(QWidget))


def test_a_page_in_stock_has_seen_no_visit(qtbot: QtBot, make_shell: MakeShell) -> None:
    """After a visit is forgotten nothing that was shown it is left: neither page, nor frame, nor a word of it."""
    shell = make_shell()
    shell.show_page("attract", replace(HOME, screen="attract"))
    stocked(qtbot, shell)
    item = shell.context.catalogue.items["old80"]
    secret = "王秀英的账号"
    filled = replace(HOME, item=item, values={"bank_no": Value(secret, "resident")}, step=5, step_count=6)
    seen: list[QWidget] = []
    for name in ("home", "review", "rating"):
        shell.show_page(name, replace(filled, screen=name))
        assert shell.page is not None
        seen.append(shell.page)
    frame = shell.frame
    gone: list[str] = []
    for page in seen:
        page.destroyed.connect(lambda _=None: gone.append("page"))
    frame.destroyed.connect(lambda _=None: gone.append("frame"))
    shell.forget(shell.context)
    shell.show_page("attract", replace(HOME, screen="attract", visit_id="v2"))
    swept()
    swept()
    assert sorted(gone) == ["frame", "page", "page", "page"]
    words = {text for w in shell.findChildren(QWidget) for text in (w.accessibleName(), getattr(w, "value", ""))}
    assert not any(secret in str(text) for text in words)


def test_after_a_visit_the_frame_made_ahead_is_shown(qtbot: QtBot, counted_shell: Shell, made: Counter[str]) -> None:
    between_visits = counted_shell.context
    counted_shell.show_page("attract", replace(HOME, screen="attract"))
    counted_shell.show_page("home", replace(HOME, elder=True))
    stocked(qtbot, counted_shell)
    before = Counter(made)
    counted_shell.forget(between_visits)
    counted_shell.show_page("attract", replace(HOME, screen="attract", visit_id="v2"))
    assert made == before
    assert not counted_shell.frame.tokens.elder
    swept()
    assert len(counted_shell.findChildren(Frame)) == 1
    stocked(qtbot, counted_shell)
    assert len(counted_shell.findChildren(Frame)) == 2, "the next one stands ready"


def test_a_frame_made_for_another_context_is_not_shown(qtbot: QtBot, make_shell: MakeShell) -> None:
    shell = make_shell()
    shell.show_page("attract", replace(HOME, screen="attract"))
    stocked(qtbot, shell)
    shell.forget(sample_context(contrast="high"))
    shell.show_page("attract", replace(HOME, screen="attract"))
    assert shell.frame.tokens.scale.contrast == "high"
    stocked(qtbot, shell)
    swept()
    assert {frame.tokens.scale.contrast for frame in shell.findChildren(Frame)} == {"high"}


def test_a_closed_window_makes_no_more_pages(counted_shell: Shell, made: Counter[str]) -> None:
    counted_shell.show_page("home", HOME)
    counted_shell.close()
    QTest.qWait(80)
    assert made == {"home": 1}
    assert not counted_shell.stock.busy


def test_an_unknown_screen_is_an_error(qtbot: QtBot) -> None:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    stock = PageStock(page_factories(), stack, lambda: None)
    stock.begin(sample_context(), stack, {})
    with pytest.raises(KeyError):
        stock.take("nowhere")


def test_a_button_shows_its_ring_to_the_tab_key_only(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, second, third = (Button(words, "", window) for words in ("甲", "乙", "丙"))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first.setFocus()
    QTest.keyClick(first, "\t")
    assert second.hasFocus()
    assert second.has_ring
    second.hide()
    assert third.hasFocus(), "Qt hands the focus on, with the reason of a Tab"
    assert not third.has_ring


FIRST_PICTURE = """
import sys
from pathlib import Path
from kiosk.command import main
main.get_command(None, "kiosk")
from PySide6.QtWidgets import QApplication
from kiosk.frame.page import PageContext
from kiosk.window.page_factories import page_factories
from kiosk.window.shell import Shell
from kiosk.theme.tokens import Scale, Tokens
from kiosk.visit.view import VisitView
from offline.terminal import Terminal
app = QApplication([])
with Terminal.open(Path(sys.argv[1])) as terminal:
    shell = Shell(PageContext(Tokens.of(Scale()), terminal.catalogue()), page_factories())
    shell.show_page("attract", VisitView("v", "attract"))
    shell.show()
    shell.grab()
    print(" ".join(sys.modules))
"""


def test_the_first_picture_waits_for_no_large_library_and_no_other_page(tmp_path: Path) -> None:
    """The modules there are once a terminal's store is open and its window drawn, in a process of its own."""
    with terminal_at(tmp_path, Keys.new()) as terminal:
        terminal.catalogue()
    command = [sys.executable, "-c", FIRST_PICTURE, str(tmp_path)]
    there = set(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.split())
    late = {"sqlite_utils", "numpy", "cv2", "fitz", "pypinyin", "jsonschema", "PIL", "celpy", "kiosk.workers.wiring"}
    assert late & there == set()
    pages = {name for name in there if name.startswith("kiosk.pages.")}
    assert pages == {"kiosk.pages.attract"}

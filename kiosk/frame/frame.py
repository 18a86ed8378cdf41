# SPDX-License-Identifier: Apache-2.0
"""Everything around a page, laid out for portrait or landscape: it is made anew when size or language change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from kiosk.frame import questions
from kiosk.frame.action_row import ActionRow
from kiosk.frame.bottom_bar import BottomBar
from kiosk.frame.help_panel import HelpPanel
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.frame.staff_banner import StaffBanner
from kiosk.frame.top_band import TopBand
from kiosk.i18n.messages import message_text
from kiosk.theme.stylesheet import clothe
from kiosk.widgets.step_bar import StepBar
from kiosk.widgets.surfaces import Note
from kiosk.widgets.text import Body, Title

if TYPE_CHECKING:
    from kiosk.visit.view import Message, VisitView


class PageStack(QStackedWidget):
    """Takes the room there is. Asking every page for its wishes at each switch would cost more than drawing one."""

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)


class Frame(QWidget):
    """Top band, title and steps, the stack of pages, actions, bottom bar; in landscape help at the right."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.context = context
        self.tokens = context.tokens
        self.setObjectName("Ground")
        clothe(self, context.tokens, ground=True)
        self._help_shown: QWidget | None = None
        self._message: Message | None = None
        self._message_note: Note | None = None
        self.band = TopBand(context, self)
        self.banner = StaffBanner(self)
        self.bar = BottomBar(context, self)
        self.action_row = ActionRow(self)
        self.steps = StepBar(self)
        self.steps.hide()
        self.title = Title("", self)
        self.subtitle = Body("", self)
        self.subtitle.set_colour("muted")
        self.stack = PageStack(self)
        self.stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._help_panel = HelpPanel(context, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.banner)
        column.addLayout(self._body(), 1)
        column.addWidget(self.bar)

    def _body(self) -> QVBoxLayout:
        t = self.tokens
        landscape = self.context.orientation == "landscape"
        body = QVBoxLayout()
        self._body_layout = body
        body.setSpacing(t.space(3))
        body.addWidget(self.steps)
        self._main = main = QVBoxLayout()
        main.setSpacing(t.space(2 if landscape else 3))
        main.addWidget(self.title)
        main.addWidget(self.subtitle)
        main.addWidget(self.stack, 1)
        main.addSpacing(t.space(1))
        main.addWidget(self.action_row)
        self._help_box = QWidget(self)
        self._help_column = QVBoxLayout(self._help_box)
        self._help_column.setContentsMargins(0, 0, 0, 0)
        self._help_column.addWidget(self._help_panel)
        if landscape:
            columns = QHBoxLayout()
            columns.setSpacing(t.margin)
            columns.addLayout(main, 2)
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            policy.setHorizontalStretch(1)
            self._help_box.setSizePolicy(policy)
            columns.addWidget(self._help_box, 1)
            body.addLayout(columns, 1)
        else:
            body.addLayout(main, 1)
            self._help_box.hide()
        return body

    def dress(self, page: Page, view: VisitView, back: Callable[[], None]) -> None:
        """Read title, steps, message, actions and help of `page` and show them around it."""
        t = self.tokens
        bare, landscape = page.bare, self.context.orientation == "landscape"
        side = 0 if bare else t.margin
        top = 0 if bare else t.space(5 if landscape else 8)
        self._body_layout.setContentsMargins(side, top, side, 0 if bare else t.space(4 if landscape else 6))
        self._say(self.title, "" if bare else page.title())
        self._say(self.subtitle, "" if bare else page.subtitle())
        item = self.context.text(view.item.name) if view.item is not None else ""
        self.steps.set_steps(view.step, 0 if bare else view.step_count, item)
        self._show_message(None if bare or page.shows_message else view.message)
        self.banner.set_member(view.staff)
        self.band.set_staff(view.staff is not None)
        self.bar.setVisible(not bare)
        self.action_row.set_actions(*((), None) if bare else _actions(page, back))
        if landscape:
            self._show_help(page, helped=view.staff is not None)

    @staticmethod
    def _say(label: Title | Body, words: str) -> None:
        if label.text() != words:
            label.setText(words)
        label.setVisible(bool(words))

    def _show_message(self, message: Message | None) -> None:
        if message == self._message:
            return
        self._message = message
        if self._message_note is not None:
            self._main.removeWidget(self._message_note)
            self._message_note.hide()
            self._message_note.deleteLater()
            self._message_note = None
        if message is not None:
            self._message_note = Note(message.kind, message_text(message), "", self)
            self._main.insertWidget(2, self._message_note)

    @property
    def message_words(self) -> str:
        """The message shown above the page, for reading aloud."""
        return self._message_note.head.text() if self._message_note is not None else ""

    def _show_help(self, page: Page, *, helped: bool) -> None:
        without = page.bare or page.wide
        widget = None if without else page.help_widget()
        self._help_box.setVisible(not without)
        if widget is not self._help_shown:
            if self._help_shown is not None:
                self._help_column.removeWidget(self._help_shown)
                self._help_shown.hide()
            if widget is not None:
                self._help_column.addWidget(widget)
                widget.show()
            self._help_shown = widget
        self._help_panel.setVisible(widget is None)
        if widget is None:
            self._help_panel.set_words(page.help_text(), helped=helped)


def _actions(page: Page, back: Callable[[], None]) -> tuple[tuple[ActionSpec, ...], ActionSpec | None]:
    primary, left = page.primary(), page.secondary()
    if primary is not None and not left:
        left = (questions.back_action(back),)
    return left, primary

# SPDX-License-Identifier: Apache-2.0
"""Overlays of our own: a card over a quiet ground. Nothing behind it can be touched while it is up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from kiosk.frame.page import ActionSpec
from kiosk.theme.current import theme_of
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.buttons import DANGER, PRIMARY, SECONDARY, Button
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body, Display, Title

translate = QCoreApplication.translate

LOOKS = {"primary": PRIMARY, "secondary": SECONDARY, "danger": DANGER}


@dataclass(frozen=True, slots=True)
class DialogSpec:
    """What an overlay says and offers. `countdown` is drawn in display size; `note` says what happens to the data.

    An action with neither intent nor run only closes. `keep_open` leaves the overlay up after an action.
    """

    key: str
    title: str
    text: str = ""
    icon: str = ""
    note: str = ""
    countdown: int | None = None
    actions: tuple[ActionSpec, ...] = ()


class Overlay(QWidget):
    """Covers its parent. `content` is the column of the card in the middle."""

    intent = Signal(object)
    closed = Signal(str)

    def __init__(self, parent: QWidget, key: str, *, width_mm: float = 300) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self.key = key
        self._width = t.space(width_mm)
        self.setObjectName("Overlay")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(t.margin, t.margin, t.margin, t.margin)
        outer.addStretch(2)
        self.card = Card(self, padding_mm=10)
        self.card.setMaximumWidth(self._width)
        self.content = self.card.column
        self.content.setSpacing(t.space(5))
        row = QVBoxLayout()
        row.addWidget(self.card)
        outer.addLayout(row)
        outer.addStretch(3)
        parent.installEventFilter(self)
        self._cover()

    def _cover(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        t = self.tokens
        self.setGeometry(parent.rect())
        layout = self.layout()
        if layout is not None:
            side = max(t.margin, (parent.width() - self._width) // 2)
            layout.setContentsMargins(side, t.margin, side, t.margin)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._cover()
        return False

    def open(self) -> None:
        """Show above everything, and keep the key focus inside."""
        self._cover()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_overlay(self) -> None:
        """Take it away."""
        self.hide()
        self.closed.emit(self.key)
        self.deleteLater()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = QColor(self.tokens.ink if self.tokens.scale.contrast == "normal" else "#000000")
        ground.setAlphaF(0.62 if self.tokens.scale.contrast == "normal" else 0.85)
        painter.fillRect(self.rect(), ground)
        painter.end()

    def add_icon(self, name: str, colour: str = "jade") -> None:
        """A large icon, centred."""
        size = round(self.tokens.icon * 2)
        picture = QLabel(self.card)
        picture.setPixmap(theme_icon(name, size, getattr(self.tokens, colour)))
        picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.content.addWidget(picture)

    def add_actions(self, actions: Sequence[ActionSpec], after: Callable[[], None] | None = None) -> list[Button]:
        """Full-width buttons under each other, the primary one first."""
        buttons = []
        for spec in actions:
            button = Button(
                spec.text, spec.icon, self.card, look=LOOKS[spec.kind], minimum="primary", icon_after=spec.icon_after
            )
            button.setEnabled(spec.enabled)
            button.clicked.connect(lambda _=False, s=spec: self._act(s, after))
            self.content.addWidget(button)
            buttons.append(button)
        return buttons

    def _act(self, spec: ActionSpec, after: Callable[[], None] | None) -> None:
        if after is None:
            self.close_overlay()
        else:
            after()
        if spec.run is not None:
            spec.run()
        if spec.intent is not None:
            self.intent.emit(spec.intent)


class Dialog(Overlay):
    """An overlay drawn from a DialogSpec; `count` updates the countdown without rebuilding."""

    def __init__(self, parent: QWidget, spec: DialogSpec) -> None:
        super().__init__(parent, spec.key)
        self.spec = spec
        if spec.icon and spec.countdown is None:
            self.add_icon(spec.icon)
        self.content.addWidget(Title(spec.title, self.card, centred=True))
        self._count = Display("", self.card)
        self._count.set_colour("jade")
        self._count.setVisible(spec.countdown is not None)
        self.content.addWidget(self._count)
        if spec.text:
            self.content.addWidget(Body(spec.text, self.card, centred=True))
        if spec.note:
            self.content.addWidget(Note("info", spec.note, "", self.card))
        self.content.addSpacing(self.tokens.space(2))
        self.buttons = self.add_actions(spec.actions)
        self.setAccessibleName(f"{spec.title} {spec.text}".strip())
        if spec.countdown is not None:
            self.count(spec.countdown)

    def count(self, seconds: int) -> None:
        """Show the seconds left."""
        words = translate("Dialog", "{seconds} 秒")
        self._count.setText(words.format(seconds=seconds))

# SPDX-License-Identifier: Apache-2.0
"""Staff unlock: who you are, and your number on a keypad. Shown over whatever the resident is doing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.frame.dialog import Overlay
from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import Button, PrimaryButton, SecondaryButton
from kiosk.widgets.keypad import Keypad
from kiosk.widgets.surfaces import Note
from kiosk.widgets.text import Secondary, Title

translate = QCoreApplication.translate

SHORTEST_PIN, LONGEST_PIN = 4, 8
NAMES_PER_ROW, MOST_NAMES = 3, 6


class PinDots(QWidget):
    """How many figures have been typed; never which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self.count = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.tokens.space(60), self.tokens.space(12))

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size, gap = t.space(5), t.space(4)
        shown = max(SHORTEST_PIN, self.count)
        left = (self.width() - shown * size - (shown - 1) * gap) / 2
        for index in range(shown):
            on = index < self.count
            painter.setPen(QPen(QColor(t.jade if on else t.muted), max(2, t.border)))
            painter.setBrush(QBrush(QColor(t.jade)) if on else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(left + index * (size + gap), (self.height() - size) / 2, size, size))
        painter.end()


class UnlockOverlay(Overlay):
    """`on_unlock(name, pin)` is called with what was entered; `refuse` says why it was not accepted."""

    def __init__(
        self,
        parent: QWidget,
        names: Sequence[str],
        on_unlock: Callable[[str, str], None],
        *,
        landscape: bool,
        by_card: bool = False,
    ) -> None:
        """`by_card`: one name, of the card that is in the reader; the card checks the number itself."""
        super().__init__(parent, "staff-unlock", width_mm=400 if landscape else 300)
        t = self.tokens
        self._on_unlock = on_unlock
        self._pin = ""
        self._name = names[0] if len(names) == 1 else ""
        self.setAccessibleName(translate("Unlock", "工作人员解锁"))
        left = QVBoxLayout()
        left.setSpacing(t.space(4))
        left.addWidget(Title(translate("Unlock", "工作人员解锁"), self.card))
        how = translate("Unlock", "点您的名字，再输数字密码。")
        if by_card:
            how = translate("Unlock", "已读到{name}的工作人员卡，请输卡的密码。").format(name=self._name)
        left.addWidget(Secondary(how, self.card))
        self.name_buttons: list[Button] = []
        per_row = 2 if landscape or t.elder else NAMES_PER_ROW
        left.addLayout(self._name_grid(() if by_card else names[:MOST_NAMES], per_row))
        if not names:
            left.addWidget(Note("waiting", translate("Unlock", "这台机器还没有登记工作人员。"), "", self.card))
        self._problem = Note("fault", "", "", self.card)
        self._problem.hide()
        left.addWidget(self._problem)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(t.space(4))
        self._dots = PinDots(self.card)
        right.addWidget(self._dots)
        self.keypad = Keypad(self.card)
        self.keypad.key.connect(self._digit)
        self.keypad.back.connect(lambda: self._set_pin(self._pin[:-1]))
        self.keypad.clear.connect(lambda: self._set_pin(""))
        right.addWidget(self.keypad)
        actions = self._actions(landscape)
        if landscape:
            columns = QHBoxLayout()
            columns.setSpacing(t.space(10))
            left.addLayout(actions)
            columns.addLayout(left, 1)
            columns.addLayout(right, 1)
            self.content.addLayout(columns)
        else:
            self.content.addLayout(left)
            self.content.addLayout(right)
            self.content.addLayout(actions)
        self._show()

    def _name_grid(self, names: Sequence[str], per_row: int) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(self.tokens.gap)
        for index, name in enumerate(names):
            button = SecondaryButton(name, "", self.card, checkable=True)
            button.setAutoExclusive(True)
            button.setChecked(name == self._name)
            button.clicked.connect(lambda _=False, n=name: self._choose(n))
            grid.addWidget(button, index // per_row, index % per_row)
            self.name_buttons.append(button)
        return grid

    def _actions(self, landscape: bool) -> QHBoxLayout:
        self.cancel_button = SecondaryButton(translate("Unlock", "不解锁"), "x", self.card, minimum="primary")
        self.cancel_button.clicked.connect(self.close_overlay)
        self.unlock_button = PrimaryButton(translate("Unlock", "解锁"), "lock-open", self.card)
        self.unlock_button.clicked.connect(self._unlock)
        actions = QHBoxLayout()
        actions.setSpacing(self.tokens.gap)
        actions.addWidget(self.cancel_button, 1)
        actions.addWidget(self.unlock_button, 1 if landscape else 2)
        return actions

    def refuse(self, words: str) -> None:
        """Say why it was refused; the number must be typed again."""
        self._problem.set_words(words)
        self._problem.show()
        self._set_pin("")

    def _choose(self, name: str) -> None:
        self._name = name
        self._show()

    def _digit(self, digit: str) -> None:
        if len(self._pin) < LONGEST_PIN:
            self._set_pin(self._pin + digit)

    def _set_pin(self, pin: str) -> None:
        self._pin = pin
        if pin:
            self._problem.hide()
        self._show()

    def _show(self) -> None:
        self._dots.count = len(self._pin)
        self._dots.update()
        typed = translate("Unlock", "已输入 {count} 位").format(count=len(self._pin))
        self._dots.setAccessibleName(typed)
        self.unlock_button.setEnabled(bool(self._name) and len(self._pin) >= SHORTEST_PIN)

    def _unlock(self) -> None:
        self._on_unlock(self._name, self._pin)

# SPDX-License-Identifier: Apache-2.0
"""What every editor is: it shows one value, changes it, and fits the room that is left for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from contract.fields import Field
from kiosk.frame.page import PageContext

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class Editor(QWidget):
    """One value being edited.

    Signals: `edited(object)` after every change with the value as it now is, half-typed too (None: nothing);
    `finished()` when the value is certainly whole, so that the next field may open by itself;
    `wish(object)` carries an intent that is no value (scan this); `refit()` when its height changed.
    """

    pad: ClassVar[str] = ""
    """What it is typed with: "" nothing, "keypad", or "keyboard"."""

    edited = Signal(object)
    finished = Signal()
    wish = Signal(object)
    refit = Signal()

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self.context = field, context
        self.tokens = context.tokens
        self.value: Any = None

    def set_value(self, data: Any) -> None:
        """Show `data`. Called at every change of the visit: must leave half-typed input alone that means `data`."""

    def set_view(self, view: VisitView) -> None:
        """The whole visit, for editors that show more than a value (pictures, scans under way)."""

    def box_height(self, width: int, room: int) -> int:
        """How tall a value box may be when `room` is more than the least."""
        t = self.tokens
        return t.primary + max(0, min(room - self.least(width), round(t.primary * 0.4)))

    def least(self, _width: int) -> int:
        """The smallest height that is still usable."""
        return self.tokens.primary

    def fit(self, width: int, _room: int) -> int:
        """Arrange for `width` in at most `room`; the height then needed."""
        return self.least(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit(self.width(), self.height())
        super().resizeEvent(event)

    @property
    def extra_key(self) -> str:
        """For the keypad: "X", "." or ""."""
        return ""

    def press(self, character: str) -> None:
        """A key of the keypad."""

    def step_back(self) -> None:
        """The keypad's one step back."""

    def clear_all(self) -> None:
        """The keypad's 清空."""

    def text_field(self) -> QLineEdit | QPlainTextEdit | None:
        """What the keyboard types into."""
        return None

    def keyboard_layer(self) -> str:
        """How the keyboard starts: pinyin, latin or signs."""
        return "pinyin"

    def hint(self) -> str:
        """What helps to fill it in; changes while typing."""
        return self.context.text(self.field.help)

    def local_problem(self) -> str:
        """A problem code that only the editor can see, or ""."""
        return ""

    def take(self, data: Any) -> None:
        """Remember and tell a changed value."""
        self.value = data
        self.edited.emit(data)

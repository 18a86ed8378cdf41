# SPDX-License-Identifier: Apache-2.0
"""Buttons: an icon and words that wrap. They paint themselves, because QPushButton cuts what does not fit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.painting import TextBlock, fit_text, rounded_box, text_width


@dataclass(frozen=True, slots=True)
class Look:
    """Colour tokens of a button at rest; `pressed` is its ground while touched."""

    fill: str
    text: str
    line: str | None
    pressed: str


PRIMARY = Look("jade", "on_jade", None, "jade_deep")
SECONDARY = Look("card", "ink", "line", "jade_wash")
DANGER = Look("vermilion", "on_vermilion", None, "ink")
QUIET = Look("paper", "ink", None, "jade_wash")


class Button(QAbstractButton):
    """A touch target with an icon and wrapping words.

    Promises: at least `key` (20 mm) high, the words never cut silently (`cut` tells when they had to be elided),
    the accessible name is the words. Takes the focus by Tab only, so that touching it leaves a text field's alone.
    """

    _walking: ClassVar[bool] = False

    def __init__(
        self,
        text: str,
        icon: str = "",
        parent: QWidget | None = None,
        *,
        look: Look = SECONDARY,
        bold: bool = True,
        size: str = "body",
        minimum: str = "key",
        icon_after: bool = False,
        checkable: bool = False,
    ) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self.look, self._bold, self._size, self._icon, self._icon_after = look, bold, size, icon, icon_after
        self.cut = False
        self._heights: dict[int, int] = {}
        self._ring = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(getattr(self.tokens, minimum))
        self.setMinimumWidth(self.tokens.key)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, text: str, icon: str | None = None) -> None:
        """Change what the button says."""
        if icon is not None:
            self._icon = icon
        self.setText(text)
        self.setAccessibleName(text)
        self._heights.clear()
        self.updateGeometry()
        self.update()

    def set_look(self, look: Look) -> None:
        """Change its colours."""
        self.look = look
        self.update()

    @property
    def _font_px(self) -> int:
        return int(getattr(self.tokens, self._size))

    @property
    def _icon_px(self) -> int:
        return round(self._font_px * 1.25) if self._icon else 0

    def _between(self) -> int:
        return self.tokens.space(3) if self._icon and self.text() else 0

    def _pad(self) -> int:
        return self.tokens.space(4 if self.text() else 2)

    def sizeHint(self) -> QSize:
        words = text_width(self.text(), self._font_px, bold=self._bold) if self.text() else 0
        width = words + self._icon_px + self._between() + 2 * self._pad()
        return QSize(max(width, self.minimumWidth()), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.minimumHeight())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        # Layouts ask for the same widths again and again; words are measured once.
        known = self._heights.get(width)
        if known is None:
            known = self._heights[width] = self.height_for(width)
        return max(known, self.minimumHeight())

    def height_for(self, width: int) -> int:
        """The height the words need at `width`; controls that paint otherwise override this."""
        room = width - 2 * self._pad() - self._icon_px - self._between()
        block = TextBlock(self.text(), self._font_px, room, bold=self._bold)
        return math.ceil(block.height) + 2 * self.tokens.space(2)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Qt calls this for a Tab key, but also, with the same reason, when a focused button is hidden or switched off.
        Button._walking = self.isVisible() and self.isEnabled()
        try:
            return super().focusNextPrevChild(forward)
        finally:
            Button._walking = False

    @property
    def has_ring(self) -> bool:
        """Whether it shows who walks by keys that it has the focus."""
        return self.hasFocus() and self._ring

    def focusInEvent(self, event: QFocusEvent) -> None:
        # A ring for those who walk by keys; none where the window merely handed the focus on.
        self._ring = Button._walking
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        self.update()
        super().changeEvent(event)

    def colours(self) -> tuple[str, str, str | None, float]:
        """Fill, text, border colour and border width in the present state."""
        t, look = self.tokens, self.look
        if not self.isEnabled():
            return t.paper, t.muted, t.line, t.border
        if self.isChecked():
            return t.jade_wash, t.ink, t.jade, max(t.border, t.space(0.75))
        fill = getattr(t, look.pressed if self.isDown() else look.fill)
        text = getattr(t, look.text)
        if self.isDown() and look is DANGER:
            text = t.card
        return fill, text, getattr(t, look.line) if look.line else None, t.border

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        fill, text_colour, line, line_width = self.colours()
        painter = QPainter(self)
        rounded_box(painter, QRectF(self.rect()), t.radius, fill, line, line_width)
        self.paint_content(painter, text_colour)
        if self.has_ring:
            ring = QRectF(self.rect()).adjusted(t.space(1), t.space(1), -t.space(1), -t.space(1))
            rounded_box(painter, ring, t.radius / 2, None, text_colour, max(1, t.border))
        painter.end()

    def paint_content(self, painter: QPainter, colour: str) -> None:
        """Icon and words, centred as one group."""
        icon_px, between = self._icon_px, self._between()
        room = self.width() - 2 * self._pad() - icon_px - between
        block, self.cut = fit_text(
            self.text(), self._font_px, room, self.height(), bold=self._bold, align=Qt.AlignmentFlag.AlignLeft
        )
        words = block.natural_width if self.text() else 0
        left = (self.width() - (words + icon_px + between)) / 2
        icon_left = left + words + between if self._icon_after else left
        text_left = left if self._icon_after else left + icon_px + between
        if self._icon:
            pixmap = theme_icon(self._icon, icon_px, colour)
            painter.drawPixmap(round(icon_left), round((self.height() - icon_px) / 2), pixmap)
        if self.text():
            block.draw(painter, text_left, (self.height() - block.height) / 2, colour)


class PrimaryButton(Button):
    """The one way on. Says what it does."""

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None, *, icon_after: bool = False) -> None:
        super().__init__(text, icon, parent, look=PRIMARY, minimum="primary", icon_after=icon_after)


class SecondaryButton(Button):
    """Another way on. `minimum="primary"` for the action row, the default key height elsewhere."""

    def __init__(
        self,
        text: str,
        icon: str = "",
        parent: QWidget | None = None,
        *,
        bold: bool = False,
        minimum: str = "key",
        icon_after: bool = False,
        checkable: bool = False,
    ) -> None:
        super().__init__(text, icon, parent, bold=bold, minimum=minimum, icon_after=icon_after, checkable=checkable)


class DangerButton(Button):
    """Ends or deletes something."""

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent, look=DANGER, minimum="primary")


class KeyButton(Button):
    """A key of a keypad or keyboard: one character or a short word, or an icon with an accessible name."""

    def __init__(
        self, text: str, icon: str = "", parent: QWidget | None = None, *, name: str = "", size: str = "title"
    ) -> None:
        super().__init__(text, icon, parent, bold=False, size=size)
        self.setAccessibleName(name or text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _pad(self) -> int:
        return self.tokens.space(1)

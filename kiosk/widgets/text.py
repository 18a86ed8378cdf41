# SPDX-License-Identifier: Apache-2.0
"""Words on a page: labels that wrap and grow, in the sizes of the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.theme.current import font, theme_of
from kiosk.widgets.painting import SHRINK


class Text(QLabel):
    """Plain words that wrap. `size` names a token: body, secondary, heading, title, display."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: str = "body",
        bold: bool = False,
        colour: str = "ink",
        centred: bool = False,
        wrap: bool = True,
    ) -> None:
        super().__init__(parent)
        self._colour = colour
        tokens = theme_of(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(getattr(tokens, size), bold=bold))
        self.setWordWrap(wrap)
        self.set_colour(colour)
        vertical = Qt.AlignmentFlag.AlignVCenter
        self.setAlignment((Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft) | vertical)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setText(text)

    def set_colour(self, token: str) -> None:
        """Use the colour of this token (ink, muted, jade, on_jade, vermilion, amber, green)."""
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(getattr(theme_of(self), token)))
        self.setPalette(palette)


class Title(Text):
    """The question a screen asks."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, centred: bool = False) -> None:
        super().__init__(text, parent, size="title", bold=True, centred=centred)


class Heading(Text):
    """The head of a card or section."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, centred: bool = False) -> None:
        super().__init__(text, parent, size="heading", bold=True, centred=centred)


class Body(Text):
    """Running words."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, bold: bool = False, centred: bool = False
    ) -> None:
        super().__init__(text, parent, size="body", bold=bold, centred=centred)


class Secondary(Text):
    """Quieter words: explanations, sources, dates."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, centred: bool = False) -> None:
        super().__init__(text, parent, size="secondary", colour="muted", centred=centred)


class Display(Text):
    """The one thing to be read from a step away: the tracking code, a countdown."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, centred: bool = True) -> None:
        super().__init__(text, parent, size="display", bold=True, centred=centred)


class OneLine(Text):
    """Words on one line that may shrink, and are elided only when even that is not enough (a long place name)."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, size: str = "body", bold: bool = False
    ) -> None:
        super().__init__(text, parent, size=size, bold=bold, wrap=False)
        self._px, self._bold = getattr(theme_of(parent), size), bold
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = self.font()
        for factor in SHRINK:
            shown.setPixelSize(round(self._px * factor))
            if QFontMetricsF(shown).horizontalAdvance(self.text()) <= self.width():
                break
        words = QFontMetricsF(shown).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter = QPainter(self)
        painter.setFont(shown)
        painter.drawText(self.rect(), self.alignment(), words)
        painter.end()

# SPDX-License-Identifier: Apache-2.0
"""A picture: scanned, shown small, scanned again when it came out badly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from contract.fields import Field
from kiosk.forms.editors.base import Editor
from kiosk.frame.page import PageContext
from kiosk.theme.icons import icon as theme_icon
from kiosk.visit import intents
from kiosk.widgets.buttons import PRIMARY, SECONDARY, Button, SecondaryButton
from kiosk.widgets.painting import TextBlock, rounded_box
from kiosk.widgets.text import Body

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class PictureFrame(QWidget):
    """A white frame with the picture, or what is missing in it."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = context.tokens
        self._pixmap = QPixmap()
        self._words, self._icon = "", "photo"

    def show_picture(self, jpeg: bytes, words: str, icon: str = "photo") -> None:
        """Show `jpeg`; where there is none, an icon and words."""
        self._pixmap = QPixmap()
        if jpeg:
            self._pixmap.loadFromData(jpeg)
        self._words, self._icon = words, icon
        self.setAccessibleName(words)
        self.update()

    @property
    def empty(self) -> bool:
        """Whether no picture can be seen."""
        return self._pixmap.isNull()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        rounded_box(painter, QRectF(self.rect()), t.radius, t.card, t.line, t.border)
        inner = self.rect().adjusted(t.space(3), t.space(3), -t.space(3), -t.space(3))
        if not self.empty:
            size = self._pixmap.size().scaled(inner.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left = inner.left() + (inner.width() - size.width()) // 2
            top = inner.top() + (inner.height() - size.height()) // 2
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRect(left, top, size.width(), size.height()), self._pixmap)
        else:
            block = TextBlock(self._words, t.secondary, inner.width(), align=Qt.AlignmentFlag.AlignHCenter)
            px = min(t.icon * 2, inner.height() - round(block.height) - t.space(2))
            above = inner.top() + (inner.height() - px - block.height - t.space(2)) / 2
            if px > t.space(4):
                pixmap = theme_icon(self._icon, px, t.muted)
                painter.drawPixmap(inner.left() + (inner.width() - px) // 2, round(above), pixmap)
            block.draw(painter, inner.left(), above + px + t.space(2), t.muted)
        painter.end()


class PictureEditor(Editor):
    """Type `image`. Scanning is wished for; the visit keeps the picture and sets the value."""

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.frame = PictureFrame(context, self)
        self.scan = Button(self.tr("扫一张"), "scan", self, look=PRIMARY, minimum="primary")
        self.scan.clicked.connect(self._wish)
        self._by_camera = False
        self.drop = SecondaryButton(self.tr("删掉这张"), "trash", self)
        self.drop.clicked.connect(lambda: self.take(None))
        self.steps = Body("", self)
        self._view: VisitView | None = None
        self._say(False, b"")

    def _wish(self) -> None:
        if self._by_camera:
            self.wish.emit(intents.OpenCamera(f"f:{self.field.id}"))
        else:
            self.wish.emit(intents.ScanImage(self.field.id))

    def set_value(self, data: Any) -> None:
        self.value = data

    def set_view(self, view: VisitView) -> None:
        self._view = view
        self._by_camera = view.camera
        digest = self.value.get("attachment", "") if isinstance(self.value, dict) else ""
        sheet = view.sheets.get(digest)
        busy = view.scanning in (self.field.id, f"f:{self.field.id}")
        self._say(busy, sheet.preview if sheet is not None else b"")

    def _say(self, busy: bool, preview: bytes) -> None:
        have = isinstance(self.value, dict)
        words = self.tr("正在扫描……") if busy else (self.tr("照片已经有了") if have else self.tr("还没有照片"))
        self.frame.show_picture(b"" if busy else preview, words, "scan" if busy else "photo")
        if self._by_camera:
            self.scan.set_words(self.tr("再拍一张") if have else self.tr("拍一张"), "camera")
            self.steps.setText(self.tr("点“拍一张”，把照片放到摄像头下面，放平，四个边都要照到。"))
        else:
            self.scan.set_words(self.tr("再扫一张") if have else self.tr("扫一张"), "scan")
            self.steps.setText(self.tr("把照片正面朝下，放在扫描仪的玻璃上，靠着角放平，盖上盖子，再点“扫一张”。"))
        self.scan.set_look(SECONDARY if have else PRIMARY)
        self.scan.setEnabled(not busy)
        self.drop.setVisible(have and not busy)

    def least(self, _width: int) -> int:
        t = self.tokens
        return max(t.primary + t.gap + t.key, t.space(70))

    def fit(self, width: int, room: int) -> int:
        t = self.tokens
        media = self.field.media
        ratio = media.width / media.height if media is not None else 0.8
        height = max(self.least(width), min(room, t.space(110)))
        wide = min(round((height - t.space(6)) * ratio) + t.space(6), width // 2)
        self.frame.setGeometry(0, 0, wide, height)
        left = wide + t.gap * 2
        rest = width - left
        top = 0
        steps = self.steps.heightForWidth(rest)
        buttons = t.primary + t.gap + t.key
        self.steps.setVisible(steps + t.gap + buttons <= height)
        if self.steps.isVisibleTo(self):
            self.steps.setGeometry(left, 0, rest, steps)
            top = steps + t.gap
        self.scan.setGeometry(left, top, rest, t.primary)
        self.drop.setGeometry(left, top + t.primary + t.gap, rest, t.key)
        return height

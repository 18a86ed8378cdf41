# SPDX-License-Identifier: Apache-2.0
"""The pages scanned for a material, small, each with a way to throw it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.forms.editors.picture import PictureFrame
from kiosk.frame.page import PageContext
from kiosk.widgets.buttons import SecondaryButton
from kiosk.widgets.pager import Pager

if TYPE_CHECKING:
    from kiosk.visit.view import ScannedSheet


class ThumbStrip(QWidget):
    """`dropped(digest)` asks to throw a page away. Hidden where there is none and no scan runs."""

    dropped = Signal(str)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.tokens = context, context.tokens
        self._frames: list[tuple[PictureFrame, SecondaryButton | None]] = []
        self.pager = Pager(self)
        self.pager.turned.connect(self._turn)
        self.index = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def _tall(self) -> int:
        t = self.tokens
        picture = t.space(40 if self.context.orientation == "landscape" else 64)
        return picture + t.space(2) + t.key

    def sizeHint(self) -> QSize:
        foot = self.pager.sizeHint().height() + self.tokens.space(2) if not self.pager.isHidden() else 0
        return QSize(self.tokens.space(100), self._tall() + foot)

    def show_sheets(self, digests: Sequence[str], sheets: Mapping[str, ScannedSheet], busy: bool) -> None:
        """Show these pages, and whether one is being scanned."""
        for frame, button in self._frames:
            for old in (frame, button):
                if old is not None:
                    old.hide()
                    old.deleteLater()
        self._frames = []
        for number, digest in enumerate(digests):
            frame = PictureFrame(self.context, self)
            sheet = sheets.get(digest)
            frame.show_picture(
                sheet.preview if sheet is not None else b"", self.tr("第 {n} 页").format(n=number + 1), "file-text"
            )
            button = SecondaryButton(self.tr("删掉"), "trash", self)
            button.setAccessibleName(self.tr("删掉第 {n} 页").format(n=number + 1))
            button.clicked.connect(lambda _=False, d=digest: self.dropped.emit(d))
            self._frames.append((frame, button))
        if busy:
            frame = PictureFrame(self.context, self)
            frame.show_picture(b"", self.tr("正在扫描……"), "scan")
            self._frames.append((frame, None))
            self.index = len(self._frames)
        self.setVisible(bool(self._frames))
        self._arrange()

    def _turn(self, index: int) -> None:
        self.index = index
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        t = self.tokens
        picture, wide = self._tall() - t.key - t.space(2), t.space(50)
        per_page = max(1, (self.width() + t.gap) // (wide + t.gap))
        pages = max(1, -(-len(self._frames) // per_page))
        self.index = max(0, min(self.index, pages - 1))
        for number, (frame, button) in enumerate(self._frames):
            here = number // per_page == self.index
            left = number % per_page * (wide + t.gap)
            frame.setVisible(here)
            frame.setGeometry(left, 0, wide, picture)
            if button is not None:
                button.setVisible(here)
                button.setGeometry(left, picture + t.space(2), wide, t.key)
        was = self.pager.isHidden()
        self.pager.set_pages(self.index, pages)
        self.pager.setGeometry(0, self._tall() + t.space(2), self.width(), self.pager.sizeHint().height())
        if was != self.pager.isHidden():
            self.updateGeometry()

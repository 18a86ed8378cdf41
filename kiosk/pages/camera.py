# SPDX-License-Identifier: Apache-2.0
"""The document camera: lay the paper right, take the picture, look at it, put its corners right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.camera_words import camera_fault, camera_words
from kiosk.visit import intents
from kiosk.widgets.camera_picture import CameraPicture
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body

if TYPE_CHECKING:
    from devices.base import CameraView
    from kiosk.visit.view import Capture, VisitView


class CameraPage(Page):
    """While it watches, `show_camera` draws each frame; what was taken stays, with handles at its corners."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._capture: Capture | None = None
        self._hint = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4))
        self.picture = CameraPicture(self.tr("摄像头正在打开……"), self)
        self.fine = Note("done", "", parent=self)
        self.trouble = Note("waiting", "", parent=self)
        self._seen = False
        column.addWidget(self.picture, 1)
        self._side: QWidget | None = None
        beside = column
        if context.orientation == "landscape":  # what is said stands beside the picture, which needs the height
            self._side = QWidget(self)
            beside = QVBoxLayout(self._side)
            beside.setContentsMargins(0, 0, 0, 0)
            beside.setSpacing(t.space(4))
        beside.addWidget(self.fine)
        beside.addWidget(self.trouble)
        if self._side is not None:
            card = Card(self._side)
            card.column.addWidget(Body(self.help_text(), card))
            beside.addWidget(card)
            beside.addStretch(1)

    # --- what the shell asks ----------------------------------------------------------------------------------

    def show_state(self, visit: VisitView) -> None:
        before, self._capture = self._capture, visit.capture
        now = self._capture
        if now is None or (before is not None and before.still is now.still and before.phase == now.phase):
            return
        if now.still is not None and (before is None or before.still is not now.still):
            still = now.still
            self.picture.show_picture(still.jpeg, still.corners, sure=still.sure, editable=True)
            self._say(camera_words(still, taken=True), good=still.sure and not still.reasons)
        elif now.still is None and (before is None or before.still is not None):
            self._seen = False
            self.picture.show_picture(b"", (), sure=False, editable=False)
            self.picture.say(self.tr("摄像头正在打开……"))
            self._say(self.tr("把纸放平，放在摄像头正下方。"), good=True)

    def show_camera(self, view: CameraView | None, code: str) -> None:
        """A frame of the preview, or why there is none."""
        if self._capture is None or self._capture.phase != "watching":
            return
        if self._seen != (view is not None):
            self._seen = view is not None
            self.changed.emit()
        if view is None:
            self.picture.show_picture(b"", (), sure=False, editable=False)
            self.picture.say(self.tr("没有画面"))
            self._say(camera_fault(code), good=False)
            return
        seen = "no-page" not in view.reasons
        self.picture.show_picture(view.jpeg, view.corners if seen else (), sure=view.sure, editable=False)
        self._say(camera_words(view), good=view.sure and not view.reasons)

    def title(self) -> str:
        if self._looking_back():
            return self.tr("四个角对不对？")
        return self.tr("把材料放到摄像头下面")

    def subtitle(self) -> str:
        if self._looking_back():
            return self.tr("不对就用手指把圆点拖到纸角上")
        return self.tr("放平，四个边都要照到")

    def spoken(self) -> str:
        return f"{self.title()}。{self.subtitle()}。{self._hint}"

    def help_text(self) -> str:
        return self.tr("机器会自己找到纸边，裁正，再变清楚。拍得不好可以重拍，原件不会留下。")

    def help_widget(self) -> QWidget | None:
        return self._side

    def primary(self) -> ActionSpec | None:
        phase = self._capture.phase if self._capture is not None else "watching"
        if phase == "corners":
            return ActionSpec(self.tr("用这张"), "check", run=self._use)
        if phase == "keeping":
            return ActionSpec(self.tr("正在存……"), "hourglass", enabled=False)
        words = self.tr("正在拍，别动……") if phase == "taking" else self.tr("拍照")
        return ActionSpec(words, "camera", enabled=phase == "watching" and self._seen, intent=intents.TakePicture())

    def secondary(self) -> tuple[ActionSpec, ...]:
        if self._capture is None or self._capture.phase != "corners":
            return ()
        return (ActionSpec(self.tr("重拍"), "refresh", intent=intents.TakeAgain(), kind="secondary"),)

    # --- inside -----------------------------------------------------------------------------------------------

    def _looking_back(self) -> bool:
        return self._capture is not None and self._capture.phase in ("corners", "keeping")

    def _use(self) -> None:
        self.say(intents.UsePicture(self.picture.corners))

    def _say(self, words: str, *, good: bool) -> None:
        if words == self._hint:
            return
        self._hint = words
        note, other = (self.fine, self.trouble) if good else (self.trouble, self.fine)
        note.set_words(words)
        other.hide()
        note.show()
        note.updateGeometry()
        if self._side is not None and (column := self._side.layout()) is not None:
            column.activate()

# SPDX-License-Identifier: Apache-2.0
"""The materials an item asks for, and how each is given: read, scanned, from a certificate, later, not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from contract.items import Material
from kiosk.forms.material_words import answer_icon, answer_words
from kiosk.forms.thumbs import ThumbStrip
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.pager import PagedList
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class MaterialsPage(Page):
    """A list of materials; touching one opens its ways. 以后补交 is always among them: nobody is sent home."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._view: VisitView | None = None
        self._open = ""
        self._seen: object = None
        self._stack = QStackedLayout(self)
        self._list = PagedList(self, stretch_mm=10)
        self._detail = QWidget(self)
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.space(4))
        self._thumbs = ThumbStrip(context, self._detail)
        self._thumbs.dropped.connect(lambda digest: self.say(intents.DropScan(self._open, digest)))
        self._ways = PagedList(self._detail, stretch_mm=8, columns=2 if context.orientation == "landscape" else 1)
        column.addWidget(self._thumbs)
        column.addWidget(self._ways, 1)
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._detail)

    # --- what the shell asks ----------------------------------------------------------------------------------

    def show_state(self, visit: VisitView) -> None:
        if visit.visit_id != (self._view.visit_id if self._view is not None else ""):
            self._open = ""
        self._view = visit
        self._draw()

    def title(self) -> str:
        if self._open:
            return self.context.text(self._material(self._open).name)
        return self.tr("材料怎么交？")

    def subtitle(self) -> str:
        return "" if self._open else self.tr("没带也不要紧，可以以后补交")

    def spoken(self) -> str:
        if self._open or self._view is None or self._view.item is None:
            return f"{self.title()}。{self.tr('请选一种交法。')}"
        parts = [self.title()]
        for material in self._view.item.materials:
            words = answer_words(material, self._view.materials.get(material.id))
            parts.append(f"{self.context.text(material.name)}，{words}")
        return "。".join(parts)

    def help_text(self) -> str:
        return self.tr("扫描的时候，把纸放平，一次一页。原件扫完就还给您，机器不留纸。")

    def primary(self) -> ActionSpec | None:
        if self._open:
            return ActionSpec(self.tr("选好了"), "check", run=self._close)
        return ActionSpec(self.tr("下一步"), "arrow-right", intent=intents.NextPage(), icon_after=True)

    def go_back(self) -> bool:
        if not self._open:
            return False
        self._close()
        return True

    def open_material(self, material_id: str) -> None:
        """Show the ways to give one material."""
        self._open = material_id
        self._draw()
        self.changed.emit()

    # --- inside -----------------------------------------------------------------------------------------------

    def _material(self, material_id: str) -> Material:
        assert self._view is not None
        assert self._view.item is not None
        return self._view.item.material(material_id)

    def _close(self) -> None:
        self._open = ""
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        view = self._view
        if view is None or view.item is None:
            return
        state = (
            *(self._open, view.visit_id, view.materials, view.problems, view.scanning, view.sheets, view.online),
            *(view.camera, view.scanner),
        )
        if state == self._seen:
            return
        self._seen = state
        if self._open:
            self._draw_ways(view)
            self._stack.setCurrentWidget(self._detail)
        else:
            index = self._list.index
            self._list.set_items([self._tile(view, m) for m in view.item.materials])
            self._list.turn(index)
            self._stack.setCurrentWidget(self._list)

    def _tile(self, view: VisitView, material: Material) -> ChoiceTile:
        answer = view.materials.get(material.id)
        wrong = f"materials.{material.id}" in view.problems
        if answer is None:
            badge = self.tr("要选") if material.required else self.tr("看情况")
        else:
            badge = "" if answer.how == "later" else self.tr("好了")
        kind = "waiting" if answer is None and (material.required or wrong) else "plain" if answer is None else "done"
        tile = ChoiceTile(
            self.context.text(material.name),
            answer_words(material, answer),
            answer_icon(answer),
            badge=badge,
            badge_kind=kind,
        )
        tile.clicked.connect(lambda _=False, m=material.id: self.open_material(m))
        return tile

    def _draw_ways(self, view: VisitView) -> None:
        material = self._material(self._open)
        answer = view.materials.get(material.id)
        how = answer.how if answer is not None else ""
        busy = view.scanning == f"m:{material.id}" or view.scanning == material.id
        self._thumbs.show_sheets(answer.attachments if answer is not None else (), view.sheets, busy)
        ways = []
        for name, icon, words, detail, possible in self._possible(view, material, how, busy):
            tile = ChoiceTile(words, detail, icon, mark="radio", checkable=True)
            tile.setChecked(how == name or (how == "scanned" and name == "camera" and not view.scanner))
            tile.setEnabled(possible)
            tile.clicked.connect(lambda _=False, n=name: self._choose(n))
            ways.append(tile)
        self._ways.set_items(ways)

    def _possible(
        self, view: VisitView, material: Material, how: str, busy: bool
    ) -> list[tuple[str, str, str, str, bool]]:
        """Ways as (name, icon, words, explanation, possible now)."""
        again = how == "scanned"
        ways: list[tuple[str, str, str, str, bool]] = []
        if view.camera:
            take = self.tr("再拍一页") if again else self.tr("现在拍照")
            ways.append(("camera", "camera", take, self.tr("放在摄像头下面，机器自己裁正"), not busy))
        if view.scanner or not view.camera:
            scan = self.tr("再扫一页") if again else self.tr("现在扫描")
            ways.append(("scanned", "scan", scan, self.tr("正面朝下放在玻璃上，盖好盖子再点这里"), not busy))
        if material.id == "idcard" and view.identity is not None and view.identity.assurance == "card":
            ways.insert(0, ("shown", "id", self.tr("已经读过身份证"), self.tr("不用再交"), True))
        elif material.form == "O" and view.staff is not None:
            ways.insert(0, ("shown", "user-check", self.tr("工作人员看过原件"), self.tr("看完就还"), True))
        if material.ecert == "gen":
            ways.insert(0, ("generated", "printer", self.tr("机器打印"), self.tr("填好的内容打出来，您签字"), True))
        if material.ecert in ("have", "part"):
            yes = self.tr("点这里就是同意办事部门查您的这份电子证照")
            no = self.tr("现在网络不通，取不了电子证照")
            ways.append(("certificate", "certificate", self.tr("用电子证照"), yes if view.online else no, view.online))
        ways.append(("later", "clock", self.tr("以后补交"), self.tr("今天先登记，以后送来或者再来扫"), True))
        if not material.required:
            ways.append(("not-needed", "minus", self.tr("不需要"), self.tr("没有这份材料，或者用不上"), True))
        return ways

    def _choose(self, how: str) -> None:
        self._seen = None
        if how == "camera":
            self.say(intents.OpenCamera(f"m:{self._open}"))
            return
        if how == "scanned":
            self.say(intents.ScanMaterial(self._open))
            self._draw()
            return
        material, self._open = self._open, ""
        self.say(intents.AnswerMaterial(material, how))
        self._draw()
        self.changed.emit()

# SPDX-License-Identifier: Apache-2.0
"""Before the review: what is still missing, each line leading to where it is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from contract.checking import Problem
from contract.errors import ContractError
from kiosk.forms.material_words import answer_words
from kiosk.forms.problem_text import problem_text
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.pager import PagedList
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body, Heading
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class CheckPage(Page):
    """A list of what to put right, or the good news that all is there and what is to be brought later."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view: VisitView | None = None
        self._seen: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, self.tokens.space(1), 0, 0)
        self._column.setSpacing(self.tokens.space(4))
        self._content: QWidget | None = None

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        state = (visit.visit_id, visit.checks, visit.materials, visit.eligible, visit.message)
        if state == self._seen:
            return
        self._seen = state
        if self._content is not None:
            self._column.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self._content = self._missing(visit) if visit.checks else self._complete(visit)
        self._column.addWidget(self._content, 1)

    def title(self) -> str:
        if self._view is not None and self._view.checks:
            return self.tr("还差 {count} 处").format(count=len(_by_target(self._view.checks)))
        return self.tr("都齐了")

    def subtitle(self) -> str:
        if self._view is not None and self._view.checks:
            return self.tr("点一下就到那里，填完自动回来")
        if self._view is not None and self._view.message is not None and self.context.orientation == "landscape":
            return ""  # the message needs the room
        return self.tr("再从头看一遍，就可以签名了")

    def spoken(self) -> str:
        if self._view is None or not self._view.checks:
            return f"{self.title()}。{self.subtitle()}"
        names = "，".join(self._name(p) for p in _by_target(self._view.checks).values())
        return f"{self.title()}：{names}。{self.subtitle()}"

    def help_text(self) -> str:
        return self.tr("交之前机器先帮您看一遍，免得来回跑。只看办事指南上列的，不多要一样。")

    def primary(self) -> ActionSpec | None:
        if self._view is not None and self._view.checks:
            first = intents.EditField(_target(self._view.checks[0].field))
            return ActionSpec(self.tr("去补第一处"), "arrow-right", intent=first, icon_after=True)
        return ActionSpec(self.tr("从头看一遍"), "arrow-right", intent=intents.NextPage(), icon_after=True)

    # --- inside -----------------------------------------------------------------------------------------------

    def _name(self, problem: Problem) -> str:
        view, target = self._view, _target(problem.field)
        assert view is not None
        assert view.item is not None
        fixed = {"agent": self.tr("代办人"), "card": self.tr("身份证"), "consent": self.tr("同意书")}
        try:
            if target == "materials":
                return self.context.text(view.item.material(problem.field.split(".", 1)[1]).name)
            return self.context.text(view.item.field(target).label)
        except (ContractError, IndexError):
            return fixed.get(target, self.tr("其他"))

    def _sentence(self, problem: Problem) -> str:
        view, target = self._view, _target(problem.field)
        assert view is not None
        assert view.item is not None
        if target == "materials" and problem.code == "required":
            return self.tr("还没有选怎么交，没带可以选“以后补交”。")
        field = next((f for f in view.item.fields if f.id == target), None)
        return problem_text(problem, field if "." not in problem.field and "[" not in problem.field else None)

    def _missing(self, visit: VisitView) -> QWidget:
        tiles = []
        for target, problem in _by_target(visit.checks).items():
            icon = "files" if target.startswith("materials") else "id" if target == "card" else "pencil"
            tile = ChoiceTile(self._name(problem), self._sentence(problem), icon)
            where = intents.EditField(_target(problem.field))
            tile.clicked.connect(lambda _=False, i=where: self.say(i))
            tiles.append(tile)
        paged = PagedList(self, stretch_mm=8)
        paged.set_items(tiles)
        return paged

    def _complete(self, visit: VisitView) -> QWidget:
        t = self.tokens
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.space(4))
        if visit.message is None:  # large type has no room for two, and the title says it too
            column.addWidget(Note("done", self.tr("该填的都填了，该选的都选了。"), "", box))
        if visit.item is not None and visit.item.materials:
            column.addWidget(self._materials_card(visit, box))
        if visit.eligible is False and visit.item is not None:
            words = self.tr("这件事一般是给这样的人办的：{who}。您仍然可以交，由部门审核。")
            condition = self.context.text(visit.item.conditions)
            column.addWidget(Note("info", words.format(who=condition), "", box))
        if self.context.orientation == "portrait":
            column.addWidget(Illustration("done", box), 1)
        else:
            column.addStretch(1)
        return box

    def _materials_card(self, visit: VisitView, box: QWidget) -> QWidget:
        assert visit.item is not None
        card = Card(box)
        answers = visit.materials
        later = [m for m in visit.item.materials if (a := answers.get(m.id)) is not None and a.how == "later"]
        here = [
            m
            for m in visit.item.materials
            if (a := answers.get(m.id)) is not None and a.how not in ("later", "not-needed")
        ]
        if later:
            card.column.addWidget(Heading(self.tr("以后要补交的"), card))
            names = self.tr("、").join(self.context.text(m.name) for m in later)
            card.column.addWidget(Body(names, card))
        if here:
            card.column.addWidget(Heading(self.tr("已经有的"), card))
            words = [f"{self.context.text(m.name)}（{answer_words(m, answers.get(m.id))}）" for m in here]
            card.column.addWidget(Body(self.tr("、").join(words), card))
        if not later and not here:
            card.column.addWidget(Body(self.tr("没有要交的材料。"), card))
        return card


def _target(path: str) -> str:
    """The field, or "materials"/"agent"/..., that a path is about."""
    return path.split("[", 1)[0].split(".", 1)[0]


def _by_target(checks: tuple[Problem, ...]) -> dict[str, Problem]:
    """One problem for each thing to touch; each material is a thing of its own."""
    found: dict[str, Problem] = {}
    for problem in checks:
        target = _target(problem.field)
        found.setdefault(problem.field if target == "materials" else target, problem)
    return found

# SPDX-License-Identifier: Apache-2.0
"""Choices as large rows or tiles: an icon, what it is, a line of explanation, a badge."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.buttons import PRIMARY, SECONDARY, Button, Look
from kiosk.widgets.painting import TextBlock, fit_text, rounded_box, text_width

BADGE_GROUND = {"info": "jade_wash", "waiting": "amber_wash", "done": "green_wash", "plain": "paper"}


class ChoiceTile(Button):
    """A full-width row to choose from. `mark` draws a tick box or radio instead of the chevron.

    The accessible name is title, explanation and badge in one sentence.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        icon: str = "",
        parent: QWidget | None = None,
        *,
        badge: str = "",
        badge_kind: str = "info",
        mark: str = "chevron",
        checkable: bool = False,
    ) -> None:
        super().__init__(title, icon, parent, checkable=checkable)
        self._detail, self._badge, self._badge_kind, self._mark = detail, badge, badge_kind, mark
        self.setAccessibleName("，".join(part for part in (title, detail, badge) if part))

    @property
    def _icon_px(self) -> int:
        return round(self.tokens.icon * 1.3) if self._icon else 0

    def _geometry(self, width: int) -> tuple[float, float, float]:
        """Left edge of the words, their width, and the width of the badge's column."""
        t = self.tokens
        left = t.space(6) + (self._icon_px + t.space(6) if self._icon else 0)
        mark = t.space(8) if self._mark != "none" else 0
        badge = text_width(self._badge, t.secondary) + 2 * t.space(3) + t.space(6) if self._badge else 0
        # A long badge goes under the title where it would squeeze the words.
        if badge and width - left - t.space(6) - mark - badge < text_width(self.text(), t.heading, bold=True):
            badge = 0
        return left, max(1.0, width - left - t.space(6) - mark - badge), badge

    def _blocks(self, width: int, height: float = math.inf) -> tuple[TextBlock, TextBlock | None, float, float]:
        t = self.tokens
        left, room, badge = self._geometry(width)
        title = TextBlock(self.text(), t.heading, room, bold=True)
        detail = TextBlock(self._detail, t.secondary, room) if self._detail else None
        below = self._badge_height() + t.space(1) if self._badge and not badge else 0
        if height < math.inf and title.height + (detail.height if detail else 0) + below > height + 1:
            title, cut = fit_text(self.text(), t.heading, room, height - below, bold=True)
            self.cut = cut
            rest = height - below - title.height
            detail, cut = fit_text(self._detail, t.secondary, room, rest) if self._detail else (None, False)
            self.cut = self.cut or cut
        else:
            self.cut = False
        return title, detail, left, below

    def _badge_height(self) -> int:
        return round(self.tokens.secondary * 1.45) + 2 * self.tokens.space(1)

    def sizeHint(self) -> QSize:
        return QSize(self.tokens.space(60), self.heightForWidth(self.tokens.space(200)))

    def height_for(self, width: int) -> int:
        title, detail, _, below = self._blocks(width)
        words = title.height + (detail.height if detail else 0) + below
        return max(self.tokens.primary, math.ceil(words) + 2 * self.tokens.space(2.5))

    def paint_content(self, painter: QPainter, colour: str) -> None:
        t = self.tokens
        accent = t.jade if self.isEnabled() else t.muted
        title, detail, left, below = self._blocks(self.width(), self.height())
        if self._icon:
            pixmap = theme_icon(self._icon, self._icon_px, accent)
            painter.drawPixmap(t.space(6), (self.height() - self._icon_px) // 2, pixmap)
        top = (self.height() - title.height - (detail.height if detail else 0) - below) / 2
        title.draw(painter, left, top, colour)
        top += title.height
        if detail:
            detail.draw(painter, left, top, t.muted)
            top += detail.height
        self._paint_mark(painter, accent)
        if self._badge:
            self._paint_badge(painter, left if below else None, top + t.space(1))

    def _paint_mark(self, painter: QPainter, colour: str) -> None:
        t = self.tokens
        name = {"chevron": "chevron-right", "none": ""}.get(self._mark, "")
        px = round(t.icon * 0.85)
        x, y = self.width() - t.space(5) - px, (self.height() - px) // 2
        if name:
            painter.drawPixmap(x, y, theme_icon(name, px, colour))
        elif self._mark in ("tick", "radio"):
            radius = px / 2 if self._mark == "radio" else t.radius / 2
            box = QRectF(x, y, px, px)
            on = self.isChecked()
            rounded_box(painter, box, radius, t.jade if on else t.card, t.jade if on else t.muted, max(2, t.border))
            if on:
                inner = round(px * 0.76)
                pixmap = theme_icon("check", inner, t.on_jade)
                painter.drawPixmap(round(x + (px - inner) / 2), round(y + (px - inner) / 2), pixmap)

    def _paint_badge(self, painter: QPainter, left: float | None, top: float) -> None:
        t = self.tokens
        width = text_width(self._badge, t.secondary) + 2 * t.space(3)
        height = self._badge_height()
        if left is None:
            mark = t.space(8) if self._mark != "none" else 0
            left, top = self.width() - t.space(6) - mark - width - t.space(2), (self.height() - height) / 2
        ground = getattr(t, BADGE_GROUND[self._badge_kind])
        line = t.line if t.scale.contrast == "high" else None
        rounded_box(painter, QRectF(left, top, width, height), t.radius * 0.6, ground, line, 1)
        block = TextBlock(self._badge, t.secondary, width)
        block.draw(painter, left + t.space(3), top + (height - block.height) / 2, t.ink)


class BigTile(Button):
    """A tile of the home screen: icon above (or beside, when `broad`), title, explanation."""

    def __init__(
        self,
        title: str,
        detail: str,
        icon: str,
        parent: QWidget | None = None,
        *,
        emphatic: bool = False,
        broad: bool = False,
    ) -> None:
        super().__init__(title, icon, parent, look=PRIMARY if emphatic else SECONDARY)
        self._detail, self._emphatic, self._broad = detail, emphatic, broad
        self.setAccessibleName(f"{title}，{detail}")
        policy = self.sizePolicy()
        policy.setVerticalPolicy(policy.Policy.Expanding)
        policy.setHeightForWidth(False)
        self.setSizePolicy(policy)
        self.setMinimumHeight(self.tokens.primary)

    @property
    def _icon_px(self) -> int:
        return round(self.tokens.icon * (2.6 if self._emphatic else 1.8))

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        t = self.tokens
        return QSize(t.space(60), t.space(40))

    def look_tokens(self) -> Look:
        """Its colours, for tests of contrast."""
        return self.look

    def paint_content(self, painter: QPainter, colour: str) -> None:
        t = self.tokens
        pad = t.space(7)
        accent = colour if self._emphatic else t.jade
        quiet = colour if self._emphatic else t.muted
        icon_px = self._icon_px
        beside = self._broad or self.height() < icon_px + t.title * 1.5 + t.secondary * 3 + 2 * pad
        if beside and not self._broad:
            icon_px = round(t.icon * 1.4)
        size = round(t.title * 1.25) if self._emphatic and self.height() > t.space(40) else t.title
        left = pad + (icon_px + t.space(7) if beside else 0)
        room = self.width() - left - pad
        height = self.height() - 2 * t.space(3) - (0 if beside else icon_px + t.space(4))
        title, cut = fit_text(self.text(), size, room, height, bold=True)
        small = t.body if self._emphatic or (self.height() > t.space(60) and not t.elder) else t.secondary
        detail, cut_detail = fit_text(self._detail, small, room, height - title.height)
        self.cut = cut or cut_detail
        words = title.height + detail.height
        block_height = words if beside else words + icon_px + t.space(4)
        top = (self.height() - block_height) / 2
        if beside:
            painter.drawPixmap(pad, (self.height() - icon_px) // 2, theme_icon(self._icon, icon_px, accent))
        else:
            painter.drawPixmap(pad, round(top), theme_icon(self._icon, icon_px, accent))
            top += icon_px + t.space(4)
        title.draw(painter, left, top, colour)
        detail.draw(painter, left, top + title.height, quiet)


class TabButton(Button):
    """One of a few ways to look at the same thing; the chosen one is checked."""

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent, bold=False, checkable=True)
        self.setAutoExclusive(True)

    def paint_content(self, painter: QPainter, colour: str) -> None:
        self._bold = self.isChecked()
        super().paint_content(painter, colour)

# SPDX-License-Identifier: Apache-2.0
"""Finds words on a screen that somebody in front of it could not read in full."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.widgets.buttons import Button
from kiosk.widgets.painting import SHRINK
from kiosk.widgets.surfaces import Badge
from kiosk.widgets.text import OneLine

SLACK = 2


def find_cut_text(root: QWidget) -> list[str]:
    """Every visible text that is elided, too tall or too wide for its box, or outside what can be seen.

    `root` must have been painted (grabbed) before: self-painting controls know only then.
    """
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root):
            continue
        words = _words(widget)
        if not words:
            continue
        reason = _too_small(widget) or _outside(widget, root)
        if reason:
            found.append(f"{type(widget).__name__} {words!r}: {reason}")
    return found


def _words(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | Button) else ""


def _too_small(widget: QWidget) -> str:
    if isinstance(widget, Button):
        return "elided" if widget.cut else ""
    if isinstance(widget, OneLine):
        needed = QFontMetricsF(widget.font()).horizontalAdvance(widget.text()) * SHRINK[-1]
        return "elided" if needed > widget.width() + SLACK else ""
    assert isinstance(widget, QLabel)
    if widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        if needed > widget.height() + SLACK:
            return f"needs {needed} px of height, has {widget.height()}"
        return _long_word(widget)
    hint = widget.sizeHint()
    if hint.width() > widget.width() + SLACK or (not isinstance(widget, Badge) and hint.height() > widget.height() + 2):
        return f"needs {hint.width()}x{hint.height()}, has {widget.width()}x{widget.height()}"
    return ""


def _long_word(label: QLabel) -> str:
    metrics = QFontMetricsF(label.font())
    for word in label.text().split():
        if word.isascii() and metrics.horizontalAdvance(word) > label.width() + SLACK:
            return f"{word} is wider than its box"
    return ""


def _outside(widget: QWidget, root: QWidget) -> str:
    box = QRect(widget.mapTo(root, widget.rect().topLeft()), widget.size())
    parent: QWidget | None = widget.parentWidget()
    while parent is not None:
        inside = QRect(
            parent.mapTo(root, parent.rect().topLeft()) if parent is not root else root.rect().topLeft(), parent.size()
        )
        if not inside.adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(box):
            return f"outside {type(parent).__name__}: {box} not in {inside}"
        if parent is root:
            break
        parent = parent.parentWidget()
    return ""

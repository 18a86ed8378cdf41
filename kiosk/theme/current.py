# SPDX-License-Identifier: Apache-2.0
"""Which tokens a widget draws with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont, QFontDatabase

from kiosk.theme.tokens import FONT_FAMILIES, Scale, Tokens

_current: list[Tokens] = [Tokens.of(Scale())]


def set_theme(tokens: Tokens) -> None:
    """Make `tokens` the theme of every widget built from now on (the shell rebuilds its pages after)."""
    _current[0] = tokens


@contextmanager
def theme(tokens: Tokens) -> Iterator[None]:
    """Widgets built meanwhile are of another theme."""
    before = _current[0]
    set_theme(tokens)
    try:
        yield
    finally:
        set_theme(before)


def theme_of(widget: QObject | None = None) -> Tokens:
    """The nearest ancestor's own `tokens`, else the current theme. Never fails."""
    while widget is not None:
        tokens = getattr(widget, "tokens", None)
        if isinstance(tokens, Tokens):
            return tokens
        widget = widget.parent()
    return _current[0]


def font(size_px: int, *, bold: bool = False) -> QFont:
    """A font of our families with tabular figures; `size_px` is the height of a character."""
    return QFont(_font(max(1, size_px), bold))


@lru_cache(maxsize=64)
def _font(size_px: int, bold: bool) -> QFont:
    made = QFont(list(FONT_FAMILIES))
    made.setPixelSize(size_px)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def missing_fonts() -> tuple[str, ...]:
    """Families of ours this machine lacks; rare characters or whole screens would be boxes without them."""
    known = set(QFontDatabase.families())
    return tuple(family for family in FONT_FAMILIES if family not in known)

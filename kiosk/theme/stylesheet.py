# SPDX-License-Identifier: Apache-2.0
"""What our windows stand on: ground, ink and font for everything below, and the style sheet of the input fields.

A style sheet on a window is matched against every widget below it, whenever one is made, moved or shown: that was a
third of the time a new screen took. A palette and a font reach everything too, and cost next to nothing. Only input
fields, which Qt paints, need a sheet, and it is set on the field itself.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from kiosk.theme.tokens import FONT_FAMILIES, Tokens

INK_ROLES = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def clothe(widget: QWidget, tokens: Tokens, *, ground: bool = False) -> None:
    """Give `widget` and all below it the ink and fonts of `tokens`; with `ground` it fills itself with the paper."""
    palette = QPalette(widget.palette())
    for role in INK_ROLES:
        palette.setColor(role, QColor(tokens.ink))
    palette.setColor(QPalette.ColorRole.Window, QColor(tokens.paper))
    widget.setPalette(palette)
    font = QFont(widget.font())
    font.setFamilies(list(FONT_FAMILIES))
    widget.setFont(font)
    widget.setAutoFillBackground(ground)


def clothe_field(field: QLineEdit | QPlainTextEdit, tokens: Tokens, *, size_px: int = 0, own: str = "") -> None:
    """Border, ground and type of an input field. `size_px` instead of the body's size; `own`: rules that come last."""
    t = tokens
    families = ", ".join(f'"{family}"' for family in FONT_FAMILIES)
    side, upright = t.space(6), t.space(4) if isinstance(field, QPlainTextEdit) else 0
    field.setStyleSheet(f"""
* {{ font-family: {families}; outline: 0; color: {t.ink}; }}
QLineEdit, QPlainTextEdit {{
  background: {t.card}; border: {t.border}px solid {t.line}; border-radius: {t.radius}px;
  padding: {upright}px {t.space(5) if upright else side}px; font-size: {size_px or t.body}px;
  min-height: {t.key - 2 * t.border}px;
  selection-background-color: {t.jade_wash}; selection-color: {t.ink}; {own}
}}
QLineEdit:focus, QPlainTextEdit:focus {{ border: {max(t.border, t.space(0.75))}px solid {t.jade}; }}
QLineEdit:read-only {{ background: {t.paper}; color: {t.muted}; }}
QScrollBar {{ width: 0; height: 0; }}
""")

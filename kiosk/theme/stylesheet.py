# SPDX-License-Identifier: Apache-2.0
"""The style sheet of the whole window. Most controls paint themselves; this sets grounds, text and input fields."""

from __future__ import annotations

from kiosk.theme.tokens import FONT_FAMILIES, Tokens


def stylesheet(tokens: Tokens) -> str:
    """Qt style sheet for `tokens`; setting it re-styles every widget below."""
    t = tokens
    families = ", ".join(f'"{family}"' for family in FONT_FAMILIES)
    return f"""
* {{ font-family: {families}; outline: 0; }}
QWidget {{ color: {t.ink}; }}
QWidget#Ground, QWidget#Shell {{ background: {t.paper}; }}
QLabel {{ background: transparent; border: 0; padding: 0; }}
QLineEdit, QPlainTextEdit {{
  background: {t.card}; color: {t.ink}; border: {t.border}px solid {t.line}; border-radius: {t.radius}px;
  padding: 0 {t.space(6)}px; font-size: {t.body}px; min-height: {t.key - 2 * t.border}px;
  selection-background-color: {t.jade_wash}; selection-color: {t.ink};
}}
QLineEdit:focus, QPlainTextEdit:focus {{ border: {max(t.border, t.space(0.75))}px solid {t.jade}; }}
QLineEdit:read-only {{ background: {t.paper}; color: {t.muted}; }}
QPlainTextEdit {{ padding: {t.space(4)}px {t.space(5)}px; }}
QScrollBar {{ width: 0; height: 0; }}
"""

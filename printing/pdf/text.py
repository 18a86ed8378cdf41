# SPDX-License-Identifier: Apache-2.0
"""Text in PDF: fonts per character, and a text layer that is right for rare characters too.

reportlab writes a ToUnicode table with code points above U+FFFF cut to 16 bits (𠮷 copies as another character);
PDF wants UTF-16BE there (ISO 32000-1, 9.10.3). `make_to_unicode` replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

from printing.fonts import PDF_CHAIN, FontFile, font_for, path_of, runs

_REGISTER = Lock()
_ROWS = 100  # most entries of one bfchar block (Adobe Technical Note 5014)


def make_to_unicode(fontname: str, subset: Sequence[int]) -> str:
    """The CMap of a subset: glyph number to UTF-16BE."""
    entries = [f"<{glyph:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for glyph, code in enumerate(subset)]
    blocks = [entries[i : i + _ROWS] for i in range(0, len(entries), _ROWS)]
    body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo\n<< /Registry ({fontname})\n/Ordering ({fontname})\n/Supplement 0\n>> def\n"
        f"/CMapName /{fontname} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


@cache
def _prepared() -> Any:
    from reportlab.pdfbase import ttfonts

    ttfonts.makeToUnicodeCMap = make_to_unicode
    return ttfonts


@cache
def register(font: FontFile) -> str:
    """Makes a font known to reportlab; its name there. Parsed once a process: the large ones take 0.2 s."""
    from reportlab.pdfbase import pdfmetrics

    ttfonts = _prepared()
    with _REGISTER:
        pdfmetrics.registerFont(ttfonts.TTFont(font.name, str(path_of(font)), subfontIndex=font.face))
    return font.name


def markup(text: str) -> str:
    """`text` for a reportlab Paragraph, each run in a font that has its characters."""
    base = PDF_CHAIN[0]
    register(base)
    parts = []
    for font, piece in runs(text, PDF_CHAIN):
        safe = escape(piece).replace("\n", "<br/>")
        parts.append(safe if font is base else f'<font name="{register(font)}">{safe}</font>')
    return "".join(parts)


def draw_text(canvas: Any, x: float, y: float, text: str, size: float, *, align: str = "left") -> None:
    """One line at a place; align is left, center or right."""
    width = text_width(text, size)
    x -= {"left": 0.0, "center": width / 2, "right": width}[align]
    for font, piece in runs(text, PDF_CHAIN):
        name = register(font)
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += canvas.stringWidth(piece, name, size)


def text_width(text: str, size: float) -> float:
    """Points."""
    from reportlab.pdfbase import pdfmetrics

    return float(sum(pdfmetrics.stringWidth(piece, register(font), size) for font, piece in runs(text, PDF_CHAIN)))


def drawable(text: str) -> bool:
    """Whether every character has a glyph in the chain."""
    return all(
        ord(c) < 32 or font_for(c, PDF_CHAIN) is not PDF_CHAIN[0] or _in_base(c) for c in re.sub(r"\s", "", text)
    )


def _in_base(character: str) -> bool:
    from printing.fonts import covered

    return ord(character) in covered(PDF_CHAIN[0])

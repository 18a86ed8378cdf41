# SPDX-License-Identifier: Apache-2.0
"""The sealed record at the end of a form, as codes that another service point or the platform can scan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contract.tracking import group_code
from printing.codes import qr_image
from printing.pdf.page import A4, INK, MM
from printing.pdf.text import draw_text

MODULE = 0.6 * MM  # 3.5 pixels in a scan of 150 dpi; 0.5 is the least that cheap scanners read
_QUIET = 4  # modules of white around a symbol, in the picture already
_COLUMNS = 2
_CAPTION = 5.5 * MM
_WIDTH = 170 * MM
_DOTS = 8  # of the picture for a module: no renderer blurs that
_WORDS = (
    "方块码里是这份申请，已经加密，只有办理平台能打开。网络一直不通时，把这一页交给别的服务点或者窗口扫一扫，"
    "就登记上了，不用重填，编号不变。请不要折，不要在上面写字。"
)


def add_symbols(page: A4, texts: Sequence[str], tracking_code: str) -> None:
    """A heading, what it is, and the symbols two by two, none cut by the page's end. Nothing where there are none.

    Beside a single symbol there is room for the words.
    """
    if not texts:
        return
    from reportlab.platypus import KeepTogether, Spacer

    alone = page.block(lambda: page.text(_WORDS, 9.5))[:1] if len(texts) == 1 else []
    rows = [_row(texts, start, tracking_code, alone) for start in range(0, len(texts), _COLUMNS)]
    head = page.block(lambda: _say(page, not alone))
    page.flowable(KeepTogether([*head, rows[0]]))
    for row in rows[1:]:
        page.flowable(Spacer(1, 3 * MM))
        page.flowable(row)


def _say(page: A4, words: bool) -> None:
    page.heading("机读区（断网时用）")
    if words:
        page.text(_WORDS, 9.5)


def _row(texts: Sequence[str], start: int, tracking_code: str, beside: Sequence[Any]) -> Any:
    """One or two symbols side by side, each with its number: they may be scanned in any order."""
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Flowable

    pictures = [qr_image(text, _DOTS).convert("L") for text in texts[start : start + _COLUMNS]]
    sides = [picture.width / _DOTS * MODULE for picture in pictures]
    height = max(sides) + _CAPTION

    class Row(Flowable):  # type: ignore[misc]  # reportlab has no types
        def wrap(self, _width: float, _height: float) -> tuple[float, float]:
            return _WIDTH, height

        def draw(self) -> None:
            self.canv.setFillColor(INK)
            for place, (picture, side) in enumerate(zip(pictures, sides, strict=True)):
                left = place * _WIDTH / _COLUMNS  # of the dark part: its quiet zone reaches into the margin
                self.canv.drawImage(ImageReader(picture), left - _QUIET * MODULE, height - side, side, side)
                number = f"第 {start + place + 1} 张，共 {len(texts)} 张    " if len(texts) > 1 else ""
                draw_text(self.canv, left, height - side - 3.6 * MM, number + group_code(tracking_code), 9)
            left = sides[0] + _QUIET * MODULE
            for words in beside:
                _, tall = words.wrapOn(self.canv, _WIDTH - left, height)
                words.drawOn(self.canv, left, height - _QUIET * MODULE - tall)

    return Row()

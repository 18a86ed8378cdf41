# SPDX-License-Identifier: Apache-2.0
"""A page and a strip that show whether a printer prints well: edges, greys, small print, a QR code."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from printing.codes import qr_image
from printing.fonts import SCREEN, path_of

if TYPE_CHECKING:
    from PIL.Image import Image

STRIP = 576  # dots of an 80 mm strip
_WORDS = ("打印正常，这一行字应当清楚。", "细字：高龄津贴、城乡居民基本医疗保险、残疾人补贴 0123456789")


def trial_page(station: str, at: datetime) -> bytes:
    """A4 as PDF."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    from printing.pdf.text import draw_text

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setTitle("doorstep-test-page")
    width, height = A4
    canvas.rect(8 * mm, 8 * mm, width - 16 * mm, height - 16 * mm)
    draw_text(canvas, 20 * mm, height - 30 * mm, "测试页", 28)
    draw_text(canvas, 20 * mm, height - 42 * mm, f"{station}  {at:%Y-%m-%d %H:%M}", 12)
    draw_text(canvas, 20 * mm, height - 60 * mm, _WORDS[0], 16)
    draw_text(canvas, 20 * mm, height - 70 * mm, _WORDS[1], 8)
    for step in range(11):
        canvas.setFillGray(step / 10)
        canvas.rect((20 + step * 15) * mm, height - 95 * mm, 15 * mm, 15 * mm, fill=1)
    canvas.setFillGray(0)
    canvas.drawImage(ImageReader(qr_image(at.isoformat()).convert("L")), 20 * mm, height - 140 * mm, 35 * mm, 35 * mm)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def trial_strip(station: str, at: datetime) -> Image:
    """80 mm, one bit a dot."""
    from PIL import Image, ImageDraw, ImageFont

    strip = Image.new("1", (STRIP, 420), 1)
    draw = ImageDraw.Draw(strip)
    large, small = (ImageFont.truetype(str(path_of(SCREEN)), size, index=SCREEN.face) for size in (44, 24))
    draw.rectangle((0, 0, STRIP - 1, 419), outline=0, width=2)
    draw.text((24, 20), "测试小票", font=large, fill=0)
    draw.text((24, 90), f"{station}  {at:%m-%d %H:%M}", font=small, fill=0)
    draw.text((24, 130), _WORDS[0], font=small, fill=0)
    code = qr_image(at.isoformat())
    strip.paste(code.resize((220, 220)), (STRIP // 2 - 110, 180))
    return strip

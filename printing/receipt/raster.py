# SPDX-License-Identifier: Apache-2.0
"""The receipt strip: 576 dots wide at 203 dpi (8 dots a millimetre), black and white."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from contract.tracking import group_code
from printing.codes import qr_image
from printing.documents import ReceiptDoc
from printing.fonts import RASTER_BOLD_CHAIN, RASTER_CHAIN, FontFile, path_of, runs

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw as Draw
    from PIL.ImageFont import FreeTypeFont

WIDTH = 576
SIDE = 24
_NO_BREAK_BEFORE = "，。；：、！？）》”’,.;:!?)%"


@cache
def _font(font: FontFile, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(path_of(font)), size, index=font.face)


class Strip:
    """Writes down a long page, then cuts it where it ends."""

    def __init__(self) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("L", (WIDTH, 2400), 255)
        self._draw: Draw = ImageDraw.Draw(self._image)
        self.y = 22

    def text(self, text: str, size: int, *, bold: bool = False, align: str = "left", indent: int = 0) -> None:
        """Text, wrapped between the margins."""
        chain = RASTER_BOLD_CHAIN if bold else RASTER_CHAIN
        room = WIDTH - 2 * SIDE - indent
        for line in _wrap(text, size, chain, room):
            width = _width(line, size, chain)
            x = SIDE + indent + {"left": 0, "center": (room - width) / 2, "right": room - width}[align]
            for font, piece in runs(line, chain):
                self._draw.text((x, self.y + size), piece, 0, _font(font, size), anchor="ls")
                x += _font(font, size).getlength(piece)
            self.y += round(size * 1.42)

    def point(self, text: str, size: int) -> None:
        """A line of a list."""
        self._draw.ellipse((SIDE + 4, self.y + size * 0.6, SIDE + 12, self.y + size * 0.6 + 8), fill=0)
        self.text(text, size, indent=30)
        self.y += 3

    def rule(self) -> None:
        """A dashed line across."""
        self.y += 12
        for x in range(SIDE, WIDTH - SIDE, 12):
            self._draw.line((x, self.y, x + 7, self.y), fill=0, width=2)
        self.y += 16

    def picture(self, image: Image) -> None:
        """Centred."""
        self._image.paste(image.convert("L"), ((WIDTH - image.width) // 2, self.y))
        self.y += image.height

    def cut(self) -> Image:
        """What was written, mode "1"."""
        return self._image.crop((0, 0, WIDTH, self.y + 30)).point(lambda v: 255 if v > 140 else 0).convert("1")


def _width(text: str, size: int, chain: tuple[FontFile, ...]) -> float:
    return sum(_font(font, size).getlength(piece) for font, piece in runs(text, chain))


def _wrap(text: str, size: int, chain: tuple[FontFile, ...], room: float) -> list[str]:
    lines, line = [], ""
    for character in text:
        if line and _width(line + character, size, chain) > room and character not in _NO_BREAK_BEFORE:
            cut = (
                line.rfind(" ") + 1
                if character.isascii() and character.isalnum() and " " in line[len(line) // 2 :]
                else 0
            )
            lines.append(line[:cut] if cut else line)
            line = line[cut:] if cut else ""
        line += character
    return [*lines, line] if line else lines


def render_receipt_strip(doc: ReceiptDoc) -> Image:
    """The receipt, mode "1", 576 dots wide."""
    zh = doc.language == "zh"
    strip = Strip()
    strip.text(doc.station, 32, bold=True, align="center")
    state = ("本机已登记" if zh else "registered") + (("，补打" if zh else ", copy") if doc.copy else "")
    strip.text(f"办事回执（{state}）" if zh else f"Receipt ({state})", 26, align="center")
    strip.rule()
    strip.text(doc.item_name, 36, bold=True)
    strip.text(f"{doc.applicant_masked}  {doc.id_masked}".rstrip(), 27)
    strip.text(f"{doc.confirmed_at:%Y-%m-%d %H:%M} " + ("登记" if zh else "registered"), 27)
    strip.rule()
    strip.text("您的编号" if zh else "Your code", 26, align="center")
    strip.text(group_code(doc.tracking_code), 66, bold=True, align="center")
    strip.picture(qr_image(doc.qr_text, 8))
    strip.rule()
    for line in _points(doc):
        strip.point(line, 27)
    strip.rule()
    strip.text(_last_line(doc), 23)
    return strip.cut()


def _points(doc: ReceiptDoc) -> list[str]:
    zh = doc.language == "zh"
    if doc.sent:
        lines = ["已上报平台，等待受理" if zh else "Sent to the platform, waiting for acceptance"]
    else:
        lines = [
            "还没上报，有网后自动上报，不用再来" if zh else "Not sent yet; it goes by itself when there is a network"
        ]
    lines.append(doc.promised)
    if doc.to_bring:
        lines.append(("还要补：" if zh else "Still to bring: ") + ("、" if zh else ", ").join(doc.to_bring))
    lines.append(
        f"查进度：到本机放身份证，或打 {doc.phone} 报编号"
        if zh
        else f"Progress: here with your card, or call {doc.phone}"
    )
    return lines


def _last_line(doc: ReceiptDoc) -> str:
    if doc.language == "zh":
        return f"不收任何费用。指南版本 {doc.guide_version}  终端 {doc.terminal}"
    return f"Free of charge. Guide {doc.guide_version}, terminal {doc.terminal}"

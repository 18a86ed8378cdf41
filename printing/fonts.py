# SPDX-License-Identifier: Apache-2.0
"""Which font draws which character: a chain, asked character by character, so that rare names are never boxes.

PDF needs TrueType outlines (reportlab embeds no CFF), raster may use any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from printing.errors import FontMissing

ROOTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
COMMON_LIMIT = 0x2FFF  # above: Han and what belongs to it


@dataclass(frozen=True, slots=True)
class FontFile:
    """A file, the face in it (for collections) and the Debian package it comes from."""

    name: str
    file: str
    face: int
    package: str


SANS = FontFile("sans", "wqy-zenhei.ttc", 0, "fonts-wqy-zenhei")
HAN = FontFile("han", "BabelStoneHan.ttf", 0, "fonts-babelstone-han")
MIN_B = FontFile("min-b", "HanaMinB.ttf", 0, "fonts-hanazono")
MIN_A = FontFile("min-a", "HanaMinA.ttf", 0, "fonts-hanazono")
SCREEN = FontFile("screen", "NotoSansCJK-Regular.ttc", 2, "fonts-noto-cjk")
SCREEN_BOLD = FontFile("screen-bold", "NotoSansCJK-Bold.ttc", 2, "fonts-noto-cjk")

PDF_CHAIN = (SANS, HAN, MIN_B, MIN_A)
RASTER_CHAIN = (SCREEN, HAN, MIN_B, MIN_A)
RASTER_BOLD_CHAIN = (SCREEN_BOLD, HAN, MIN_B, MIN_A)


@cache
def path_of(font: FontFile) -> Path:
    """Where the font is. Raises FontMissing."""
    for root in ROOTS:
        for path in root.rglob(font.file):
            return path
    raise FontMissing(f"the font {font.file} is not installed; install the package {font.package}")


@cache
def covered(font: FontFile) -> frozenset[int]:
    """Code points a font can draw."""
    from fontTools.ttLib import TTFont  # with python-escpos and reportlab the slowest to load: when first printed

    opened = TTFont(path_of(font), fontNumber=font.face, lazy=True)
    try:
        return frozenset(opened.getBestCmap())
    finally:
        opened.close()


def font_for(character: str, chain: tuple[FontFile, ...]) -> FontFile:
    """The first font of the chain that has the character; the first of all where none has it."""
    for font in chain:
        if ord(character) in covered(font):
            return font
    return chain[0]


def runs(text: str, chain: tuple[FontFile, ...]) -> Iterator[tuple[FontFile, str]]:
    """`text` in pieces of one font each."""
    held: FontFile | None = None
    piece = ""
    for character in text:
        font = font_for(character, chain)
        if font is not held and piece:
            assert held is not None
            yield held, piece
            piece = ""
        held = font
        piece += character
    if held is not None:
        yield held, piece

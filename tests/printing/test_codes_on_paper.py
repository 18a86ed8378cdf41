# SPDX-License-Identifier: Apache-2.0
"""The record on the form: the real PDF rasterised, copied, stained, turned, shuffled; and read again byte by byte."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from contract.paper import PaperError, read_symbol, sort_symbols, to_symbols
from contract.paper_scan import MOST_PIXELS, read_texts
from contract.sample import sample_catalogue
from printing.codes import qr_image
from printing.documents import FormDoc
from printing.pdf.form import render_form
from printing.pdf.symbols import MODULE
from tests.offline.conftest import application

RECORD = random.Random(4).randbytes(3300)  # sealed bytes look like chance
SMALL = random.Random(5).randbytes(600)
CODE = "000420000018"
MM_TO_POINTS = 72 / 25.4


@cache
def pdf(record: bytes = RECORD) -> bytes:
    item = sample_catalogue().item("old80")
    made = replace(application(CODE), tracking_code=CODE)
    return render_form(
        FormDoc(
            item, made, sample_catalogue(), CODE, f"https://example.org/t/{CODE}", "示例村便民服务点",
            "2026年11月23日", tuple(to_symbols(record)) if record else (),
        )
    )  # fmt: skip


@cache
def pages(dpi: int, record: bytes = RECORD) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf(record))
    try:
        found = []
        for number in range(len(document)):
            page = document[number]
            found.append(page.render(scale=dpi / 72).to_pil().convert("L"))
            page.close()
        return found
    finally:
        document.close()


def last(dpi: int) -> Image.Image:
    return pages(dpi)[-1].copy()


def records(*pictures: Image.Image) -> list[bytes | None]:
    texts = [text for picture in pictures for text in read_texts(np.asarray(picture))]
    forms, refused = sort_symbols(texts)
    assert refused == []
    return [form.record for form in forms]


def noisy(picture: Image.Image, sigma: float, seed: int = 1) -> Image.Image:
    rng = np.random.default_rng(seed)
    pixels = np.asarray(picture, float) + rng.normal(0, sigma, (picture.height, picture.width))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(radius))


def copied(picture: Image.Image) -> Image.Image:
    """A worn copier: soft, speckled, black and white only."""
    return noisy(blurred(picture, 0.8), 14).point(lambda v: 255 if v > 140 else 0)


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def faint(picture: Image.Image, dark: int, light: int) -> Image.Image:
    return picture.point(lambda v: dark + (light - dark) * v // 255)


def shaded(picture: Image.Image) -> Image.Image:
    """A lamp on one side."""
    return Image.fromarray((np.asarray(picture, float) * np.linspace(0.25, 1, picture.width)).astype(np.uint8))


def photographed(picture: Image.Image) -> Image.Image:
    """By hand, aslant: the far edge is a tenth shorter."""
    width, height = picture.size
    slant = (0, 0, -width // 20, height, width + width // 20, height, width, 0)
    return blurred(picture.transform((width, height), Image.Transform.QUAD, slant, Image.Resampling.BICUBIC), 0.7)


DEGRADED: dict[str, Callable[[], Image.Image]] = {
    "200 dpi": lambda: last(200),
    "150 dpi": lambda: last(150),
    "blurred": lambda: blurred(last(200), 2),
    "soft and noisy": lambda: noisy(blurred(last(200), 2.4), 8),
    "noise": lambda: noisy(last(200), 40),
    "much noise": lambda: noisy(last(150), 60),
    "faint": lambda: noisy(faint(last(150), 120, 160), 5),
    "very faint": lambda: noisy(faint(last(200), 130, 142), 3),
    "grey": lambda: faint(last(150), 60, 150),
    "shaded": lambda: shaded(last(150)),
    "askew": lambda: turned(last(200), 3),
    "far askew": lambda: turned(last(150), 17),
    "on its side": lambda: turned(last(150), 90),
    "upside down": lambda: turned(last(150), 180),
    "photographed": lambda: photographed(last(200)),
    "photocopy": lambda: copied(last(150)),
    "copy of a copy of a copy": lambda: copied(copied(copied(last(200)))),
    "copy, askew": lambda: turned(copied(last(200)), 4),
    "reduced to 71 %": lambda: turned(last(200).resize((1170, 1654), Image.Resampling.LANCZOS), 1),
}


@pytest.mark.parametrize("how", DEGRADED)
def test_read_from_what_a_poor_machine_gives(how: str) -> None:
    assert records(DEGRADED[how]()) == [RECORD]


def symbols_of(picture: Image.Image) -> list[tuple[int, int, int, int]]:
    """Where they are."""
    found = zxingcpp.read_barcodes(np.asarray(picture), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    boxes = []
    for code in (c for c in found if c.text.startswith("DS")):
        corners = [code.position.top_left, code.position.bottom_right]
        boxes.append((corners[0].x, corners[0].y, corners[1].x, corners[1].y))
    return boxes


@pytest.mark.parametrize("colour", [0, 255, 110])
@pytest.mark.parametrize("share", [0.05, 0.08])
def test_stains_up_to_the_level_of_correction(colour: int, share: float) -> None:
    """Level M restores 15 % of the codewords (ISO/IEC 18004, table 8); a spot spoils those at its rim too."""
    picture = last(200)
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom in symbols_of(picture):
        side, spot = right - left, int((right - left) * share**0.5)
        x, y = left + side * 2 // 5, top + (bottom - top) * 2 // 5
        draw.ellipse([x, y, x + spot, y + spot], fill=colour)
    assert records(picture) == [RECORD]


def test_a_spoilt_symbol_is_named_and_the_others_are_kept() -> None:
    picture = last(200)
    boxes = symbols_of(picture)
    second = next(
        box
        for box in boxes
        for text in read_texts(np.asarray(picture.crop(grown(box))))
        if read_symbol(text).number == 2
    )
    ImageDraw.Draw(picture).rectangle([second[0] - 4, second[1] - 4, second[2] + 4, (second[1] + second[3]) // 2], 255)
    (form,), _ = sort_symbols(read_texts(np.asarray(picture)))
    assert (form.missing, form.total, form.record) == ((2,), 4, None)
    again, _ = sort_symbols([*read_texts(np.asarray(picture)), *read_texts(np.asarray(last(150)))])
    assert [f.record for f in again] == [RECORD]


def number_in(picture: Image.Image) -> int:
    (text,) = read_texts(np.asarray(picture))
    return read_symbol(text).number


def grown(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    return (box[0] - 14, box[1] - 14, box[2] + 14, box[3] + 14)


def test_forms_mixed_up_in_one_picture_are_told_apart() -> None:
    other = pages(150, SMALL)[-1]
    sheet = Image.new("L", (other.width * 2, other.height), 255)
    sheet.paste(last(150), (0, 0))
    sheet.paste(other, (other.width, 0))
    assert sorted(r or b"" for r in records(sheet)) == sorted([RECORD, SMALL])


def test_every_page_with_its_other_codes_in_any_order_twice() -> None:
    """The form's first page has the tracking code, which is no symbol of the record."""
    found = [*reversed(pages(150)), *pages(150)]
    assert records(*found) == [RECORD]


def test_no_form_in_the_picture() -> None:
    assert sort_symbols(read_texts(np.asarray(pages(100, b"")[0]))) == ([], [])
    assert read_texts(np.full((40, 40), 255, np.uint8)) == ()


def test_a_picture_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="pixels"):
        read_texts(np.broadcast_to(np.uint8(255), (MOST_PIXELS // 1000 + 1, 1000)))


def test_symbols_are_as_the_paper_needs_them() -> None:
    """At most version 25 at level M, alphanumeric, modules of half a millimetre or more, four modules of white."""
    assert MODULE / MM_TO_POINTS >= 0.5
    dpi = 300
    picture = pages(dpi)[-1]
    assert len(symbols_of(picture)) == 4
    for text in to_symbols(RECORD):
        side = qr_image(text, 1).width - 8
        assert (side - 17) / 4 <= 25
    for left, _, right, _ in symbols_of(picture):
        assert (right - left) / dpi * 25.4 / side >= 0.5
    dark = np.asarray(picture) < 128
    for left, top, right, bottom in symbols_of(picture):
        quiet = int(3.5 * MODULE / 72 * dpi)
        assert not dark[top - quiet : top - 3, left - quiet : right + quiet].any()
        assert not dark[bottom + 4 : bottom + quiet, left:right].any()
        assert not dark[top:bottom, right + 4 : right + quiet].any()


def test_a_form_before_it_is_registered_carries_none() -> None:
    assert "机读区" not in words(pdf(b""))
    assert "机读区" in words(pdf())
    assert words(pdf()).count("第 4 张，共 4 张") == 1
    assert "第 1 张" not in words(pdf(SMALL))


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        texts = []
        for number in range(len(document)):
            page = document[number]
            part = page.get_textpage()
            texts.append(part.get_text_bounded())
            part.close()
            page.close()
        return "\n".join(texts)
    finally:
        document.close()


def test_a_misread_code_never_becomes_a_record() -> None:
    text = to_symbols(SMALL)[0]
    for place in range(4, len(text), 97):
        other = "0" if text[place] != "0" else "1"
        with pytest.raises(PaperError):
            read_symbol(text[:place] + other + text[place + 1 :])
    assert zlib.crc32(SMALL) == zlib.crc32(sort_symbols([text])[0][0].record or b"")

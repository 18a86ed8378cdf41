# SPDX-License-Identifier: Apache-2.0
"""How pages are kept: the kind by what is on them, few bytes, and read as well as before."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from devices.camera.sample_pages import SamplePage, photo_page, receipt, stamped_form, text_form
from devices.camera.scene import View, photograph
from devices.errors import ScanFailed
from devices.page.compact import compact
from devices.page.encode import Encoded, encode
from devices.page.picture import encode_jpeg
from devices.page.shading import even_light
from devices.page.straighten import straighten
from tests.devices.page.legibility import errors, read

if TYPE_CHECKING:
    from devices.page.picture import Picture


def seen(page: SamplePage, view: View | None = None) -> Picture:
    taken = photograph(page, view or View(seed=3, turn=2))
    return straighten(taken.picture, taken.corners, 200).picture


def opened(kept: Encoded) -> Image.Image:
    with Image.open(io.BytesIO(kept.data)) as image:
        return image.convert("RGB")


@pytest.mark.parametrize(
    ("make", "kind", "share"),
    [
        (text_form, "bitonal", 0.08),
        (stamped_form, "inks", 0.09),
        (receipt, "bitonal", 0.08),
        (photo_page, "colour", 0.3),
    ],
)
def test_the_kind_follows_what_is_on_it(make: Callable[[], SamplePage], kind: str, share: float) -> None:
    picture = seen(make())
    kept = encode(even_light(picture), 200)
    assert (kept.kind, kept.media_type) == (kind, "image/webp")
    assert len(kept.data) < share * len(encode_jpeg(picture, 85))


def test_text_is_read_as_well_as_before() -> None:
    page = text_form()
    picture = seen(page)
    wanted = "".join(page.lines).replace(" ", "")
    before = errors(read(Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))), wanted)
    after = errors(read(opened(encode(even_light(picture), 200))), wanted)
    assert after <= before + 0.02
    assert after < 0.03


def test_print_out_of_focus_keeps_its_tones() -> None:
    assert encode(even_light(seen(text_form(), View(seed=3, blur=2.0))), 200).kind == "grey"


def test_a_seal_stays_red_and_the_print_below_it_black() -> None:
    colours = opened(encode(even_light(seen(stamped_form())), 200)).getcolors(100)
    assert colours is not None
    found = {colour for _count, colour in colours}
    assert {(255, 255, 255), (0, 0, 0)} <= found
    reds = [c for c in found if isinstance(c, tuple) and c[0] - c[1] > 80]
    assert len(reds) == 1


def test_a_pencil_note_is_not_lost() -> None:
    page = text_form()
    sheet = Image.fromarray(np.ascontiguousarray(page.picture[:, :, ::-1]))
    ImageDraw.Draw(sheet).line((400, 3100, 2000, 3150), fill=(188, 188, 190), width=5)
    noted = SamplePage(np.ascontiguousarray(np.asarray(sheet)[:, :, ::-1]), page.lines, page.size)
    image = np.asarray(opened(encode(even_light(seen(noted, View(seed=3, light=0.7, noise=4))), 200)).convert("L"))
    strip = image[2060:2110, 280:1320]
    assert (strip < 230).any(axis=0).mean() > 0.8


def test_a_scanners_page_becomes_small_and_stays_a_page() -> None:
    scanned = encode_jpeg(text_form().picture, 88)
    kept = compact(scanned)
    assert len(kept.data) < len(scanned) / 15
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (pytest.approx(1654, abs=1), 2339)


def test_a_small_picture_stays_as_it_is() -> None:
    mark = encode_jpeg(np.full((90, 120, 3), 180, np.uint8))
    assert compact(mark).data == mark


def test_no_picture_is_refused() -> None:
    with pytest.raises(ScanFailed) as fault:
        compact(b"%PDF-1.4")
    assert fault.value.code == "not-an-image"

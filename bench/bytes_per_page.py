# SPDX-License-Identifier: Apache-2.0
"""Bytes a legible page: what a document camera's picture weighs, what we keep of it, and whether it is read as well.

Sample pages are drawn, photographed (askew, unevenly lit, noisy), straightened, and kept as devices.page.encode
does. Legible is what a text recogniser says: its share of wrong characters before (the straightened picture, nothing
lost) and after. Beside it the usual ways: colour JPEG of quality 85 and 50, lossless PNG in two tones.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from devices.camera.sample_pages import SamplePage, photo_page, receipt, stamped_form, text_form
from devices.camera.scene import View, photograph
from devices.page.encode import encode
from devices.page.picture import encode_jpeg, grey
from devices.page.shading import even_light
from devices.page.straighten import straighten
from tests.devices.page.legibility import DPI, errors, read

if TYPE_CHECKING:
    from devices.page.picture import Picture

PAGES: dict[str, Callable[[], SamplePage]] = {
    "form": text_form,
    "form, 9 point": lambda: text_form(small=True),
    "form with a seal": stamped_form,
    "till slip, faint": receipt,
    "photo with caption": photo_page,
}


def opened(data: bytes) -> Image.Image:
    """The picture in a file."""
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def two_tone_png(page: Picture) -> bytes:
    """As an office scanner keeps it: one bit a point, at the level that divides paper from ink best (Otsu)."""
    import cv2

    _, tones = cv2.threshold(grey(page), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    out = io.BytesIO()
    Image.fromarray(np.asarray(tones, dtype=np.uint8)).convert("1").save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Measures and prints."""
    ways = ("kept", "JPEG 85", "JPEG 50", "two tones, PNG")
    print(f"{'':20}{'as':9}{'before':>8}" + "".join(f"{w:>20}" for w in ways) + f"{'JPEG 85 / kept':>16}")
    for name, make in PAGES.items():
        page = make()
        taken = photograph(page, View(seed=3, turn=2))
        picture = straighten(taken.picture, taken.corners, DPI).picture
        wanted = "".join(page.lines).replace(" ", "")
        before = errors(read(Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))), wanted)
        kept = encode(even_light(picture), DPI)
        files = (kept.data, encode_jpeg(picture, 85), encode_jpeg(picture, 50), two_tone_png(picture))
        cells = [f"{len(data) / 1024:8.1f} KB {errors(read(opened(data)), wanted):6.1%}" for data in files]
        print(f"{name:20}{kept.kind:9}{before:8.1%}" + "".join(f"{c:>20}" for c in cells), end="")
        print(f"{len(files[1]) / len(files[0]):16.1f}")
    print("Beside the kilobytes: wrong characters as a text recogniser reads the file; before: the picture itself.")


if __name__ == "__main__":
    main()

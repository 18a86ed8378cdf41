# SPDX-License-Identifier: Apache-2.0
"""The fewest bytes that stay legible: what the page holds decides how it is kept. Figures: bench/bytes_per_page.py."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from devices.page.ink import coloured_ink, dark_ink, faint_ink, large_spots, shares
from devices.page.picture import grey
from devices.page.sharpness import edge_width

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from devices.page.picture import Picture

Kind = Literal["bitonal", "inks", "grey", "colour"]
MEDIA_TYPE = "image/webp"  # half of JPEG's bytes at the same error rate, four fifths of PNG's for two tones
PICTURE_SHARE = 0.01  # of the page in tones: a stamp photo on a form is about this
COLOUR_SHARE = 0.00015  # a seal of 40 mm covers 0.4 %, a red tick 0.02 %
SOFT_MM = 0.15  # edge width: two tones of softer print have up to eight times the errors of its grey tones
_GREY_QUALITY, _COLOUR_QUALITY = 40, 45
_WHITE_FROM = 226  # grey levels: evenly lit paper lies above
_HUES = ((0, 22, "warm"), (22, 85, "green"), (85, 140, "blue"), (140, 180, "warm"))  # of OpenCV's 0 to 179


@dataclass(frozen=True, slots=True)
class Encoded:
    """A page as it is kept and sent."""

    data: bytes
    media_type: str
    kind: Kind


def encode(page: Picture, dpi: float) -> Encoded:
    """An evenly lit page (see shading). Tones are kept where there is a picture, or where ink is too faint to judge."""
    kind = choose(page, dpi)
    make = {"bitonal": _bitonal, "inks": _inks, "grey": _grey, "colour": _colour}[kind]
    return Encoded(make(page, dpi), MEDIA_TYPE, kind)


def choose(page: Picture, dpi: float) -> Kind:
    """How this page is best kept."""
    found = shares(page, dpi)
    coloured = found.coloured > COLOUR_SHARE
    width = edge_width(grey(page))
    soft = width is not None and width / dpi * 25.4 > SOFT_MM
    if found.picture > PICTURE_SHARE or found.faint or soft:
        return "colour" if coloured else "grey"
    return "inks" if coloured else "bitonal"


def _bitonal(page: Picture, dpi: float) -> bytes:
    return _lossless(_black(page, dpi))


def _black(page: Picture, dpi: float) -> Picture:
    """Paper white, ink black; faint marks in the one grey they mostly have, so that pencil is not lost."""
    import numpy as np

    brightness = grey(page)
    dark = _without_specks(dark_ink(brightness, dpi), dpi)
    faint = faint_ink(brightness, dpi, dark)
    drawn = np.full_like(page, 255)
    if faint.any():
        drawn[faint] = min(200, int(np.median(brightness[faint])))
    drawn[dark] = 0
    return drawn


def _inks(page: Picture, dpi: float) -> bytes:
    """The same, with each hue there is in the one colour it mostly has: a seal stays red, and print below it black."""
    import cv2
    import numpy as np

    drawn = _black(page, dpi)
    coloured = _without_specks(coloured_ink(page), dpi)
    hue = cv2.cvtColor(page, cv2.COLOR_BGR2HSV)[:, :, 0]
    for name in ("warm", "green", "blue"):
        of_hue = np.zeros_like(coloured)
        for first, end, called in _HUES:
            if called == name:
                of_hue |= coloured & (hue >= first) & (hue < end)
        if of_hue.any():
            drawn[of_hue] = np.median(page[of_hue], axis=0).astype(np.uint8)
    return _lossless(drawn)


def _without_specks(ink: NDArray[np.bool_], dpi: float) -> NDArray[np.bool_]:
    """Dust and noise cost bytes: spots smaller than the dot of a comma go."""
    return large_spots(ink, max(3, round((0.2 / 25.4 * dpi) ** 2)))


def _grey(page: Picture, _dpi: float) -> bytes:
    from PIL import Image

    return _lossy(Image.fromarray(_clean(grey(page))), _GREY_QUALITY)


def _colour(page: Picture, _dpi: float) -> bytes:
    import numpy as np
    from PIL import Image

    return _lossy(Image.fromarray(np.ascontiguousarray(_clean(page)[:, :, ::-1])), _COLOUR_QUALITY)


def _clean(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Paper flat white: its grain and the camera's noise cost more than the print."""
    import numpy as np

    scale = np.arange(256, dtype=np.float32)
    scale = np.where(scale >= _WHITE_FROM, 255, scale * (255 / _WHITE_FROM))
    return np.asarray(scale.astype(np.uint8)[plane], dtype=np.uint8)


def _lossless(drawn: Picture) -> bytes:
    import numpy as np
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(drawn[:, :, ::-1])).save(out, "WEBP", lossless=True, quality=80, method=4)
    return out.getvalue()


def _lossy(image: Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()

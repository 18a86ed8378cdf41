# SPDX-License-Identifier: Apache-2.0
"""Texts of the codes in a picture of a form: as it is, then bettered step by step while symbols of a form are missing.

A picture is a grey numpy array (rows, columns) of bytes; nothing is opened or kept here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from contract.paper import sort_symbols

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

MOST_PIXELS = 120_000_000
_LARGE = 6_000_000  # pixels above which an A4 page has modules of many pixels, and enlarging helps no more
_SMALL = 2_500_000  # pixels up to which enlarging threefold costs little


def read_texts(picture: Grey) -> tuple[str, ...]:
    """All QR texts found, ours and others, in the order in which they were found first.

    A4 at 200 dpi takes 0.02 s on one core where all is well, up to 2 s where something is missing.
    Raises ValueError for a picture of more than MOST_PIXELS.
    """
    if picture.size > MOST_PIXELS:
        raise ValueError(f"a picture has at most {MOST_PIXELS} pixels; scan with less detail")
    found: dict[str, None] = {}
    for better, binarizer in _tries(picture):
        found |= dict.fromkeys(_read(better, binarizer))
        forms, _ = sort_symbols(found)
        if forms and not any(form.missing for form in forms):
            break
    return tuple(found)


def _read(picture: Grey, binarizer: Any) -> list[str]:
    import zxingcpp

    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), **binarizer)
    return [code.text for code in codes if code.text]


def _tries(picture: Grey) -> Iterator[tuple[Grey, dict[str, Any]]]:
    """Cheapest first. Noise wants smoothing, small modules want enlarging, faint prints want contrast."""
    import zxingcpp
    from PIL import Image, ImageFilter, ImageOps

    whole: dict[str, Any] = {"binarizer": zxingcpp.Binarizer.GlobalHistogram}
    yield picture, {}
    image = Image.fromarray(picture)
    smooth = image.filter(ImageFilter.MedianFilter(3))
    strong = ImageOps.autocontrast(smooth, cutoff=1)
    yield _array(strong), {}
    yield _array(strong), whole
    if picture.size > _LARGE:
        return
    for factor in (2, 3) if picture.size <= _SMALL else (2,):
        size = (image.width * factor, image.height * factor)
        large = strong.resize(size, Image.Resampling.BICUBIC)
        yield _array(large), {}
        plain = ImageOps.autocontrast(image, cutoff=1).resize(size, Image.Resampling.BICUBIC)
        yield _array(plain), {}
        yield _array(plain.filter(ImageFilter.UnsharpMask(2 * factor, 200, 0))), {}
        yield _array(plain.filter(ImageFilter.GaussianBlur(factor * 0.6))), whole


def _array(image: Any) -> Grey:
    import numpy as np

    return np.asarray(image, np.uint8)

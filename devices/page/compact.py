# SPDX-License-Identifier: Apache-2.0
"""A scanned page in few bytes: what a scanner sends is straight already, but large."""

from __future__ import annotations

from devices.base import ScannedPage
from devices.page.encode import encode
from devices.page.picture import decode
from devices.page.shading import even_light
from devices.page.straighten import A4

DPI = 200  # more is thrown away: 9 point Chinese print is read without fault from 150 on


def compact(data: bytes) -> ScannedPage:
    """The page as it is kept; never larger than it came. Raises ScanFailed not-an-image, picture-too-large."""
    import cv2
    import numpy as np

    picture = decode(data)
    long = max(picture.shape[:2])
    dpi = long / A4[1] * 25.4  # of A4; a smaller paper is taken for coarser than it is, which keeps more of it
    if dpi > DPI:
        factor = DPI / dpi
        size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        dpi = DPI
    if min(picture.shape[:2]) < 200:  # a thumbnail, a mark: nothing to win
        return ScannedPage(data)
    kept = encode(even_light(picture), dpi)
    return ScannedPage(kept.data, kept.media_type) if len(kept.data) < len(data) else ScannedPage(data)

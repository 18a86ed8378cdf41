# SPDX-License-Identifier: Apache-2.0
"""What on an evenly lit page is paper, dark ink, coloured ink or a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.page.picture import grey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from devices.page.picture import Picture

    Mask = NDArray[np.bool_]
    Grey = NDArray[np.uint8]

_SAUVOLA, _DEVIATION = 0.2, 128.0  # Sauvola and Pietikäinen, Adaptive document image binarization, 2000
_WINDOW_MM = 5.0  # a Chinese character in 12 point and the white around it
_CHROMA = 48  # grey levels between the channels of a colour that is meant; camera noise and fringes stay below 35
_PALE = 205  # coloured paper is brighter than coloured ink in its darkest channel
_FAINT = 0.935  # of the paper's brightness
_FAINT_MM = 1.0  # side of a square as large as the smallest faint mark that is kept
_LEAST_INK = 200  # pixels
_PALE_INK = 170
_PICTURE_MM = 3.0  # nothing written is this thick


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the page's area: `picture` tones in blocks thicker than writing, `coloured` ink or tones in colour."""

    picture: float
    coloured: float
    faint: bool  # even the darkest ink is pale, as pencil or an old thermal slip


def dark_ink(brightness: Grey, dpi: float) -> Mask:
    """Where there is ink, against the paper right around it."""
    import cv2
    import numpy as np

    side = max(9, round(_WINDOW_MM / 25.4 * dpi)) | 1
    calm = cv2.GaussianBlur(brightness, (0, 0), 0.7).astype(np.float32)
    mean = cv2.boxFilter(calm, -1, (side, side))
    spread = np.sqrt(np.maximum(cv2.boxFilter(calm * calm, -1, (side, side)) - mean * mean, 0))
    return np.asarray(calm < mean * (1 + _SAUVOLA * (spread / _DEVIATION - 1)), dtype=np.bool_)


def faint_ink(brightness: Grey, dpi: float, dark: Mask) -> Mask:
    """Pencil, pale rulings, carbon copies: what is a little darker than the paper around it, and away from dark ink."""
    import cv2
    import numpy as np

    side = max(9, round(_WINDOW_MM / 25.4 * dpi)) | 1
    calm = cv2.GaussianBlur(brightness, (0, 0), 0.9)
    paper = cv2.medianBlur(cv2.resize(calm, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), min(side, 31))
    around = cv2.resize(paper, (calm.shape[1], calm.shape[0]), interpolation=cv2.INTER_LINEAR)
    near = cv2.dilate(dark.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    found = (calm < around * _FAINT) & ~near
    least = round((_FAINT_MM / 25.4 * dpi) ** 2)
    return large_spots(np.asarray(found, dtype=np.bool_), least)


def large_spots(ink: Mask, least: int) -> Mask:
    """Only what hangs together over at least so many pixels."""
    import cv2
    import numpy as np

    _count, labels, facts, _middles = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    keep = facts[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return np.asarray(keep[labels], dtype=np.bool_)


def coloured_ink(page: Picture) -> Mask:
    """Where there is red, blue or another deliberate colour."""
    import cv2
    import numpy as np

    calm = cv2.GaussianBlur(page, (0, 0), 0.9)
    low = calm.min(axis=2)
    return np.asarray((calm.max(axis=2).astype(np.int16) - low > _CHROMA) & (low < _PALE), dtype=np.bool_)


def shares(page: Picture, dpi: float) -> Shares:
    """What the page holds, for choosing how to keep it."""
    import cv2
    import numpy as np

    brightness = grey(page)
    coloured = coloured_ink(page).astype(np.uint8)
    specks = cv2.morphologyEx(coloured, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(_PICTURE_MM / 50.8 * dpi) + 1,) * 2)
    filled = cv2.morphologyEx(cv2.min(brightness, page.min(axis=2)), cv2.MORPH_CLOSE, kernel)
    ink = dark_ink(brightness, dpi)
    written = brightness[ink & (coloured == 0)]
    return Shares(float((filled < 215).mean()), float(specks.mean()), _faint(written))


def _faint(written: Grey) -> bool:
    import numpy as np

    return written.size >= _LEAST_INK and float(np.quantile(written, 0.1)) >= _PALE_INK

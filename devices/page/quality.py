# SPDX-License-Identifier: Apache-2.0
"""Whether a picture of a page will be legible, judged while the paper still lies there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.page.picture import grey
from devices.page.sharpness import edge_width
from devices.page.straighten import A4, check_corners, proportion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from devices.page.picture import Corners, Picture

# Measured with bench pages by the error rate of text recognition; tests/devices/page/test_quality.py holds them.
BLUR_MM = 0.30  # edge width on the paper: 9 point Chinese print is lost at 0.35, 12 point at 0.45
DARK = 80  # brightness of the paper
GLARE_SHARE = 0.004  # of the page: two words in 12 point
LEAST_DPI = 120
_BURNT = 250  # all channels: nothing of the print is left
_EDGE = 3  # pixels from the picture's border: the page goes on outside
_PAPER_RATIO = 0.25  # how far from A4's proportion paper is still reckoned as A4 for its resolution


@dataclass(frozen=True, slots=True)
class Quality:
    """`reasons`: blurred, glare, dark, low-resolution, cut-off. `dpi` takes the paper for A4, or as long as A4."""

    blurred: bool
    glare: bool
    dark: bool
    dpi: float
    reasons: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Nothing is wrong with it."""
        return not self.reasons


def judge(picture: Picture, corners: Corners) -> Quality:
    """Of the page between the corners. Raises ScanFailed corners-wrong."""
    import numpy as np

    given = np.asarray(corners, dtype=np.float32)
    check_corners(given)
    part, mask = _page_only(picture, given)
    brightness = grey(part)
    inside = mask > 0
    dpi = resolution(given, picture.shape[1], picture.shape[0])
    width = edge_width(brightness, mask)
    paper = float(np.quantile(brightness[inside], 0.85)) if inside.any() else 0.0
    blurred = width is not None and width / dpi * 25.4 > BLUR_MM
    glare = _burnt_share(part, mask) > GLARE_SHARE and float(np.median(brightness[inside])) < _BURNT - 5
    dark = paper < DARK
    limits = np.array([picture.shape[1] - 1, picture.shape[0] - 1])
    cut_off = bool(((given < _EDGE) | (given > limits - _EDGE)).any())
    faults = {"blurred": blurred, "glare": glare, "dark": dark, "low-resolution": dpi < LEAST_DPI, "cut-off": cut_off}
    return Quality(blurred, glare, dark, dpi, tuple(code for code, is_so in faults.items() if is_so))


def resolution(corners: Corners, width: int, height: int) -> float:
    """Pixels per inch of paper, taking it for A4 lying either way; other paper for as long as A4, so at least."""
    import numpy as np

    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    wide, high = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
    ratio = proportion(corners, width, height)
    long, short = (high, wide) if ratio >= 1 else (wide, high)
    by_length = long / A4[1] * 25.4
    if abs(max(ratio, 1 / ratio) * A4[0] / A4[1] - 1) > _PAPER_RATIO:
        return float(by_length)
    return float(min(by_length, short / A4[0] * 25.4))


def _page_only(picture: Picture, corners: Corners) -> tuple[Picture, NDArray[np.uint8]]:
    """The part of the picture around the page, and where the page is in it, a little inside its sides."""
    import cv2
    import numpy as np

    middle = corners.mean(axis=0)
    inner = middle + (corners - middle) * 0.97
    low = np.clip(np.floor(inner.min(axis=0)), 0, None).astype(int)
    high = np.ceil(inner.max(axis=0)).astype(int) + 1
    part = np.ascontiguousarray(picture[low[1] : high[1], low[0] : high[0]])
    mask = np.zeros(part.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(inner - low).astype(np.int32), 255)
    return part, mask


def _burnt_share(part: Picture, mask: NDArray[np.uint8]) -> float:
    """Share of the page in burnt spots that are larger than the white between two lines of print could be by noise."""
    import cv2
    import numpy as np

    burnt = (part.min(axis=2) >= _BURNT).astype(np.uint8) & (mask > 0).astype(np.uint8)
    side = max(3, round(part.shape[1] * 0.012)) | 1
    spots = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    return float(spots.sum()) / max(1.0, float((mask > 0).sum()))

# SPDX-License-Identifier: Apache-2.0
"""From a picture of a page to the page: upright on its four corners, in its own proportions, on white paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from devices.errors import ScanFailed

if TYPE_CHECKING:
    from devices.page.picture import Corners, Picture

Paper = Literal["a4", "a4-landscape", "other"]
A4 = (210.0, 297.0)  # mm
_A4_RATIO = A4[1] / A4[0]
_NEAR_A4 = 0.06  # the measured proportion of A4 is off by 3 % with corners a few pixels off
_LEAST_SIDE = 24  # pixels


@dataclass(frozen=True, slots=True)
class Page:
    """A straightened page at `dpi`. For paper that is not A4 the size is a guess from how an A4 sheet would lie."""

    picture: Picture
    dpi: float
    paper: Paper


def straighten(picture: Picture, corners: Corners, dpi: float = 200, paper: Paper | None = None) -> Page:
    """Corners clockwise from the top left, found or given by hand. `paper` None: A4 where the proportions are A4's.

    A page that is not A4 comes with as many pixels as the camera saw, at most A4's long side at `dpi`.
    Raises ScanFailed corners-wrong where the corners make no page.
    """
    import cv2
    import numpy as np

    given = np.asarray(corners, dtype=np.float32)
    check_corners(given)
    ratio = proportion(given, picture.shape[1], picture.shape[0])
    if paper is None:
        paper = "a4" if _near(ratio, _A4_RATIO) else "a4-landscape" if _near(ratio, 1 / _A4_RATIO) else "other"
    short, long = round(A4[0] / 25.4 * dpi), round(A4[1] / 25.4 * dpi)
    sizes = {"a4": (short, long), "a4-landscape": (long, short)}
    width, height = sizes.get(paper) or _seen_size(given, ratio, long)
    to = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - 0.5
    warp = cv2.getPerspectiveTransform(given, to)
    # Cubic keeps strokes sharp; where pixels are thrown away their mean is kept, else thin strokes break.
    shrinks = np.linalg.norm(given[1] - given[0]) > 1.6 * width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    flat = cv2.warpPerspective(picture, warp, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE)
    return Page(np.asarray(flat, dtype=np.uint8), dpi, paper)


def check_corners(corners: Corners) -> None:
    """Raises ScanFailed corners-wrong: crossed over, turning the wrong way, or too close together."""
    import numpy as np

    wrong = ScanFailed("corners-wrong", "these four corners make no page; drag each corner onto the paper's")
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        raise wrong
    onward = np.roll(corners, -1, axis=0) - corners
    turning = onward[:, 0] * np.roll(onward, -1, axis=0)[:, 1] - onward[:, 1] * np.roll(onward, -1, axis=0)[:, 0]
    if (turning <= 0).any() or np.linalg.norm(onward, axis=1).min() < _LEAST_SIDE:
        raise wrong


def proportion(corners: Corners, width: int, height: int) -> float:
    """Height to width of the paper itself, the slant of the camera reckoned out.

    Of a rectangle's homography the columns are at right angles and as long as its sides once the focal length is
    known, which follows from the first condition (Zhang and He, Whiteboard scanning and image enhancement, 2003).
    Seen straight from above nothing slants, and the sides as seen are the answer.
    """
    import cv2
    import numpy as np

    plain = _mean_side(corners, 1) / _mean_side(corners, 0)
    centred = np.asarray(corners - np.array([width / 2, height / 2]), dtype=np.float32)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    h = cv2.getPerspectiveTransform(square, centred)
    one, two = h[:, 0], h[:, 1]
    slant = one[2] * two[2]
    if abs(slant) < 1e-3:
        return plain
    focal = -(one[0] * two[0] + one[1] * two[1]) / slant
    if not (0.5 * width) ** 2 < focal < (6 * max(width, height)) ** 2:
        return plain  # no lens of a document camera: the corners are too rough for this
    lengths = [np.sqrt((each[0] ** 2 + each[1] ** 2) / focal + each[2] ** 2) for each in (one, two)]
    ratio = float(lengths[1] / lengths[0])
    return ratio if abs(ratio / plain - 1) < 0.25 else plain


def _mean_side(corners: Corners, first: int) -> float:
    import numpy as np

    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return float((sides[first] + sides[first + 2]) / 2)


def _near(ratio: float, wanted: float) -> bool:
    return abs(ratio / wanted - 1) < _NEAR_A4


def _seen_size(corners: Corners, ratio: float, most: int) -> tuple[int, int]:
    wide = _mean_side(corners, 0)
    high = wide * ratio
    shrink = min(1.0, most / max(wide, high))
    return max(8, round(wide * shrink)), max(8, round(high * shrink))

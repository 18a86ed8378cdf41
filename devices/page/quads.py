# SPDX-License-Identifier: Apache-2.0
"""Guesses of a page's outline: four of the lines, in two roughly parallel pairs, of a fair size and shape."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from devices.page.lines import Floats

LEAST_AREA = 0.06  # of the picture; a till slip under a camera set for A4 takes 0.1
_PARALLEL, _ACROSS = math.radians(18), math.radians(60)
_MOST_COSINE = 0.42  # corners between 65 and 115 degrees
_LONGEST = 4.5  # longer side to shorter side


def guesses(lines: Floats, width: int, height: int) -> Floats:
    """Corners of every guess (n x 4 x 2), in order."""
    import numpy as np

    none = np.zeros((0, 4, 2), np.float32)
    chosen = _fours(lines[:, 0]) if len(lines) else []
    if not chosen:
        return none
    index = np.array(chosen)
    crossings = [_cross(lines[index[:, k]], lines[index[:, (k + 1) % 4]]) for k in range(4)]
    corners = np.stack(crossings, axis=1)
    margin = 0.01 * max(width, height)
    inside = ((corners > -margin) & (corners < np.array([width, height]) + margin)).all(axis=(1, 2))
    corners = in_order(corners[inside]) if inside.any() else none
    return np.asarray(corners[_fair(corners, width * height)], dtype=np.float32)


def in_order(corners: Floats) -> Floats:
    """Each four points clockwise as seen, from the one nearest to the top left."""
    import numpy as np

    away = corners - corners.mean(axis=1, keepdims=True)
    around = np.argsort(np.arctan2(away[:, :, 1], away[:, :, 0]), axis=1)
    ordered = np.take_along_axis(corners, around[:, :, None], axis=1)
    first = np.argmin(ordered.sum(axis=2), axis=1)
    turned = (first[:, None] + np.arange(4)[None, :]) % 4
    return np.asarray(np.take_along_axis(ordered, turned[:, :, None], axis=1), dtype=np.float32)


def area(corners: Floats) -> Floats:
    """Of each four corners, in square pixels."""
    import numpy as np

    following = np.roll(corners, -1, axis=1)
    crossed = corners[:, :, 0] * following[:, :, 1] - corners[:, :, 1] * following[:, :, 0]
    return np.asarray(np.abs(crossed.sum(axis=1)) / 2, dtype=np.float32)


def _fours(angles: NDArray[np.float32]) -> list[tuple[int, int, int, int]]:
    """Indexes of lines, going around."""
    pairs = [(i, j) for i, j in combinations(range(len(angles)), 2) if _turn(angles[i], angles[j]) < _PARALLEL]
    return [
        (a, c, b, d)
        for (a, b), (c, d) in combinations(pairs, 2)
        if _turn(angles[a], angles[c]) > _ACROSS and _turn(angles[b], angles[d]) > _ACROSS
    ]


def _turn(one: float, other: float) -> float:
    """Between two lines, 0 to a right angle."""
    return abs((float(one) - float(other) + math.pi / 2) % math.pi - math.pi / 2)


def _cross(one: Floats, two: Floats) -> Floats:
    import numpy as np

    c1, s1, c2, s2 = np.cos(one[:, 0]), np.sin(one[:, 0]), np.cos(two[:, 0]), np.sin(two[:, 0])
    det = c1 * s2 - s1 * c2  # the sine of the angle between them, which is large
    x, y = (one[:, 1] * s2 - s1 * two[:, 1]) / det, (c1 * two[:, 1] - one[:, 1] * c2) / det
    return np.asarray(np.stack([x, y], axis=1), dtype=np.float32)


def _fair(corners: Floats, whole: float) -> NDArray[np.bool_]:
    import numpy as np

    onward = np.roll(corners, -1, axis=1) - corners
    back = np.roll(corners, 1, axis=1) - corners
    lengths = np.linalg.norm(onward, axis=2) + 1e-6
    cosines = (onward * back).sum(axis=2) / (lengths * np.roll(lengths, 1, axis=1))
    turning = onward[:, :, 0] * back[:, :, 1] - onward[:, :, 1] * back[:, :, 0]
    one_way, other_way = lengths[:, 0] + lengths[:, 2], lengths[:, 1] + lengths[:, 3]
    long_enough = np.maximum(one_way, other_way) < _LONGEST * np.minimum(one_way, other_way)
    right = (np.abs(cosines) < _MOST_COSINE).all(axis=1) & (turning > 0).all(axis=1)
    return np.asarray(right & long_enough & (area(corners) > LEAST_AREA * whole), dtype=np.bool_)

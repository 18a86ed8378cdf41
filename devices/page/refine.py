# SPDX-License-Identifier: Apache-2.0
"""Corners to the pixel: along each side the step is looked for in the whole picture, and a line laid through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devices.page.lines import Floats
    from devices.page.picture import Corners, Picture

_SAMPLES = 72
_REACHES = (7.0, 3.0)  # pixels of the small copy to either side: first roughly, then exactly
_LEAST = 12  # places that must agree before a side is moved


def refine(picture: Picture, corners: Corners, factor: float) -> Corners:
    """`corners` in the picture's pixels; `factor` is the small copy's. A side that shows no step stays."""
    for reach in _REACHES:
        corners = _refine(picture, corners, reach * factor)
    return corners


def _refine(picture: Picture, corners: Corners, reach: float) -> Corners:
    import numpy as np

    sides = [_side(picture, corners[k], corners[(k + 1) % 4], reach) for k in range(4)]
    refined = np.empty_like(corners)
    for k in range(4):
        (p, u), (q, v) = sides[k - 1], sides[k]
        det = u[0] * v[1] - u[1] * v[0]
        if abs(det) < 0.3:
            return corners
        share = ((q[0] - p[0]) * v[1] - (q[1] - p[1]) * v[0]) / det
        refined[k] = p + u * share
    moved = np.linalg.norm(refined - corners, axis=1).max()
    return corners if moved > 4 * reach else refined


def _side(picture: Picture, start: Floats, end: Floats, reach: float) -> tuple[Floats, Floats]:
    """A point of the side and its direction."""
    import cv2
    import numpy as np

    length = float(np.linalg.norm(end - start))
    unit = (end - start) / max(length, 1e-6)
    normal = np.array([unit[1], -unit[0]], np.float32)
    share = np.linspace(0.05, 0.95, _SAMPLES, dtype=np.float32)
    middle = start + (end - start) * share[:, None]
    offsets = np.arange(-reach, reach + 0.5, 0.5, dtype=np.float32)
    places = (middle[:, None, :] + normal * offsets[None, :, None]).astype(np.float32)
    seen = cv2.remap(
        picture, places[:, :, 0], places[:, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    third = max(2, len(offsets) // 4)
    usual = np.median(seen[:, :third].mean(axis=1) - seen[:, -third:].mean(axis=1), axis=0)
    strength = float(np.linalg.norm(usual))
    if strength < 1:
        return start, unit
    profile = seen @ (usual / strength).astype(np.float32)  # falls from inside to outside
    profile = cv2.GaussianBlur(profile, (0, 0), sigmaX=max(1.2, reach / 8), sigmaY=1.5)
    fall = profile[:, :-2] - profile[:, 2:]
    best = fall.argmax(axis=1)
    strong = (fall.max(axis=1) > 0.25 * fall.max()) & (best > 0) & (best < fall.shape[1] - 1)
    if strong.sum() < _LEAST:
        return start, unit
    rows = np.nonzero(strong)[0]
    before, peak, after = (fall[rows, best[rows] + k] for k in (-1, 0, 1))
    bend = before - 2 * peak + after
    part = np.where(np.abs(bend) > 1e-6, 0.5 * (before - after) / np.where(bend == 0, 1, bend), 0)
    away = offsets[best[rows] + 1] + np.clip(part, -1, 1) * 0.5
    points = (middle[rows] + normal * away[:, None]).astype(np.float32)
    vx, vy, x, y = np.asarray(cv2.fitLine(points, cv2.DIST_WELSCH, 0, 0.01, 0.01), dtype=np.float32).ravel()
    return np.array([x, y], np.float32), np.array([vx, vy], np.float32)

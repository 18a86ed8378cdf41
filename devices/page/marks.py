# SPDX-License-Identifier: Apache-2.0
"""Marks for guesses: all four sides must be a step of one kind, with smooth paper inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from devices.page.lines import Floats

_BAND = (3.0, 4.5, 6.0)  # pixels of the small copy beside a side where the colours of both sides are taken
_STEP = 1.2  # CIELAB units: the smallest step that is believed; grain and noise stay below 1 in the small copy
_CLEAR = 8.0  # a step of this size needs no further proof
_ROUGH = 9.0  # CIELAB units along a side inside: paper stays below 3, a printed photograph is above 10
_CHUNK = 400  # guesses marked at once, for memory


@dataclass(frozen=True, slots=True)
class Marks:
    """Of n guesses. `seen`: share of the weakest side where the step is seen; `step`: the weakest side's, CIELAB."""

    total: NDArray[np.float32]  # 0 to 1, for choosing
    seen: NDArray[np.float32]
    step: NDArray[np.float32]
    brighter: NDArray[np.bool_]  # inside than outside, on all four sides


def mark(lab: Floats, corners: Floats, samples: int) -> Marks:
    """Marks for each guess (n x 4 x 2), from `samples` places on each side."""
    import numpy as np

    parts = [_mark(lab, corners[at : at + _CHUNK], samples) for at in range(0, len(corners), _CHUNK)]
    return Marks(*(np.concatenate([getattr(each, name) for each in parts]) for name in Marks.__slots__))


def _mark(lab: Floats, corners: Floats, samples: int) -> Marks:
    import numpy as np

    inside, outside, known = _beside(lab, corners, samples)
    difference = inside - outside  # n, side, sample, channel
    usual = np.median(difference, axis=2)
    step = np.linalg.norm(usual, axis=2) + 1e-6
    along = (difference * (usual / step[:, :, None])[:, :, None, :]).sum(axis=3)
    seen = ((along > np.maximum(_STEP, 0.4 * step)[:, :, None]) & known).mean(axis=2)
    mean = usual.mean(axis=1)
    alike = (usual @ (mean / (np.linalg.norm(mean, axis=1, keepdims=True) + 1e-6))[:, :, None])[:, :, 0] / step
    places = np.linspace(-1, 1, samples)
    bright = inside[:, :, :, 0]
    slope = (bright * places).mean(axis=2, keepdims=True) / (places**2).mean()
    rough = (bright - bright.mean(axis=2, keepdims=True) - slope * places).std(axis=2).max(axis=1)
    side = seen * (0.55 + 0.45 * np.minimum(1, step / _CLEAR)) * np.clip(alike * 1.5, 0, 1)
    smooth = np.exp(-((rough / _ROUGH) ** 2))
    total = side.min(axis=1) * (0.7 + 0.3 * side.mean(axis=1)) * (0.3 + 0.7 * smooth)
    return Marks(
        total.astype(np.float32),
        seen.min(axis=1).astype(np.float32),
        step.min(axis=1).astype(np.float32),
        (usual[:, :, 0] > 0).all(axis=1),
    )


def _beside(lab: Floats, corners: Floats, samples: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Mean colours inside and outside along the sides, and whether both lie in the picture."""
    import numpy as np

    onward = np.roll(corners, -1, axis=1) - corners
    share = np.linspace(0.04, 0.96, samples, dtype=np.float32)
    points = corners[:, :, None, :] + onward[:, :, None, :] * share[None, None, :, None]
    unit = onward / (np.linalg.norm(onward, axis=2, keepdims=True) + 1e-6)
    normal = np.stack([unit[:, :, 1], -unit[:, :, 0]], axis=2)[:, :, None, :]  # outward: the corners go clockwise
    height, width = lab.shape[:2]
    known = np.ones(points.shape[:3], np.bool_)
    sums = [np.zeros((*points.shape[:3], 3), np.float32) for _ in range(2)]
    for total, way in zip(sums, (-1, 1), strict=True):
        for away in _BAND:
            at = np.rint(points + normal * (way * away)).astype(np.int32)
            x, y = at[..., 0], at[..., 1]
            known &= (x >= 0) & (x < width) & (y >= 0) & (y < height)
            total += lab[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]
    inside, outside = (np.asarray(total / len(_BAND), dtype=np.float32) for total in sums)
    return inside, outside, np.asarray(known, dtype=np.bool_)

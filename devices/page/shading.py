# SPDX-License-Identifier: Apache-2.0
"""Uneven light reckoned out, so that paper is white everywhere; pictures printed on it keep their tones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from devices.page.picture import Picture

WHITE = 252  # what paper becomes
_SMALL = 160  # pixels of the longer side of the copy in which the light is measured
_PRINT = 9  # pixels of that copy: writing is thinner
_NEAR = 0.82  # a place darker than this share of the smooth light is not paper


def even_light(page: Picture) -> Picture:
    """The page as if lit evenly and white balanced on its paper."""
    import cv2
    import numpy as np

    height, width = page.shape[:2]
    factor = max(height, width) / _SMALL
    size = (max(8, round(width / factor)), max(8, round(height / factor)))
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_PRINT, _PRINT))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel).astype(np.float32) + 1
    smooth = np.stack([_surface(paper[:, :, k]) for k in range(3)], axis=2)
    known = ((paper > _NEAR * smooth).all(axis=2) & _as_coloured(paper, smooth)).astype(np.float32)
    # Near paper the light as measured (a hand's shadow), elsewhere the smooth surface laid through all paper.
    soft = cv2.GaussianBlur(known, (0, 0), 4)[:, :, None]
    local = cv2.GaussianBlur(paper * known[:, :, None], (0, 0), 4) / np.maximum(soft, 1e-3)
    trust = np.clip(soft * 3 - 1.2, 0, 1)
    light = np.maximum(local * trust + smooth * (1 - trust), 24).astype(np.float32)
    light = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(page, light, scale=WHITE, dtype=cv2.CV_8U)
    return np.asarray(even, dtype=np.uint8)


def _surface(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """A surface of third order through the brightest of what is there, in logarithms, as light multiplies."""
    import numpy as np

    down, across = np.mgrid[-1 : 1 : plane.shape[0] * 1j, -1 : 1 : plane.shape[1] * 1j]
    terms = np.stack([across**i * down**j for i in range(4) for j in range(4 - i)], axis=2).reshape(-1, 10)
    wanted = np.log(plane.ravel().astype(np.float64))
    weight = np.where(wanted > np.quantile(wanted, 0.4), 1.0, 0.05)
    surface = wanted
    for _round in range(6):
        factors, *_ = np.linalg.lstsq(terms * weight[:, None], wanted * weight, rcond=None)
        surface = terms @ factors
        short = surface - wanted  # paper lies on the surface, print below it
        weight = np.where(short > 0.10, 0.01, np.where(short > 0.04, 0.3, 1.0))
    most = float(np.log(plane.max())) + 0.05
    return np.asarray(np.exp(np.minimum(surface, most)).reshape(plane.shape), dtype=np.float32)


def _as_coloured(paper: NDArray[np.float32], smooth: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where the colour is the paper's, whatever its brightness."""
    import numpy as np

    tint = paper / smooth
    return np.asarray(tint.max(axis=2) < 1.08 * tint.min(axis=2), dtype=np.bool_)

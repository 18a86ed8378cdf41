# SPDX-License-Identifier: Apache-2.0
"""How wide edges are: the one measure of blur that depends neither on how much is printed nor on the light."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WINDOW = 15  # pixels: an edge blurred more than this is a slope
_LEAST_CONTRAST = 24  # grey levels; noise of a dim picture reaches 20 within a window
_LEAST_EDGES = 150  # pixels, of each direction; a page with less has nothing to judge


def edge_width(grey: NDArray[np.uint8], mask: NDArray[np.uint8] | None = None) -> float | None:
    """Standard deviation of the blur in pixels, of the worse of both directions; None where there is no print.

    For an edge blurred by a Gaussian the steepest slope is contrast / (sigma * sqrt(2 pi)). A picture smeared by
    motion is wide in one direction only, so each is measured for itself. Fine print reads a third too sharp.
    """
    widths = [_one_way(grey, mask, across) for across in (True, False)]
    known = [each for each in widths if each is not None]
    return max(known) if known else None


def _one_way(grey: NDArray[np.uint8], mask: NDArray[np.uint8] | None, across: bool) -> float | None:
    import cv2
    import numpy as np

    calm = cv2.GaussianBlur(grey, (3, 1) if not across else (1, 3), 0)  # along the edge, which widens nothing
    kernel = np.ones((1, _WINDOW) if across else (_WINDOW, 1), np.uint8)
    contrast = cv2.subtract(cv2.dilate(calm, kernel), cv2.erode(calm, kernel))
    step = np.array([[-0.5, 0, 0.5]], np.float32)
    slope = np.abs(cv2.filter2D(calm, cv2.CV_32F, step if across else step.T))
    peak = slope >= cv2.dilate(slope, kernel)
    strong = peak & (contrast >= max(_LEAST_CONTRAST, 0.45 * float(contrast.max())))
    if mask is not None:
        strong &= mask > 0
    if int(strong.sum()) < _LEAST_EDGES:
        return None
    ratio = slope[strong] / contrast[strong].astype(np.float32)
    return 1 / (max(float(np.median(ratio)), 0.01) * math.sqrt(2 * math.pi))

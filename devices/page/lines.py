# SPDX-License-Identifier: Apache-2.0
"""Where a page's sides may be: straight steps of colour, from edges and outlines, in a small copy of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from devices.page.picture import Picture

    Floats = NDArray[np.float32]

WORK = 640  # pixels of the longer side of the small copy
_PRINT = 17  # pixels of the small copy: writing and rulings are thinner, and are painted over with paper
_MOST_LINES = 36


def small_copy(picture: Picture) -> tuple[Picture, float]:
    """The picture with WORK pixels on its longer side, and the factor back."""
    import cv2
    import numpy as np

    factor = max(picture.shape[:2]) / WORK
    size = (max(8, round(picture.shape[1] / factor)), max(8, round(picture.shape[0] / factor)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


def without_print(small: Picture) -> Floats:
    """CIELAB with dark thin things gone, so that a table's ruling is no step but a page's side is one."""
    import cv2
    import numpy as np

    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_PRINT, _PRINT))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    lab = cv2.cvtColor(cv2.GaussianBlur(closed, (0, 0), 1.0).astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    return np.asarray(lab, dtype=np.float32)


def find_lines(small: Picture, lab: Floats) -> Floats:
    """Lines as (angle of the normal, distance from the origin), the strongest first."""
    import cv2
    import numpy as np

    found: list[tuple[float, float, float]] = []
    raw = np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), dtype=np.float32)
    for field in (lab, raw):
        found += _hough(_edges(field))
    found += _outline_sides(lab)
    kept: list[tuple[float, float, float]] = []
    middle = np.array([small.shape[1] / 2, small.shape[0] / 2])
    for line in sorted(found, key=lambda each: -each[2]):
        if not any(_same(line, other, middle) for other in kept):
            kept.append(line)
        if len(kept) == _MOST_LINES:
            break
    return np.array([(angle, away) for angle, away, _ in kept], np.float32).reshape(-1, 2)


def _edges(field: Floats) -> NDArray[np.uint8]:
    """Edges in any of the three channels, down to what just stands out of the noise."""
    import cv2
    import numpy as np

    smooth = cv2.GaussianBlur(field, (0, 0), 1.4)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    strongest = np.argmax(across**2 + down**2, axis=2)[:, :, None]
    across = np.take_along_axis(across, strongest, 2)[:, :, 0]
    down = np.take_along_axis(down, strongest, 2)[:, :, 0]
    size = np.hypot(across, down)
    low = max(1.5, float(np.median(size)) * 3)
    scale = 40 / low  # Canny takes whole numbers
    edges = cv2.Canny(
        np.clip(across * scale, -32000, 32000).astype(np.int16),
        np.clip(down * scale, -32000, 32000).astype(np.int16),
        40,
        80,
        L2gradient=True,
    )
    return np.asarray(edges, dtype=np.uint8)


def _hough(edges: NDArray[np.uint8]) -> list[tuple[float, float, float]]:
    import cv2
    import numpy as np

    least = min(edges.shape) // 6
    segments = cv2.HoughLinesP(edges, 1, np.pi / 360, least, minLineLength=least, maxLineGap=12)
    if segments is None:
        return []
    ends = np.asarray(segments, dtype=np.float64).reshape(-1, 4)
    return [_line(x0, y0, x1, y1) for x0, y0, x1, y1 in ends]


def _outline_sides(lab: Floats) -> list[tuple[float, float, float]]:
    """Sides of the outlines of what is brighter, or less coloured, than the rest."""
    import cv2
    import numpy as np

    found = []
    colour = np.hypot(lab[:, :, 1], lab[:, :, 2])
    for channel in (lab[:, :, 0], 100 - colour):
        # OpenCV's types forget that the destination may be None.
        plane = cv2.normalize(channel, None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)  # type: ignore[call-overload]
        _, blobs = cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        outlines, _ = cv2.findContours(blobs, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in outlines:
            if cv2.contourArea(outline) < 0.05 * plane.size:
                continue
            hull = cv2.convexHull(outline)
            around = cv2.arcLength(hull, True)
            points = cv2.approxPolyDP(hull, 0.015 * around, True).reshape(-1, 2).astype(np.float64)
            for start, end in zip(points, np.roll(points, -1, axis=0), strict=True):
                line = _line(*start, *end)
                if line[2] > min(plane.shape) / 6:
                    found.append(line)
    return found


def _line(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float]:
    """Angle of the normal in [0, pi), distance, length."""
    import math

    length = math.hypot(x1 - x0, y1 - y0)
    angle = math.atan2(x1 - x0, -(y1 - y0)) % math.pi
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    return angle, middle[0] * math.cos(angle) + middle[1] * math.sin(angle), length


def _same(line: tuple[float, float, float], other: tuple[float, float, float], middle: NDArray[np.float64]) -> bool:
    """Whether two lines run within a few pixels of each other across the picture."""
    import math

    turn = (line[0] - other[0] + math.pi / 2) % math.pi - math.pi / 2
    if abs(turn) > math.radians(2.5):
        return False
    at = [float(each[1] - middle[0] * math.cos(each[0]) - middle[1] * math.sin(each[0])) for each in (line, other)]
    return abs(at[0] - at[1] * (1 if abs(other[0] - line[0]) < 1 else -1)) < 5

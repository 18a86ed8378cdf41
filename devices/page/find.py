# SPDX-License-Identifier: Apache-2.0
"""Where the page is in a picture, and whether that is sure: on a table as light as the paper one can only guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.page.lines import find_lines, small_copy, without_print
from devices.page.marks import Marks, mark
from devices.page.quads import area, guesses
from devices.page.refine import refine

if TYPE_CHECKING:
    from devices.page.lines import Floats
    from devices.page.picture import Corners, Picture

SURE = 0.55  # confidence from which nobody is asked; measured in tests/devices/page/test_find.py
_LEAST_STEP, _LEAST_SEEN = 2.2, 0.85
_FIRST, _SECOND = 14, 48  # samples on a side: for all guesses, for the best of them
_KEPT = 60
_HOPELESS = 0.12  # marks below which there is no page by its colour
_ALIKE = 0.025  # of the diagonal: corners nearer than this are the same guess
_RIVAL = 0.85  # another guess with this share of the best one's marks makes the best one unsure


@dataclass(frozen=True, slots=True)
class Found:
    """Corners clockwise from the top left, in pixels. Where `sure` is not set, a person must look, and move them."""

    corners: Corners
    confidence: float
    sure: bool


def find_page(picture: Picture) -> Found:
    """Always answers; without any guess it is the whole picture with no confidence. About 0.1 s."""
    import numpy as np

    small, factor = small_copy(picture)
    lab = without_print(small)
    corners = guesses(find_lines(small, lab), small.shape[1], small.shape[0])
    if not len(corners):
        return Found(whole(picture), 0.0, False)
    first = mark(lab, corners, _FIRST).total
    if first.max() < _HOPELESS:
        return Found(whole(picture), 0.0, False)
    corners = corners[np.argsort(-first)[:_KEPT]]
    marks = mark(lab, corners, _SECOND)
    best = _choose(corners, marks)
    refined = refine(picture, np.asarray(corners[best] * factor, dtype=np.float32), factor)
    exact = np.asarray(np.clip(refined, 0, whole(picture)[2]), dtype=np.float32)
    cut_off = bool(np.abs(exact - refined).max() > factor)
    proof = mark(lab, (exact / factor)[None].astype(np.float32), _SECOND)
    confidence = float(proof.total[0])
    if _rival(corners, marks, best):
        confidence *= 0.6
    sure = bool(not cut_off and confidence >= SURE and proof.step[0] >= _LEAST_STEP and proof.seen[0] >= _LEAST_SEEN)
    return Found(exact, confidence, sure)


def whole(picture: Picture) -> Corners:
    """The picture's own corners."""
    import numpy as np

    right, bottom = picture.shape[1] - 1, picture.shape[0] - 1
    return np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)


def _choose(corners: Floats, marks: Marks) -> int:
    """The best; or a good one around it: what is printed lies inside paper, and paper is not darker than its table."""
    import numpy as np

    best = int(np.argmax(marks.total))
    areas = area(corners)
    good = marks.brighter & (marks.seen >= _LEAST_SEEN) & (marks.total > 0.5 * marks.total[best])
    larger = np.nonzero(good & (areas > 1.1 * areas[best]))[0]
    around = [int(k) for k in larger if _within(corners[best], corners[k])]
    return max(around, key=lambda k: float(marks.total[k])) if around else best


def _within(inner: Floats, outer: Floats) -> bool:
    import cv2

    return all(cv2.pointPolygonTest(outer, (float(x), float(y)), True) > -4 for x, y in inner)


def _rival(corners: Floats, marks: Marks, best: int) -> bool:
    """Whether another place has nearly as good marks, and does not just lie inside the best one."""
    import numpy as np

    size = float(np.linalg.norm(corners[best][0] - corners[best][2]))
    apart = np.linalg.norm(corners - corners[best], axis=2).max(axis=1) > _ALIKE * size
    near = apart & (marks.total > _RIVAL * marks.total[best])
    return any(not _within(corners[k], corners[best]) for k in np.nonzero(near)[0])

# SPDX-License-Identifier: Apache-2.0
"""A page under a camera: what to show while it is laid, the sharpest of several pictures, and the page from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.base import CameraView, ScannedPage
from devices.errors import ScanFailed
from devices.page.encode import encode
from devices.page.find import find_page
from devices.page.picture import encode_jpeg, grey
from devices.page.quality import judge
from devices.page.shading import even_light
from devices.page.sharpness import edge_width
from devices.page.straighten import check_corners, straighten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devices.base import Camera
    from devices.page.picture import Corners, Picture

SHOWN = 1280  # pixels of the longer side of what is shown
TRIES = 3  # pictures taken, of which the sharpest is kept: a hand that leaves the table shakes it
DPI = 200
Shares = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that waits for its corners: `view` shows it, `picture` has all pixels."""

    picture: Picture
    view: CameraView


def look(camera: Camera, *, codes: bool = True) -> CameraView:
    """One frame for the preview. About 0.3 s on one slow core. Raises ScanFailed."""
    return _view(camera.frame(), codes=codes)


def take(camera: Camera) -> Taken:
    """The sharpest of TRIES pictures. Raises ScanFailed."""
    frames = [camera.frame() for _ in range(TRIES)]
    best = min(frames, key=_softness)
    return Taken(best, _view(best, codes=False))


def page_of(taken: Taken, corners: Shares) -> ScannedPage:
    """The page between the corners (shares of the picture), straight, evenly lit, in few bytes.

    Raises ScanFailed corners-wrong.
    """
    page = straighten(taken.picture, pixels(taken.picture, corners), DPI)
    kept = encode(even_light(page.picture), page.dpi)
    return ScannedPage(kept.data, kept.media_type)


def pixels(picture: Picture, corners: Sequence[tuple[float, float]]) -> Corners:
    """Shares of the picture as pixels. Raises ScanFailed corners-wrong."""
    import numpy as np

    given = np.asarray(corners, dtype=np.float32)
    if given.shape != (4, 2):
        raise ScanFailed("corners-wrong", "a page has four corners")
    placed = given * np.array([picture.shape[1] - 1, picture.shape[0] - 1], np.float32)
    check_corners(placed)
    return np.asarray(placed, dtype=np.float32)


def _view(picture: Picture, *, codes: bool) -> CameraView:
    import cv2
    import numpy as np

    found = find_page(picture)
    reasons = judge(picture, found.corners).reasons if found.confidence else ("no-page",)
    factor = min(1.0, SHOWN / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    size = (picture.shape[1] - 1, picture.shape[0] - 1)
    corners = tuple((float(x / size[0]), float(y / size[1])) for x, y in found.corners)
    read = _codes(picture) if codes else ()
    return CameraView(encode_jpeg(np.asarray(small, dtype=np.uint8), 80), corners, found.sure, reasons, read)


def _codes(picture: Picture) -> tuple[str, ...]:
    """QR codes that lie under the camera, as on our receipts."""
    import zxingcpp

    found = zxingcpp.read_barcodes(grey(picture), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return tuple(code.text for code in found if code.text)


def _softness(picture: Picture) -> float:
    return edge_width(grey(picture)) or 99.0

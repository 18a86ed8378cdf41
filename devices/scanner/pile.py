# SPDX-License-Identifier: Apache-2.0
"""Pages as `scanimage --batch` lays them down, one file each, and what is made of them."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from devices.base import ScannedPage
from devices.errors import ScanFailed
from devices.page.picture import MOST_PIXELS


class PnmPile:
    """Each page is taken as soon as the next is begun: 50 of them, 12 MB each, would fill the memory.

    `names` is the pattern for scanimage. All raises ScanFailed scanner-fault, picture-too-large.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = folder / "page-%03d.pnm"
        self._pages: list[ScannedPage] = []

    def all(self) -> list[ScannedPage]:
        """When scanimage has ended."""
        self._take(self._whole())
        return self._pages

    def grown(self) -> tuple[int, int]:
        """Otherwise than before where something came meanwhile."""
        self._take(self._whole()[:-1])
        return len(self._pages), sum(_size(path) for path in self.folder.iterdir())

    def _whole(self) -> list[Path]:
        return sorted(self.folder.glob("page-*.pnm"))

    def _take(self, paths: list[Path]) -> None:
        for path in paths:
            self._pages.append(_page(path))
            path.unlink()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # it got its last name just now
        return 0


def _page(path: Path) -> ScannedPage:
    from PIL import Image

    too_large = ScanFailed("picture-too-large", "the page has too many pixels; scan it again with less detail")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # large sizes: looked at below
            with Image.open(path, formats=("PPM",)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise too_large
                out = io.BytesIO()
                image.convert("L" if image.mode in ("1", "L") else "RGB").save(out, "JPEG", quality=92)
    except Image.DecompressionBombError as fault:
        raise too_large from fault
    except (OSError, SyntaxError, ValueError) as fault:
        raise ScanFailed("scanner-fault", "the scanner sent half a page; scan again") from fault
    return ScannedPage(out.getvalue())

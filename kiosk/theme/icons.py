# SPDX-License-Identifier: Apache-2.0
"""Line icons by name, from the vendored Tabler outline set (MIT, see icons/LICENSE), in any size and colour."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).with_name("icons")
STROKE = "1.75"


def icon_names() -> tuple[str, ...]:
    """Every icon there is."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.svg")))


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise KeyError(f"there is no icon {name!r} in kiosk/theme/icons")
    return path.read_text(encoding="utf-8").replace('stroke-width="2"', f'stroke-width="{STROKE}"')


def icon(name: str, size_px: int, colour: str) -> QPixmap:
    """A square pixmap of the icon, kept in Qt's own cache. Raises KeyError for an unknown name."""
    key = f"doorstep-icon/{name}/{size_px}/{colour}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    source = _source(name).replace("currentColor", colour)
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap

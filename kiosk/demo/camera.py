# SPDX-License-Identifier: Apache-2.0
"""Takes a picture of every screen passed, in both orientations."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.config import Orientation
from kiosk.window.page_factories import page_factories
from kiosk.window.shell import Shell

if TYPE_CHECKING:
    from kiosk.app.app import KioskApp

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


class Camera:
    """`take(name)` writes NN-name-portrait.png and NN-name-landscape.png.

    The present orientation is grabbed from the real window; the other is the same view in a second frame that
    nobody can touch.
    """

    def __init__(self, kiosk: KioskApp, folder: Path) -> None:
        self._kiosk = kiosk
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._other: Shell | None = None
        self._count = 0
        self.pictures: list[str] = []

    def take(self, name: str) -> None:
        """A picture of what is on screen now, and of the same moment lying the other way."""
        self._count += 1
        shell = self._kiosk.shell
        here = shell.context.orientation
        there: Orientation = "landscape" if here == "portrait" else "portrait"
        self._save(shell, f"{self._count:02d}-{name}-{here}")
        other = self._turned(there)
        overlay = shell.overlay
        if overlay is not None and hasattr(overlay, "spec"):
            other.ask(overlay.spec)
        self._save(other, f"{self._count:02d}-{name}-{there}")
        other.answered()

    def _turned(self, orientation: Orientation) -> Shell:
        shell = self._kiosk.shell
        view = self._kiosk.machine.view()
        context = dataclasses.replace(shell.context, orientation=orientation)
        if self._other is not None:
            self._other.close()
            self._other.deleteLater()
        other = Shell(context, page_factories())
        self._other = other
        other.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        other.resize(*SIZES[orientation])
        other.set_network(self._kiosk.net_state)
        if self._kiosk.manager is not None:
            other.set_devices(self._kiosk.manager.statuses())
        other.show_page(view.screen, view)
        other.show()
        return other

    def _save(self, widget: QWidget, name: str) -> None:
        path = self._folder / f"{name}.png"
        widget.grab().save(str(path))
        self.pictures.append(f"{self._folder.name}/{path.name}")

    def close(self) -> None:
        """Puts the second frame away."""
        if self._other is not None:
            self._other.close()
            self._other.deleteLater()
            self._other = None

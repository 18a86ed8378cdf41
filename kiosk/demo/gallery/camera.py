# SPDX-License-Identifier: Apache-2.0
"""The document camera's screens, with drawn pages as a camera sees them: for the gallery."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from devices.base import CameraView
from kiosk.visit.screen import Screen
from kiosk.visit.view import Capture

if TYPE_CHECKING:
    from collections.abc import Callable

    from devices.base import DeviceStatus
    from devices.camera.scene import Surface
    from devices.page.picture import Picture
    from kiosk.demo.gallery.samples import GalleryState
    from kiosk.frame.page import PageContext
    from kiosk.window.shell import Shell

TARGET = "m:invoice"


@cache
def camera_view(surface: Surface, seed: int = 3, *, blur: float = 0.0) -> CameraView:
    """A stamped form on a table, found as the camera's driver finds it."""
    from devices.base import State, status
    from devices.camera.capture import take
    from devices.camera.sample_pages import stamped_form
    from devices.camera.scene import View, photograph

    view = View(surface=surface, seed=seed, turn=4, width=1300, height=1734, blur=blur)
    picture = photograph(stamped_form(), view).picture

    class Still:
        """One picture for ever."""

        def status(self) -> DeviceStatus:
            return status("document-camera", State.READY)

        def frame(self) -> Picture:
            return picture

        def close(self) -> None:
            """Nothing to switch off."""

    return take(Still()).view


def camera_states(context: PageContext) -> list[GalleryState]:
    """Where the ways are chosen, while it watches, and what was taken."""
    from kiosk.demo.gallery.samples import GalleryState
    from kiosk.demo.gallery.visit import filled_view, open_material

    claim = replace(filled_view(context, context.catalogue.items["med-claim"]), step=4, camera=True)
    at = replace(claim, screen=Screen.CAMERA)
    watching = replace(at, capture=Capture(TARGET, Screen.MATERIALS))
    sure, unsure = camera_view("wood"), camera_view("white")
    return [
        GalleryState("12-materials-camera", replace(claim, screen=Screen.MATERIALS), open_material("invoice")),
        GalleryState("19-camera-starting", watching),
        GalleryState("19-camera-clear", watching, _shows(sure)),
        GalleryState("19-camera-blurred", watching, _shows(camera_view("dark", blur=4.0))),
        GalleryState("19-camera-absent", watching, _shows(None)),
        GalleryState("19-camera-taken", replace(at, capture=Capture(TARGET, Screen.MATERIALS, "corners", sure))),
        GalleryState(
            "19-camera-corners", replace(at, capture=Capture(TARGET, Screen.MATERIALS, "corners", unsure)), _move_corner
        ),
    ]


def _shows(view: CameraView | None) -> Callable[[Shell], None]:
    return lambda shell: shell.show_camera(view, "" if view is not None else "scanner-absent")


def _move_corner(shell: Shell) -> None:
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent

    from kiosk.pages.camera import CameraPage

    assert isinstance(shell.page, CameraPage)
    picture = shell.page.picture
    at = picture.place_of(0) + QPointF(20, 20)
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseButtonPress, at, at, left, left, Qt.KeyboardModifier.NoModifier)
    picture.mousePressEvent(event)

# SPDX-License-Identifier: Apache-2.0
"""A page under the document camera: watch, take, put the corners right, keep; then back to where it was asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from kiosk.visit import effects, filling, intents
from kiosk.visit.core import Core
from kiosk.visit.view import Capture


def open_camera(core: Core, intent: intents.OpenCamera) -> None:
    """From materials ("m:ID") or a form's picture ("f:ID")."""
    if core.screen not in ("materials", "form") or not filling.is_asked(core.visit, intent.target):
        return
    core.visit.capture = Capture(intent.target, core.screen)
    core.go("camera")


def take(core: Core, _intent: intents.TakePicture) -> None:
    """Now."""
    capture = core.visit.capture
    if capture is not None and capture.phase == "watching":
        core.visit.message = None
        core.visit.capture = dataclasses.replace(capture, phase="taking")
        core.do(effects.TakePicture())


def taken(core: Core, intent: intents.PictureTaken) -> None:
    """What came out; nothing is kept before somebody has looked at it."""
    capture = core.visit.capture
    if capture is None or capture.phase != "taking":
        return
    if intent.view is None:
        core.visit.capture = dataclasses.replace(capture, phase="watching")
        core.say(f"camera-{intent.code}", "fault")
    else:
        core.visit.capture = dataclasses.replace(capture, phase="corners", still=intent.view)


def again(core: Core, _intent: intents.TakeAgain) -> None:
    """It came out badly."""
    capture = core.visit.capture
    if capture is not None and capture.phase == "corners":
        core.visit.message = None
        core.visit.capture = dataclasses.replace(capture, phase="watching", still=None)


def use(core: Core, intent: intents.UsePicture) -> None:
    """The page between these corners is the one."""
    capture = core.visit.capture
    if capture is not None and capture.phase == "corners":
        core.visit.message = None
        core.visit.capture = dataclasses.replace(capture, phase="keeping")
        core.do(effects.UsePicture(capture.target, intent.corners))


def kept(core: Core, intent: intents.ScanDone) -> None:
    """The page is in the store, and the screen goes back; or it cannot be, and the corners can be moved."""
    capture = core.visit.capture
    if capture is None or capture.target != intent.target or capture.phase != "keeping":
        filling.scan_done(core, intent)
        return
    if intent.code or not intent.sheets:
        core.visit.capture = dataclasses.replace(capture, phase="corners")
        core.say(f"scan-{intent.code or 'empty'}", "fault")
        return
    leave(core)
    filling.scan_done(core, intent)


def leave(core: Core) -> None:
    """Back without a page; the picture is forgotten."""
    capture = core.visit.capture
    core.visit.capture = None
    core.do(effects.ForgetPicture())
    core.go(capture.came_from if capture is not None else "materials")


HANDLERS: dict[type, Callable[[Core, Any], None]] = {
    intents.OpenCamera: open_camera,
    intents.TakePicture: take,
    intents.PictureTaken: taken,
    intents.TakeAgain: again,
    intents.UsePicture: use,
    intents.ScanDone: kept,
}

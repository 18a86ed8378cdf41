# SPDX-License-Identifier: Apache-2.0
"""A page under the document camera: watch, take, put the corners right, keep; then back to where it was asked for."""

from __future__ import annotations

import dataclasses
from typing import assert_never

from kiosk.visit import effects, intents, materials
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.view import Capture

CameraIntent = (
    intents.OpenCamera
    | intents.TakePicture
    | intents.PictureTaken
    | intents.TakeAgain
    | intents.UsePicture
    | intents.ScanDone
)


def open_camera(core: Core, intent: intents.OpenCamera) -> None:
    """From materials ("m:ID") or a form's picture ("f:ID")."""
    if core.screen not in (Screen.MATERIALS, Screen.FORM) or not materials.is_asked(core.visit, intent.target):
        return
    core.visit.capture = Capture(intent.target, core.screen)
    core.go(Screen.CAMERA)


def take(core: Core) -> None:
    """Now."""
    capture = core.visit.capture
    if capture is not None and capture.phase == "watching":
        core.visit.message = None
        core.visit.capture = dataclasses.replace(capture, phase="taking")
        core.do(effects.TakePicture())


def taken(core: Core, intent: intents.PictureTaken) -> None:
    """What came out; nothing is kept before the person has looked at it."""
    capture = core.visit.capture
    if capture is None or capture.phase != "taking":
        return
    if intent.view is None:
        core.visit.capture = dataclasses.replace(capture, phase="watching")
        core.say(f"camera-{intent.code}", "fault")
    else:
        core.visit.capture = dataclasses.replace(capture, phase="corners", still=intent.view)


def again(core: Core) -> None:
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
        materials.scan_done(core, intent)
        return
    if intent.code or not intent.sheets:
        core.visit.capture = dataclasses.replace(capture, phase="corners")
        core.say(f"scan-{intent.code or 'empty'}", "fault")
        return
    leave(core)
    materials.scan_done(core, intent)


def leave(core: Core) -> None:
    """Back without a page; the picture is forgotten."""
    capture = core.visit.capture
    core.visit.capture = None
    core.do(effects.ForgetPicture())
    core.go(capture.came_from if capture is not None else Screen.MATERIALS)


def handle(core: Core, intent: CameraIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.OpenCamera():
            open_camera(core, intent)
        case intents.TakePicture():
            take(core)
        case intents.PictureTaken():
            taken(core, intent)
        case intents.TakeAgain():
            again(core)
        case intents.UsePicture():
            use(core, intent)
        case intents.ScanDone():
            kept(core, intent)
        case _:
            assert_never(intent)

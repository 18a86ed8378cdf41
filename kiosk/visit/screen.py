# SPDX-License-Identifier: Apache-2.0
"""The screens of a visit, by name."""

from __future__ import annotations

from enum import StrEnum


class Screen(StrEnum):
    """Every screen there is. What belongs to each stands in `kiosk.visit.screens`."""

    ATTRACT = "attract"
    HOME = "home"
    CHOOSE = "choose"
    GUIDE = "guide"
    NOTICE = "notice"
    CARD = "card"
    NOCARD = "nocard"
    APPLYFOR = "applyfor"
    AGENT = "agent"
    FORM = "form"
    MATERIALS = "materials"
    CAMERA = "camera"
    CHECK = "check"
    REVIEW = "review"
    SIGN = "sign"
    SUBMITTING = "submitting"
    DONE = "done"
    RATING = "rating"
    TRACK = "track"
    CASE = "case"
    PRINT = "print"
    COMPLAINT = "complaint"
    DESK = "desk"
    USB = "usb"
    PAPER = "paper"
    DEVICES = "devices"

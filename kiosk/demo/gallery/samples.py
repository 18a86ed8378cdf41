# SPDX-License-Identifier: Apache-2.0
"""What one picture is of, and the fictional place that all of them show."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.visit.view import VisitView

if TYPE_CHECKING:
    from kiosk.config import Orientation
    from kiosk.frame.page import PageContext
    from kiosk.frame.state import NetState
    from kiosk.theme.tokens import Contrast
    from kiosk.window.shell import Shell

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
NOW = datetime(2026, 11, 23, 9, 41)


@dataclass(frozen=True, slots=True)
class GalleryState:
    """One picture: file name, the view, what to touch first, and how network is: in a word, or in full."""

    name: str
    view: VisitView
    touch: Callable[[Shell], None] | None = None
    link: str = "good"
    net: NetState | None = None


def offscreen_platform(folder: Path, orientation: Orientation | None = None) -> str:
    """A QT_QPA_PLATFORM value for a screen of the kiosk's size, described by a file in `folder`.

    Without `orientation` the window may be turned: touches beyond the screen's edge would go nowhere.
    """
    width, height = SIZES[orientation] if orientation else (1920, 1920)
    screen = {"name": "kiosk", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96}
    path = folder / f"offscreen-{orientation or 'both'}.json"
    path.write_text(json.dumps({"screens": [{**screen, "logicalBaseDpi": 96, "dpr": 1}]}), encoding="utf-8")
    return f"offscreen:configfile={path}"


def sample_context(
    orientation: Orientation = "portrait", *, elder: bool = False, language: str = "zh", contrast: Contrast = "normal"
) -> PageContext:
    """The sample catalogue at a sample service point, at a fixed time."""
    from contract.sample import sample_catalogue
    from kiosk.frame.page import PageContext, StationInfo
    from kiosk.theme.tokens import Scale, Tokens

    station = StationInfo(
        "示例村便民服务点", "0990-6123456", "https://example.org", "城乡居民医保集中缴费期到12月31日，可在本机登记。"
    )
    return PageContext(
        Tokens.of(Scale(4.0, elder, contrast)), sample_catalogue(), language, orientation, station, lambda: NOW
    )

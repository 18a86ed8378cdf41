# SPDX-License-Identifier: Apache-2.0
"""下一步 and 返回, as the table of screens says."""

from __future__ import annotations

from typing import assert_never

from kiosk.visit import intents
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.screens import SCREENS, Way

RoutesIntent = intents.NextPage | intents.GoBack


def handle(core: Core, intent: RoutesIntent) -> None:
    """The rule for each of them. Nothing that was filled in is lost by going back."""
    spec = SCREENS[core.screen]
    match intent:
        case intents.NextPage():
            _take(core, spec.on)
        case intents.GoBack():
            _take(core, spec.back)
        case _:
            assert_never(intent)


def _take(core: Core, way: Way | None) -> None:
    if isinstance(way, Screen):
        core.go(way)
    elif way is not None:
        way(core)

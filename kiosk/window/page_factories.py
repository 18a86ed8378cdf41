# SPDX-License-Identifier: Apache-2.0
"""Makes the pages that the table of screens names; a module is loaded when its screen is first shown."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from kiosk.frame.page import Page, PageContext
from kiosk.visit.screen import Screen
from kiosk.visit.screens import SCREENS


def page_factories() -> dict[Screen, Callable[[PageContext], Page]]:
    """Screen -> maker of its page."""
    return {screen: _maker(spec.page) for screen, spec in SCREENS.items()}


def _maker(place: str) -> Callable[[PageContext], Page]:
    module, _, name = place.partition(":")

    def make(context: PageContext) -> Page:
        page = getattr(import_module(module), name)(context)
        assert isinstance(page, Page)
        return page

    return make

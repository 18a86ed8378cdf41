# SPDX-License-Identifier: Apache-2.0
"""Every screen of the table has a page that can be made, and none is loaded before it is shown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kiosk.frame.page import Page
from kiosk.visit.screen import Screen
from kiosk.visit.screens import SCREENS
from kiosk.window.page_factories import page_factories
from tests.kiosk.window.conftest import MakeShell


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
@pytest.mark.parametrize("screen", Screen)
def test_every_page_can_be_made(make_shell: MakeShell, screen: Screen, orientation: str) -> None:
    page = page_factories()[screen](make_shell(orientation).context)
    assert isinstance(page, Page)
    assert type(page).__name__ == SCREENS[screen].page.partition(":")[2]
    page.deleteLater()


def test_pages_are_loaded_when_they_are_shown() -> None:
    """Cold start: what the first picture does not need is not imported."""
    listing = (
        "import sys, kiosk.app.app; print([m for m in sys.modules if m.startswith(('kiosk.pages.', 'kiosk.forms.'))])"
    )
    found = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

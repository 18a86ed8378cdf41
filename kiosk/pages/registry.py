# SPDX-License-Identifier: Apache-2.0
"""Which page draws which screen, for the screens of this package."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.pages.attract import AttractPage
from kiosk.pages.card import CardPage
from kiosk.pages.choose import ChoosePage
from kiosk.pages.complaint import ComplaintPage
from kiosk.pages.guide import GuidePage
from kiosk.pages.home import HomePage
from kiosk.pages.notice import NoticePage
from kiosk.pages.page import Page, PageContext
from kiosk.pages.print_page import PrintPage


def shell_pages() -> dict[str, Callable[[PageContext], Page]]:
    """Screen name -> page, for attract, home, choose, guide, notice, card, print and complaint."""
    pages = (AttractPage, HomePage, ChoosePage, GuidePage, NoticePage, CardPage, PrintPage, ComplaintPage)
    return {page.name: page for page in pages}

# SPDX-License-Identifier: Apache-2.0
"""Which class draws which screen. A page's module is loaded when its screen is first shown: cold start stays short."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from kiosk.pages.page import Page, PageContext

PAGES = {
    "attract": "kiosk.pages.attract:AttractPage",
    "home": "kiosk.pages.home:HomePage",
    "choose": "kiosk.pages.choose:ChoosePage",
    "guide": "kiosk.pages.guide:GuidePage",
    "notice": "kiosk.pages.notice:NoticePage",
    "card": "kiosk.pages.card:CardPage",
    "nocard": "kiosk.pages.nocard:NoCardPage",
    "applyfor": "kiosk.pages.applyfor:ApplyForPage",
    "agent": "kiosk.pages.agent:AgentPage",
    "form": "kiosk.forms.renderer:FormPage",
    "materials": "kiosk.pages.materials:MaterialsPage",
    "camera": "kiosk.pages.camera:CameraPage",
    "check": "kiosk.pages.check:CheckPage",
    "review": "kiosk.pages.review:ReviewPage",
    "sign": "kiosk.pages.sign:SignPage",
    "submitting": "kiosk.pages.submitting:SubmittingPage",
    "done": "kiosk.pages.done:DonePage",
    "rating": "kiosk.pages.rating:RatingPage",
    "track": "kiosk.pages.track:TrackPage",
    "case": "kiosk.pages.case:CasePage",
    "print": "kiosk.pages.print_page:PrintPage",
    "desk": "kiosk.pages.desk:DeskPage",
    "usb": "kiosk.pages.usb:UsbPage",
    "paper": "kiosk.pages.paper:PaperPage",
    "devices": "kiosk.pages.devices:DevicesPage",
    "complaint": "kiosk.pages.complaint:ComplaintPage",
}


def page_factories() -> dict[str, Callable[[PageContext], Page]]:
    """Screen name -> maker of its page."""
    return {name: _maker(place) for name, place in PAGES.items()}


def _maker(place: str) -> Callable[[PageContext], Page]:
    module, _, name = place.partition(":")

    def make(context: PageContext) -> Page:
        page = getattr(import_module(module), name)(context)
        assert isinstance(page, Page)
        return page

    return make

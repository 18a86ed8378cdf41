# SPDX-License-Identifier: Apache-2.0
"""What all pages are drawn with: the place, its catalogue, sizes and language."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.config import KioskConfig
from kiosk.frame.page import PageContext, StationInfo
from kiosk.station import Station
from kiosk.theme.tokens import Scale, Tokens

if TYPE_CHECKING:
    pass


def page_context(place: Station, config: KioskConfig) -> PageContext:
    """For a person who has chosen nothing yet."""
    facts = place.facts
    station = StationInfo(
        name=facts.name,
        phone=facts.phone,
        public_url=facts.public_url,
        notice=config.notice,
        reader_place=config.reader_place,
    )
    scale = Scale(px_per_mm=config.px_per_mm, elder=False, contrast=config.contrast)
    return PageContext(
        Tokens.of(scale),
        place.catalogue,
        language=config.language,
        orientation=config.orientation,
        station=station,
        now=datetime.now,
    )

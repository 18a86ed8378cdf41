# SPDX-License-Identifier: Apache-2.0
"""A sample catalogue of 30 items and a working-day table, for the demo, for importers and for tests."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from contract.catalogue import parse_catalogue
from contract.deadlines import WorkCalendar
from contract.items import Catalogue


def sample_text(name: str) -> str:
    """The text of `catalogue.yaml` or `calendar.yaml`."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


@cache
def sample_catalogue() -> Catalogue:
    """The 30 items."""
    return parse_catalogue(sample_text("catalogue.yaml"))


@cache
def sample_calendar() -> WorkCalendar:
    """The working days of 2026."""
    return WorkCalendar.from_dict(yaml.safe_load(sample_text("calendar.yaml")))

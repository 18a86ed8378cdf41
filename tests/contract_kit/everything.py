# SPDX-License-Identifier: Apache-2.0
"""All points."""

from __future__ import annotations

from tests.contract_kit import (
    attachments,
    crash,
    described,
    enrolment,
    feed,
    general,
    hostile,
    inventory,
    key_change,
    opening,
    published,
    records,
    refusals,
    sealed,
    tokens,
)
from tests.contract_kit.points import POINTS

__all__ = [
    "POINTS", "attachments", "crash", "described", "enrolment", "feed", "general", "hostile", "inventory", "key_change",
    "opening", "published", "records", "refusals", "sealed", "tokens",
]  # fmt: skip

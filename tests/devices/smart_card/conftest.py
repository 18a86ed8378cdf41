# SPDX-License-Identifier: Apache-2.0
"""The reader of the real daemon, open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.smart_card.pcsc_stack import PcscStack
from devices.smart_card.reader import PcscReader


@pytest.fixture
def stack(card_stack: PcscStack) -> PcscStack:
    return card_stack


@pytest.fixture
def reader(stack: PcscStack) -> Iterator[PcscReader]:
    del stack
    made = PcscReader()
    made.open()
    yield made
    made.close()

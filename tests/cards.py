# SPDX-License-Identifier: Apache-2.0
"""One real PC/SC daemon for all tests, with an empty reader before each."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.smart_card.pcsc_stack import PcscStack
from devices.smart_card.reader import PcscReader


@pytest.fixture(scope="session")
def running_card_stack() -> Iterator[PcscStack]:
    with PcscStack() as stack:
        stack.use(Path(os.environ["PCSCLITE_CSOCK_NAME"]))
        yield stack


@pytest.fixture
def card_stack(running_card_stack: PcscStack) -> Iterator[PcscStack]:
    running_card_stack.start_daemon()
    running_card_stack.remove()
    until_seen_empty()
    yield running_card_stack
    running_card_stack.remove()
    running_card_stack.start_daemon()


def until_seen_empty() -> None:
    """The daemon looks at its readers a few times a second; a card swapped in between would be taken for the old."""
    reader = PcscReader()
    reader.open()
    ends = time.monotonic() + 10
    while reader.present():
        assert time.monotonic() < ends
        time.sleep(0.01)
    reader.close()

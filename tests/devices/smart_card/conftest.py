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
def running_stack() -> Iterator[PcscStack]:
    with PcscStack() as stack:
        stack.use(Path(os.environ["PCSCLITE_CSOCK_NAME"]))
        yield stack


@pytest.fixture
def stack(running_stack: PcscStack) -> Iterator[PcscStack]:
    running_stack.start_daemon()
    running_stack.remove()
    _wait_until_seen_empty()
    yield running_stack
    running_stack.remove()
    running_stack.start_daemon()


def _wait_until_seen_empty() -> None:
    """The daemon looks at its readers a few times a second; a card swapped in between would be taken for the old."""
    reader = PcscReader()
    reader.open()
    ends = time.monotonic() + 10
    while reader.present():
        assert time.monotonic() < ends
        time.sleep(0.01)
    reader.close()


@pytest.fixture
def reader(stack: PcscStack) -> Iterator[PcscReader]:
    del stack
    made = PcscReader()
    made.open()
    yield made
    made.close()

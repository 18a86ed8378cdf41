# SPDX-License-Identifier: Apache-2.0
"""The scanner: pages in their order, and feeders that jam."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.base import State
from devices.errors import ScanFailed
from devices.scanner.escl import EsclScanner
from devices.scanner.simulator import SimulatedScanner

PAGES = [bytes([0xFF, 0xD8, n]) * 300 for n in range(3)]


@pytest.fixture
def peer() -> Iterator[SimulatedScanner]:
    scanner = SimulatedScanner()
    yield scanner
    scanner.close()


@pytest.fixture
def scanner(peer: SimulatedScanner) -> EsclScanner:
    return EsclScanner(peer.url)


@pytest.mark.parametrize("count", [1, 3])
def test_all_pages_in_their_order(peer: SimulatedScanner, scanner: EsclScanner, count: int) -> None:
    peer.load(PAGES[:count])
    assert scanner.status().state is State.READY
    assert [page.data for page in scanner.scan()] == PAGES[:count]


def test_no_page(scanner: EsclScanner) -> None:
    with pytest.raises(ScanFailed) as fault:
        scanner.scan()
    assert fault.value.code == "no-pages"


@pytest.mark.parametrize("fault", ["jam", "cover-open"])
def test_a_feeder_that_must_be_looked_at(peer: SimulatedScanner, scanner: EsclScanner, fault: str) -> None:
    peer.load(PAGES)
    peer.fault = fault
    assert scanner.status().state.value == fault
    with pytest.raises(ScanFailed) as found:
        scanner.scan()
    assert found.value.code == fault


def test_a_jam_in_the_middle_takes_no_half_document(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.load(PAGES)
    peer.jams_after = 1
    with pytest.raises(ScanFailed) as fault:
        scanner.scan()
    assert fault.value.code == "jam"
    peer.fault = None
    peer.load(PAGES)
    assert len(scanner.scan()) == 3


def test_switched_off_and_on(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.unplug()
    assert scanner.status().state is State.ABSENT
    with pytest.raises(ScanFailed) as fault:
        scanner.scan()
    assert fault.value.code == "scanner-absent"
    peer.plug()
    peer.load(PAGES[:1])
    assert len(scanner.scan()) == 1

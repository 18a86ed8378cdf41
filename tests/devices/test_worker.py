# SPDX-License-Identifier: Apache-2.0
"""A device's thread outlives whatever its driver, its jobs and its listener do."""

from __future__ import annotations

import threading

import pytest

from devices.base import DeviceStatus, State, status
from devices.worker import DeviceWorker


@pytest.mark.expects_log
@pytest.mark.parametrize("place", ["look", "changed", "job"])
def test_the_second_round_fails_and_the_third_comes(place: str) -> None:
    calls = dict.fromkeys(("look", "changed", "job"), 0)
    third = threading.Event()

    def meet(here: str) -> None:
        calls[here] += 1
        if here == place and calls[here] == 2:
            raise RuntimeError("unforeseen")
        if calls[place] >= 3:
            third.set()

    def look() -> DeviceStatus:
        meet("look")
        return status("printer", State.READY if calls["look"] % 2 else State.BUSY, str(calls["look"]))

    worker = DeviceWorker("printer", look, lambda _status: meet("changed"), interval=0.01)
    worker.start()
    for _ in range(3):
        worker.put(lambda: meet("job"))
    assert third.wait(20)
    worker.let_go(5)
    assert worker.join(20)

# SPDX-License-Identifier: Apache-2.0
"""What holds for every test: no screen, no leftover threads, no unexpected log lines or Qt warnings."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

from kiosk.demo.gallery.samples import offscreen_platform
from tests import fuzzing  # noqa: F401  it names how long a fuzz test runs
from tests.cards import card_stack, running_card_stack

__all__ = ["card_stack", "running_card_stack"]

# A screen that holds the window lying both ways: touches beyond a screen's edge go nowhere.
_place = tempfile.TemporaryDirectory(prefix="doorstep-tests-")
os.environ["QT_QPA_PLATFORM"] = offscreen_platform(Path(_place.name))
os.environ.setdefault("QT_ACCESSIBILITY", "1")
# The PC/SC library looks at this once in a process; no test shall find the daemon of the machine it runs on.
os.environ["PCSCLITE_CSOCK_NAME"] = f"{_place.name}/pcscd.comm"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever hypothesis drives is a fuzz test: none is forgotten by `make fuzz`."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.fuzz)


OURS = ("contract", "devices", "offline", "printing", "gateway", "kiosk")


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    """Fails a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5
    while left := [t for t in threading.enumerate() if t not in before and t.is_alive() and not _pool(t)]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left behind: {left}")
        time.sleep(0.02)


def _pool(thread: threading.Thread) -> bool:
    """Threads that a library keeps for its whole process life, idle, by design."""
    return thread.name.startswith(("AnyIO worker", "pytest_timeout"))


@pytest.fixture(autouse=True)
def no_unexpected_log_lines(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test in which our own code logs an error that the test did not announce with `expects_log`."""
    yield
    if request.node.get_closest_marker("expects_log"):
        return
    bad = [
        r
        for when in ("setup", "call")
        for r in caplog.get_records(when)  # type: ignore[arg-type]
        if r.levelno >= logging.ERROR and r.name.split(".")[0] in OURS
    ]
    if bad:
        pytest.fail("unexpected log lines: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in bad))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> dict[threading.Thread, str]:
    """Every thread that is started from now on, however short it lives, and the module that it runs."""
    threads: dict[threading.Thread, str] = {}
    usual = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        threads[thread] = getattr(thread._target, "__module__", "")  # type: ignore[attr-defined]
        usual(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    return threads

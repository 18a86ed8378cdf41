# SPDX-License-Identifier: Apache-2.0
"""What a print server keeps of our jobs: nothing, whether they were printed, given up, or left by a crash."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from devices.base import State
from devices.errors import PrintFailed
from devices.events import DeviceEvent
from devices.manager import DeviceManager
from devices.printer.ipp import IppPrinter
from devices.printer.left_jobs import is_of_this_machine
from devices.profile import DeviceProfile
from tests.devices.printer.stacks import CupsServer, RealPrinter, until
from tests.devices.printer.test_ipp import one_page

pytestmark = pytest.mark.real_stack
TITLE = "doorstep-receipt-004210001375"
MARKED = one_page().replace(b"doorstep", b"Mustermann-4711")


class Stack:
    """CUPS, and the printer behind it."""

    def __init__(self, ends: ExitStack) -> None:
        self.printer = RealPrinter(ends)
        self.server = CupsServer(ends, self.printer)

    def documents(self) -> list[str]:
        return [name for name in self.server.spool() if name.startswith("d")]

    def holding(self, words: bytes) -> list[str]:
        """Files of the server, of any kind, in which these words stand."""
        files = (path for path in self.server.root.rglob("*") if path.is_file())
        return [str(path.relative_to(self.server.root)) for path in files if words in path.read_bytes()]


@pytest.fixture
def cups() -> Iterator[Stack]:
    with ExitStack() as ends:
        yield Stack(ends)


def nothing_is_kept(cups: Stack) -> None:
    """A job that was being printed takes a moment to end."""
    until(lambda: cups.server.spool() == [] and cups.server.jobs("all") == "", "the job to be forgotten")
    assert cups.holding(b"Mustermann-4711") == []


def test_nothing_of_a_printed_job_is_kept(cups: Stack) -> None:
    IppPrinter(cups.server.uri).print_pdf(MARKED, TITLE, timeout=30)
    assert len(cups.printer.printed()) == 1
    nothing_is_kept(cups)


def test_nothing_of_a_job_that_was_taken_back_is_kept(cups: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.printer.ipp.PATIENCE", 0.5)
    cups.printer.is_slow(True)
    with pytest.raises(PrintFailed) as fault:
        IppPrinter(cups.server.uri).print_pdf(MARKED, TITLE, timeout=1)
    assert fault.value.code == "timeout"
    nothing_is_kept(cups)


CRASHES = f"""
import sys
from devices.printer.ipp import IppPrinter
from tests.devices.printer.test_left_jobs import MARKED
print("printing", flush=True)
IppPrinter(sys.argv[1]).print_pdf(MARKED, {TITLE!r}, timeout=60)
"""


def crash_while_printing(cups: Stack) -> None:
    """A process of ours is killed in the middle of a job."""
    before = len(cups.documents())
    cups.printer.is_slow(True)
    with subprocess.Popen([sys.executable, "-c", CRASHES, cups.server.uri], stdout=subprocess.PIPE) as child:
        try:
            until(lambda: len(cups.documents()) > before, "the job")
        finally:
            child.kill()
    cups.printer.is_slow(False)


def test_what_a_crashed_process_left_is_removed_by_the_next(cups: Stack) -> None:
    cups.server.submit("neighbour", one_page())
    theirs = cups.server.spool()
    crash_while_printing(cups)
    assert len(cups.documents()) == 2
    looking = IppPrinter(cups.server.uri)
    looking.status()
    assert len(cups.documents()) == 2, "who only looks removes nothing: another may be printing"
    looking.recover()
    assert looking.status().usable
    until(lambda: cups.server.spool() == theirs, "all but the neighbour's job to be gone")
    assert cups.holding(b"Mustermann-4711") == []
    looking.print_pdf(MARKED, TITLE, timeout=30)
    assert cups.server.spool() == theirs


def test_it_is_removed_when_the_printer_is_taken(cups: Stack) -> None:
    crash_while_printing(cups)
    profile = DeviceProfile(printer={"driver": "ipp", "uri": cups.server.uri})

    def heard(_event: DeviceEvent) -> None:
        pass

    only_looks = DeviceManager(profile, heard, recovers=False)
    only_looks.start()
    until(lambda: only_looks.statuses()[0].usable, "a look")
    only_looks.stop()
    assert cups.documents()
    manager = DeviceManager(profile, heard)
    assert cups.documents()
    manager.take("printer")
    until(lambda: not cups.server.spool(), "the job to be gone")
    manager.stop()
    nothing_is_kept(cups)


def test_it_is_removed_also_while_the_printer_behind_is_off(cups: Stack) -> None:
    crash_while_printing(cups)
    cups.printer.unplug()
    printer = IppPrinter(cups.server.uri)
    printer.recover()
    printer.status()
    until(lambda: not cups.server.spool(), "the job to be gone")


def test_it_is_removed_later_where_the_printer_does_not_answer_yet(
    cups: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.printer.ipp.ANSWER", 1)
    crash_while_printing(cups)
    printer = IppPrinter(cups.server.uri)
    printer.recover()
    cups.server.pause()
    assert printer.status().state is State.ABSENT
    monkeypatch.undo()
    cups.server.go_on()
    printer.status()
    until(lambda: not cups.server.spool(), "the job to be gone")


@pytest.mark.parametrize(
    ("uri", "ours"),
    [
        ("ipp://localhost/printers/kiosk", True),
        ("ipp://127.0.0.1:631/printers/kiosk", True),
        ("ipp://[::1]:631/printers/kiosk", True),
        ("ipp://printserver.example.org/printers/hall", False),
        ("ipp://192.0.2.7/ipp/print", False),
    ],
)
def test_only_a_queue_of_this_machine_is_ours_alone(uri: str, ours: bool) -> None:
    assert is_of_this_machine(uri) is ours

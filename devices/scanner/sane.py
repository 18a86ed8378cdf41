# SPDX-License-Identifier: Apache-2.0
"""Any scanner SANE knows, through its own `scanimage` in a process of its own: a backend that hangs is ended."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from devices import scratch
from devices.base import DeviceStatus, ScannedPage, State, status
from devices.drivers import Driver
from devices.errors import ScanFailed
from devices.scanner.pile import PnmPile

DEVICE = "scanner"
MOST_PAGES = 50
DPI = 200
PATIENCE = 60.0  # seconds without a byte of a page; a lamp warms up in up to 40
GOING_HOME = 3.0  # seconds a backend may take to end after it has named a fault
LOOK = 8.0  # seconds for an answer to "are you there"
CALM = 15.0  # seconds a good answer is believed: each look is a process
_A4 = {"x": 210, "y": 297}
# Exit codes of scanimage are SANE_Status values (SANE Standard 1.06, 4.2.7).
_CODES: Mapping[int, tuple[str, str]] = {
    2: ("cancelled", "the scan was taken back"),
    3: ("scanner-busy", "another program has the scanner; close it"),
    6: ("jam", "paper is stuck in the scanner's feeder"),
    7: ("no-pages", "no page lies in the scanner"),
    8: ("cover-open", "the scanner's cover is open"),
    11: ("scanner-fault", "this user may not use the scanner; an administrator adds it to the group scanner"),
}
_WORDS = {"busy": 3, "jammed": 6, "out of documents": 7, "cover is open": 8, "denied": 11}
_OPTION = re.compile(r"^ {4}(--?[a-z-]+) ?(.*?)(?: \[([^\[\]]*)\])?(?: \[[a-z, ]+\])*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Options:
    """The device's settings, from `scanimage -A`."""

    sources: tuple[str, ...]
    modes: tuple[str, ...]
    resolutions: str
    limits: Mapping[str, float]  # of x and y, in mm

    @classmethod
    def parse(cls, text: str) -> Options:
        """Anything unknown in it is left out."""
        found = {name: values for name, values, _ in _OPTION.findall(text)}
        limits = {}
        for axis in "xy":
            if numbers := re.findall(r"([0-9]+(?:\.[0-9]+)?)mm", found.get(f"-{axis}", "")):
                limits[axis] = float(numbers[-1])
        split = [tuple(v for v in found.get(f"--{name}", "").split("|") if v) for name in ("source", "mode")]
        return cls(split[0], split[1], found.get("--resolution", ""), limits)

    def feeder(self) -> str | None:
        """The one-sided feeder; a duplex one where there is no other."""
        feeders = [s for s in self.sources if re.search(r"adf|feeder", s, re.IGNORECASE)]
        return min(feeders, key=lambda s: "duplex" in s.lower(), default=None)

    def glass(self) -> str | None:
        """The flatbed."""
        return next((s for s in self.sources if re.search(r"flatbed|platen|glass", s, re.IGNORECASE)), None)

    def arguments(self) -> list[str]:
        """Colour, near DPI, A4: as far as the device has it."""
        given = []
        colour = [m for m in self.modes if re.search(r"colou?r", m, re.IGNORECASE)]
        if colour:
            given += ["--mode", colour[0]]
        if resolution := self._resolution():
            given += ["--resolution", resolution]
        for axis, limit in self.limits.items():
            given += [f"-{axis}", f"{min(_A4[axis], limit):g}"]
        return given

    def _resolution(self) -> str:
        numbers = [float(n) for n in re.findall(r"[0-9]+(?:\.[0-9]+)?", self.resolutions.partition("(")[0])]
        if ".." in self.resolutions and len(numbers) >= 2:
            return f"{min(max(DPI, numbers[0]), numbers[1]):g}"
        enough = [n for n in numbers if n >= DPI]
        return f"{min(enough) if enough else max(numbers):g}" if numbers else ""


class SaneScanner:
    """Used from one thread; `cancel` from any. `device` is SANE's name; `config` a directory instead of SANE's own."""

    def __init__(self, device: str, config: str = "", *, extra: Sequence[str] = (), patience: float = PATIENCE) -> None:
        self._device, self._extra, self._patience = device, list(extra), patience
        self._environment = {**os.environ, "LC_ALL": "C"} | ({"SANE_CONFIG_DIR": config} if config else {})
        self._cancelled = threading.Event()
        self._good_until = 0.0

    def status(self) -> DeviceStatus:
        """Opens the device and asks nothing of it."""
        if time.monotonic() < self._good_until:
            return status(DEVICE, State.READY)
        try:
            self._run(["-n"], LOOK)
        except ScanFailed as fault:
            kinds = {"scanner-absent": State.ABSENT, "scanner-busy": State.BUSY}
            return status(DEVICE, kinds.get(fault.code, State.FAULT), str(fault))
        self._good_until = time.monotonic() + CALM
        return status(DEVICE, State.READY)

    def cancel(self) -> None:
        """The scan under way ends with ScanFailed cancelled; no page of it is taken."""
        self._cancelled.set()

    def scan(self) -> list[ScannedPage]:
        """All pages in the feeder; one from the glass where the feeder is empty or there is none. Raises ScanFailed."""
        self._cancelled.clear()
        self._good_until = 0.0
        options = Options.parse(self._run(["-A"], LOOK))
        feeder, glass = options.feeder(), options.glass()
        pages: list[ScannedPage] = []
        if feeder:
            pages = self._batch([*options.arguments(), "--source", feeder])
        if not pages and (glass or not feeder):
            pages = self._batch([*options.arguments(), *(["--source", glass] if glass else [])], count=1)
        if not pages:
            raise ScanFailed("no-pages", "no page lies in the scanner")
        return pages

    def _batch(self, arguments: list[str], count: int = MOST_PAGES) -> list[ScannedPage]:
        try:
            with scratch.folder() as place:
                pile = PnmPile(place)
                batch = [f"--batch={pile.names}", f"--batch-count={count}", "--format=pnm", *arguments, *self._extra]
                try:
                    self._run(batch, self._patience, pile)
                except ScanFailed as fault:
                    if fault.code != "no-pages":
                        raise
                return pile.all()
        except scratch.NoScratch as fault:
            raise ScanFailed("scanner-fault", f"scanned pages must not touch a disk; {fault}") from fault

    def _run(self, arguments: list[str], patience: float, pile: PnmPile | None = None) -> str:
        """What it printed. It is ended when for `patience` seconds nothing grew on the pile."""
        with scratch.memory_file("scanimage-out") as out, scratch.memory_file("scanimage-err") as err:
            try:
                child = subprocess.Popen(
                    ["scanimage", "-d", self._device, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    env=self._environment | ({"TMPDIR": str(pile.folder)} if pile is not None else {}),
                )
            except OSError as fault:
                raise ScanFailed("scanner-fault", "scanimage is missing; install the package sane-utils") from fault
            try:
                self._follow(child, err.fileno(), patience, pile)
            finally:
                _end(child)
            if child.returncode:
                raise _fault(child.returncode, _text(err.fileno()))
            return _text(out.fileno())

    def _follow(self, child: subprocess.Popen[bytes], err: int, patience: float, pile: PnmPile | None) -> None:
        size, since = (-1, 0), time.monotonic()
        while child.poll() is None:
            if self._cancelled.wait(0.02) and pile is not None:
                raise ScanFailed(*_CODES[2])
            now = pile.grown() if pile is not None else (0, 0)
            if now != size:
                size, since = now, time.monotonic()
            idle = time.monotonic() - since
            if idle > min(patience, GOING_HOME) and (said := _said(_text(err))):
                raise said  # some backends hang once they have said what is wrong
            if idle > patience:
                raise ScanFailed("timeout", "the scanner stopped answering; switch it off and on again")


def _text(file: int) -> str:
    return os.pread(file, 1_000_000, 0).decode(errors="replace")


def _said(text: str) -> ScanFailed | None:
    """The fault that scanimage names in its words (sane_strstatus) while it still runs."""
    found = re.search(r"^scanimage: sane_(?:start|read): (.*)$", text, re.MULTILINE)
    if found is None:
        return None
    named = next((code for words, code in _WORDS.items() if words in found[1]), None)
    return _fault(named or 9, text)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Politely first, so that the scanner's carriage goes home."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(2)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _fault(code: int, text: str) -> ScanFailed:
    """scanimage exits with 1 also where the device could not be opened; then the words tell why."""
    words = text.strip().rpartition("\n")[2].partition("failed: ")[2]
    if code == 1 and "busy" not in words.lower():
        return ScanFailed("scanner-absent", f"the scanner is not found; check its cable and that it is on ({words})")
    named = _CODES.get(3 if code == 1 else code)
    return ScanFailed(*named) if named else ScanFailed("scanner-fault", f"the scanner failed (SANE status {code})")


def find() -> list[dict[str, Any]]:
    """Scanners SANE sees, without its test devices and webcams."""
    try:
        listed = subprocess.run(
            ["scanimage", "-f", "%d%n"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    names = listed.stdout.decode(errors="replace").splitlines()
    return [{"device": name} for name in names if name and not name.startswith(("test:", "v4l:"))]


DRIVER = Driver("scanner", "sane", SaneScanner, find, "scanner known to SANE (USB, network)")

# SPDX-License-Identifier: Apache-2.0
"""The inside of a simulated receipt printer: understands the commands a raster receipt needs, shows what came out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from devices.faults import Faults, PulledOut

if TYPE_CHECKING:
    from PIL.Image import Image

PAPER = {"ok": (0x12, 0x00), "low": (0x1E, 0x03), "out": (0x7E, 0x0F)}  # answers to DLE EOT 4 and GS r 1
FAULTS = ("silent", "garbage", "out-of-paper", "cover-open", "unplug")
_ONE_MORE = bytes.fromhex("6461 4A33 2145 4D74 527B 472D")  # ESC commands with one parameter
Reading = Generator[None, int, int]
Doing = Generator[None, int, None]


class EscposEngine:
    """`feed` takes what is sent and gives what is answered. `receipts` holds one picture a cut.

    `fault` is silent or garbage, until mended. `faults` are of single commands (a question, a piece of
    the strip); paper, cover and plug stay as they are until they are mended.
    """

    def __init__(self, printed: Callable[[Image], None] | None = None) -> None:
        self._tell = printed or (lambda _image: None)
        self.receipts: list[Image] = []
        self.paper = "ok"
        self.cover_open = False
        self.runs_out_while_printing = False
        self.fault: str | None = None
        self.faults = Faults(FAULTS)
        self._spoils = ""
        self._pulled = False
        self._strips: list[Image] = []
        self._answers = bytearray()
        self.begin()

    def begin(self) -> None:
        """A new conversation: what was half said is forgotten."""
        self._answers.clear()
        self._spoils, self._pulled = "", False
        self._talk = self._converse()
        next(self._talk)

    def feed(self, data: bytes) -> bytes:
        """What the printer answers to this. Raises PulledOut."""
        for byte in data:
            self._talk.send(byte)
            if self._pulled:
                raise PulledOut(bytes(self._answers))
        found = bytes(self._answers)
        self._answers.clear()
        return found

    def _draw(self) -> None:
        """What goes wrong with the command that comes now."""
        fault = self.faults.next()
        if fault == "out-of-paper":
            self.paper = "out"
        elif fault == "cover-open":
            self.cover_open = True
        elif fault == "unplug":
            self._pulled = True
        elif fault:
            self._spoils = fault

    def _answer(self, byte: int) -> None:
        fault, self._spoils = self._spoils or self.fault, ""
        if fault != "silent":
            self._answers.append(byte ^ 0xFF if fault == "garbage" else byte)

    def _converse(self) -> Doing:
        while True:
            first = yield
            if first == 0x10:
                yield from self._real_time()
            elif first == 0x1D:
                yield from self._group()
            elif first == 0x1B:
                second = yield
                if second in _ONE_MORE:
                    yield

    def _real_time(self) -> Doing:
        second = yield
        if second == 0x04:
            kind = yield
            self._draw()
            self._answer({2: 0x16 if self.cover_open else 0x12, 4: PAPER[self.paper][0]}.get(kind, 0x12))

    def _group(self) -> Doing:
        kind = yield
        if kind == 0x76:  # v 0: raster
            yield from self._raster()
        elif kind == 0x56:  # V: cut
            how = yield
            if how in (65, 66, 97, 98):
                yield
            self._cut()
        elif kind == 0x72:  # r: status in order
            yield
            self._draw()
            if not self.cover_open:  # else it waits until the cover is closed
                self._answer(PAPER[self.paper][1])

    def _raster(self) -> Doing:
        from PIL import Image

        yield
        yield
        width = yield from self._number()
        height = yield from self._number()
        data = bytearray()
        while len(data) < width * height:
            data.append((yield))
        self._draw()
        if self.runs_out_while_printing:
            self.paper = "out"
        if not self.cover_open and self.paper != "out" and data:
            self._strips.append(Image.frombytes("1", (width * 8, height), bytes(b ^ 0xFF for b in data)))

    @staticmethod
    def _number() -> Reading:
        low = yield
        high = yield
        return low + high * 256

    def _cut(self) -> None:
        from PIL import Image

        if not self._strips:
            return
        whole = Image.new("1", (max(s.width for s in self._strips), sum(s.height for s in self._strips)), 1)
        y = 0
        for strip in self._strips:
            whole.paste(strip, (0, y))
            y += strip.height
        self._strips = []
        self.receipts.append(whole)
        self._tell(whole)

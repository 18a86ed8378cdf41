# SPDX-License-Identifier: Apache-2.0
"""SAM_V frames a second: checked, cut out of the line's bytes, and read as a card.

Beside it, as a measure of the machine: the same bytes through zlib's CRC-32, which a library in C does.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable

from devices.id_card.frames import build_frame, read_frame
from devices.id_card.record import build_text_block, parse_base
from devices.id_card.sam_engine import FINGER, PHOTO
from kiosk.demo.people import GRANDMOTHER

SECONDS = 0.6
BURST = 20


class Line:
    """A line that has everything already, as a fast one does."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __call__(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        self._at += len(part)
        return part


def base_answer(*, finger: bool) -> bytes:
    """What a reader sends for a fictional card."""
    sizes = b"\x01\x00\x04\x00" + (b"\x04\x00" if finger else b"")
    parts = sizes + build_text_block(GRANDMOTHER) + PHOTO + (FINGER if finger else b"")
    return b"\x00\x00\x90" + parts


def rate(work: Callable[[], object]) -> float:
    """Calls a second."""
    for _ in range(BURST):
        work()
    calls, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < SECONDS:
        for _ in range(BURST):
            work()
        calls += BURST
    return calls / spent


def main() -> None:
    """Measures and prints."""
    print(f"{'':34}{'bytes':>7}{'frames/s':>11}{'x CRC-32':>10}")
    for name, finger in (("base", False), ("base with fingerprints", True)):
        content = base_answer(finger=finger)
        data = build_frame(content)
        crc = rate(lambda d=data: zlib.crc32(d))  # type: ignore[misc]
        for what, work in (
            ("frame", lambda d=data: read_frame(Line(d))),
            ("frame and card", lambda d=data, f=finger: parse_base(read_frame(Line(d)), with_fingerprint=f)),
        ):
            found = rate(work)  # type: ignore[arg-type]
            print(f"{name + ', ' + what:34}{len(data):7}{found:11.0f}{found / crc:10.4f}")
    print("A line at 115,200 baud carries at most nine such answers a second.")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Watches a card reader: laid down, read once, removed; and finds the reader again after it was unplugged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from devices.base import DeviceStatus, IdCardReader, StaffCard, State, status
from devices.errors import CardError, ReaderError
from devices.events import CardLeftBehind, CardPresented, CardRemoved, CardUnreadable, DeviceEvent, StaffCardPresented

LEFT_AFTER = 300.0  # seconds
PAUSE = 0.15  # seconds between tries
LASTING = ("card-check-digit", "card-malformed", "card-unknown", "card-unresponsive")  # not tried again
TRIES = 3  # a card is often moved while it is read


class CardWatch:
    """`look` is called by the reader's thread; `listener` hears events on it."""

    def __init__(
        self,
        reader: IdCardReader,
        listener: Callable[[DeviceEvent], None],
        *,
        device: str = "id-card",
        left_after: float = LEFT_AFTER,
    ) -> None:
        self._reader = reader
        self._device = device
        self._tell = listener
        self._left_after = left_after
        self._since: float | None = None
        self._open = False
        self._lying = False
        self._failures = 0
        self._leaving = False
        self._telling = threading.RLock()

    @property
    def lies(self) -> bool:
        """Whether a card that was reported lies there."""
        return self._lying

    def expect(self) -> None:
        """A card lies there that another process has reported: only its leaving, or being left behind, is news."""
        self._lying, self._since = True, time.monotonic()

    def leave(self) -> None:
        """The reader is released, from any thread: a card found from now on is left to its next owner."""
        with self._telling:
            self._leaving = True

    def _say(self, event: DeviceEvent) -> bool:
        with self._telling:
            if not self._leaving:
                self._tell(event)
            return not self._leaving

    def look(self) -> DeviceStatus:
        """One look at the reader."""
        try:
            if not self._open:
                self._reader.open()
                self._open = True
            self._watch()
        except ReaderError as fault:
            return self._reader_fault(fault)
        self._failures = 0
        return self._reader.status()

    def _reader_fault(self, fault: ReaderError) -> DeviceStatus:
        """A card under a failing reader is said to be unreadable once; the line is opened anew."""
        self._failures += 1
        if self._open and not self._lying and fault.code != "reader-absent" and self._failures == TRIES:
            self._say(CardUnreadable(fault.code, str(fault)))
        if fault.code == "reader-absent" or self._failures >= TRIES:
            self.close()
        absent = fault.code in ("reader-absent", "reader-silent")
        return status(self._device, State.ABSENT if absent else State.FAULT, fault.code)

    def _watch(self) -> None:
        if not self._reader.present():
            if self._lying:
                self._lying = False
                self._say(CardRemoved(self._device))
            return
        if self._lying:
            self._left_behind()
            return
        self._lying, self._since = self._say(self._read()), time.monotonic()

    def _left_behind(self) -> None:
        lain = time.monotonic() - self._since if self._since is not None else 0.0
        if lain > self._left_after:
            self._since = None
            self._say(CardLeftBehind(lain))

    def _read(self) -> DeviceEvent:
        for attempt in range(1, TRIES + 1):
            if attempt > 1:
                time.sleep(PAUSE)
            try:
                card = self._reader.read()
                if isinstance(card, StaffCard):
                    return StaffCardPresented(card)
                return CardPresented(card.identity, card.photo, card.warnings)
            except CardError as fault:
                if attempt == TRIES or fault.code in LASTING:
                    return CardUnreadable(fault.code, str(fault))
            except ReaderError as fault:
                if attempt == TRIES or fault.code == "reader-absent":
                    if fault.code == "reader-absent":
                        raise
                    return CardUnreadable(fault.code, str(fault))
        raise AssertionError("the loop returns")

    def close(self) -> None:
        """Releases the reader; a card that lay there is looked at anew when it is next opened."""
        was_open, self._open = self._open, False
        self._reader.close()
        if was_open and self._lying and not self._leaving:
            self._lying = False
            self._say(CardRemoved(self._device))

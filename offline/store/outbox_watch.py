# SPDX-License-Identifier: Apache-2.0
"""How the outbox stands, reported as it changes: to who listens here, and in a small file to other processes.

It comes from the store itself, so it is true whatever became of the thread that sends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from offline.errors import OfflineError
from offline.outbox_status import OutboxStatus
from offline.status_file import read_status_file, write_status_file
from offline.store.outbox import Outbox
from offline.store.vault import Vault

log = logging.getLogger(__name__)
FILE = "outbox-status.json"
Listener = Callable[[OutboxStatus], None]


class OutboxWatch:
    """To be used on the store's thread, except `listen`'s answer."""

    def __init__(self, data: Path, vault: Vault, outbox: Outbox) -> None:
        self._data = data
        self._vault = vault
        self._outbox = outbox
        self._listeners: list[Listener] = []
        self._seen: object = None
        self._tallies: object = None
        self._status: OutboxStatus | None = None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tells it now and at every change, on the store's thread, until what is returned is called."""
        self._listeners.append(listener)
        if self._status is not None:
            self._tell(listener, self._status)
        return lambda: self._listeners.remove(listener)

    def look(self) -> None:
        """After each job: costs next to nothing where the job wrote nothing. A damaged vault is the next job's news."""
        with suppress(OfflineError):
            if (changes := self._vault.changes) != self._seen:
                self._seen = changes
                self._changed()

    def _changed(self) -> None:
        tallies = self._outbox.tallies()
        if tallies == self._tallies:
            return
        self._tallies = tallies
        self._status = self._outbox.status()
        write_status_file(self._data / FILE, asdict(self._status))
        for listener in tuple(self._listeners):
            self._tell(listener, self._status)

    @staticmethod
    def _tell(listener: Listener, status: OutboxStatus) -> None:
        try:
            listener(status)
        except Exception:
            log.exception("who listens to the outbox failed")


def read_outbox(data: Path) -> OutboxStatus | None:
    """How the outbox stood when the program that has the directory last wrote it; None where it did not."""
    try:
        return OutboxStatus(**(read_status_file(data / FILE) or {}))
    except TypeError:
        return None

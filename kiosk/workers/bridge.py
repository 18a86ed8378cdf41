# SPDX-License-Identifier: Apache-2.0
"""From worker threads into the UI thread: whatever is posted arrives as a signal there.

A QObject that lives in the UI thread emits; a plain callable connected to a worker's signal would run in the
worker. Messages carry the id of the visit that asked, so that the machine can drop late ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from kiosk.visit.intents import Intent
from kiosk.workers.news import News


@dataclass(frozen=True, slots=True)
class Posted:
    """A message and the visit it belongs to; None: it belongs to the terminal, not to a visit."""

    message: Intent | News
    visit_id: str | None


class Bridge(QObject):
    """Make it in the UI thread. `post` may be called from any thread; `arrived` fires in the UI thread."""

    arrived = Signal(object)
    _crossing = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._crossing.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    def post(self, message: Intent | News, visit_id: str | None = None) -> None:
        """Sends `message` over."""
        if self._open:
            self._crossing.emit(Posted(message, visit_id))

    def close(self) -> None:
        """From now on nothing arrives: the application is ending."""
        self._open = False

    @Slot(object)
    def _arrive(self, posted: object) -> None:
        if self._open:
            self.arrived.emit(posted)

# SPDX-License-Identifier: Apache-2.0
"""How sending stands, for the band of the window and for the visit."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from kiosk.frame.state import SILENT, NetState, net_state
from kiosk.visit import intents
from kiosk.visit.intents import Intent
from kiosk.visit.machine import VisitMachine
from kiosk.window.shell import Shell
from kiosk.workers.store_work import StoreWork

if TYPE_CHECKING:
    from offline.outbox_status import OutboxStatus
    from offline.sync.state import SyncState


class Sending:
    """How sending stands by what the keeper said last: drawn at every news and at every tick."""

    def __init__(self, shell: Shell, store: StoreWork, machine: VisitMachine, say: Callable[[Intent], None]) -> None:
        self._shell, self._store, self._machine, self._say = shell, store, machine, say
        self._sync_state: SyncState | None = None
        self._outbox: OutboxStatus | None = None
        self.shown = NetState("down")
        shell.set_network(self.shown)

    def outbox_is(self, status: OutboxStatus) -> None:
        """What has left and what has not."""
        self._outbox = status
        self.show()
        self._look_for_delivery()

    def sync_is(self, state: SyncState) -> None:
        """How the exchange with the platform stands."""
        self._sync_state = state
        self.show()
        self._look_for_delivery()
        self._say(intents.NetworkChanged(state.online))

    def show(self) -> None:
        """At every news and at every tick: a state that is not renewed has gone stale."""
        shown = net_state(self._sync_state, self._outbox, self.shown, monotonic())
        if shown != self.shown:
            went = (shown.problem == SILENT) > (self.shown.problem == SILENT)
            self.shown = shown
            self._shell.set_network(shown)
            if went:
                self._say(intents.NetworkChanged(False))

    def _look_for_delivery(self) -> None:
        visit = self._machine.visit
        if visit.submitted is not None and not visit.sent:
            online = self.shown.link != "down"
            self._store.watch_delivery(visit.id, visit.submitted.tracking_code, online)

# SPDX-License-Identifier: Apache-2.0
"""The keeper's own work: the store is served over the port, the engine exchanges, sticks are looked for."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from offline.errors import OfflineError
from offline.outbox_status import OutboxStatus
from offline.port.server import CommandSocket, Connection
from offline.port.service import Service
from offline.port.stage import OutboxTold, PublishedAnew, StageAsked, StickTold, SyncTold, Told
from offline.stick.state import StickState
from offline.stick.watch import StickWork
from offline.sync.engine import SyncEngine
from offline.sync.report import SyncReport
from offline.sync.state import SyncState
from offline.terminal import Terminal

log = logging.getLogger(__name__)
StageListener = Callable[[Connection, StageAsked], None]


class Keeper:
    """Begin with `start`, end with `stop`; the terminal stays its owner's.

    `settings` is what every visit is welcomed with; `media_root`: where the kernel's view of sticks is looked for.
    """

    def __init__(
        self,
        terminal: Terminal,
        *,
        sync_seconds: float = 30.0,
        settings: Mapping[str, Any] | None = None,
        media_root: Path = Path("/"),
    ) -> None:
        self.terminal = terminal
        self._settings = settings or {}
        self._service = Service(terminal, self)
        self._engine: SyncEngine | None = None
        if terminal.enrolment is not None:
            self._engine = SyncEngine(terminal, listener=self._engine_said, interval=sync_seconds)
        self._stick = StickWork(terminal, self._stick_said, self.wake, root=media_root)
        self._commands: CommandSocket | None = None
        self._lock = threading.Lock()
        self._visits: set[Connection] = set()
        self._outbox: OutboxStatus | None = None
        self._leave_outbox: Callable[[], None] = lambda: None
        self._catalogue = ""
        self._devices: tuple[Mapping[str, Any], ...] | None = None

    def start(self) -> None:
        """Commands are served and the exchange begins. Raises OSError where the socket cannot be made."""
        self._commands = CommandSocket(self.terminal.data, self._service)
        self._leave_outbox = self.terminal.watch_outbox(self._outbox_changed)
        if self._engine is not None:
            self._engine.start()

    def stop(self) -> None:
        """Cuts every connection and ends the threads."""
        self._leave_outbox()
        if self._commands is not None:
            self._commands.close()
        with self._lock:
            left = list(self._visits)
        for connection in left:
            connection.close()
        self._stick.close()
        if self._engine is not None:
            self._engine.stop()

    def connect(
        self, stage: StageListener | None = None, ended: Callable[[Connection], None] = lambda _connection: None
    ) -> tuple[Connection, socket.socket]:
        """A visit's connection, answered from now on, and the end of it that is the visit's."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        return self.serve(ours, stage, ended), theirs

    def serve(
        self,
        ours: socket.socket,
        stage: StageListener | None = None,
        ended: Callable[[Connection], None] = lambda _connection: None,
    ) -> Connection:
        """Answers a visit from now on. `stage` hears what it says of itself, `ended` that it has gone; both on the
        connection's thread."""

        def gone(connection: Connection) -> None:
            with self._lock:
                self._visits.discard(connection)
            ended(connection)

        connection = Connection(ours, self._service, stage=stage or (lambda _c, _said: None), ended=gone)
        with self._lock:  # what is newer is said by others, and must come after this
            self._visits.add(connection)
            if self._outbox is not None:
                connection.post(OutboxTold(self._outbox))
            if (state := self.state()) is not None:
                connection.post(SyncTold(state))
        connection.start()
        return connection

    def devices_are(self, devices: tuple[Mapping[str, Any], ...] | None) -> None:
        """As the visit on stage says."""
        self._devices = devices

    def _tell(self, news: Told) -> None:
        with self._lock:
            visits = list(self._visits)
        for connection in visits:
            connection.post(news)

    def _outbox_changed(self, status: OutboxStatus) -> None:
        with self._lock:
            self._outbox = status
        self._tell(OutboxTold(status))

    def _engine_said(self, state: SyncState) -> None:
        self._tell(SyncTold(state))
        if state.phase != "idle" or not state.online:
            return
        try:
            published = self.terminal.catalogue().content_hash
        except OfflineError as fault:
            log.warning("what is published could not be read: %s", fault.code)
            return
        if published != self._catalogue:
            self._catalogue = published
            self._tell(PublishedAnew())

    def _stick_said(self, state: StickState) -> None:
        self._tell(StickTold(state))

    # what the service asks of it (`offline.port.service.Outside`)

    def wake(self) -> None:
        """Something waits to be sent."""
        if self._engine is not None:
            self._engine.wake()

    def exchange(self, retry_parked: bool) -> SyncReport:
        """One exchange, waited for; between two of the engine's own."""
        if retry_parked:
            self.terminal.ask(lambda outbox, _i, _s: outbox.unpark())
        if self._engine is None:
            return SyncEngine(self.terminal).run_once()
        return self._engine.exchange()

    def state(self) -> SyncState | None:
        """How the engine last said that it is; None before enrolment."""
        return self._engine.state if self._engine is not None else None

    def stick(self, wish: str) -> None:
        """Watch for a stick, run with it, or leave it."""
        {"watch": self._stick.watch, "run": self._stick.run, "leave": self._stick.leave}[wish]()

    def devices(self) -> tuple[Mapping[str, Any], ...] | None:
        """As the visit on stage said last."""
        return self._devices

    def settings(self) -> Mapping[str, Any]:
        """For a visit."""
        return self._settings

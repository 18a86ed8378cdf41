# SPDX-License-Identifier: Apache-2.0
"""One visit's process as the keeper sees it: begun, spoken to, watched, ended by its own process id."""

from __future__ import annotations

import logging
import os
import subprocess
import time
from enum import Enum
from pathlib import Path

from kiosk.keeper.child import Begun
from offline.port.server import Connection
from offline.port.stage import Told

log = logging.getLogger(__name__)
SILENT = 1.5  # seconds without a sign of life after which a process that does nothing is taken for hung
BUSY = 5.0  # the same for one that is at work all the while
_TICKS = os.sysconf("SC_CLK_TCK")


class Part(Enum):
    """What a process is there for."""

    SPARE = "spare"  # starting, or waiting behind the stage
    STAGE = "stage"  # its window is the terminal's
    LEAVING = "leaving"  # its visit is over; papers may still be printing


class VisitProcess:
    """Not thread-safe: its stage locks. `devices` are those it has been given and has not let go."""

    def __init__(self, begun: Begun, connection: Connection) -> None:
        self.connection = connection
        self.part = Part.SPARE
        self.ready = self.painted = self.over = False
        self.hung = False
        self.devices: set[str] = set()
        self.began = time.monotonic()
        self.taken_at = self.left_at = 0.0
        self._cpu = (0.0, 0.0)  # when its processor time was last seen to move, and what it was
        self._popen = begun.popen

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._popen.pid

    @property
    def ended(self) -> bool:
        """Whether it has gone; it is then waited for."""
        return self._popen.poll() is not None

    @property
    def code(self) -> int | None:
        """How it ended; negative: by this signal."""
        return self._popen.returncode

    def tell(self, news: Told) -> None:
        """It hears this, if it lives."""
        self.connection.post(news)

    def kill(self) -> None:
        """At once."""
        if not self.ended:
            self._popen.kill()

    def wait(self, seconds: float) -> bool:
        """Whether it ended by itself within so many seconds."""
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def is_hung(self, now: float) -> bool:
        """Whether its window has stopped answering. One that is being answered, or works, is given longer."""
        connection = self.connection
        if connection.working:
            return False
        silent = now - connection.heard_at
        used = self._processor_time()
        if used != self._cpu[1]:
            self._cpu = (now, used)
        idle = now - self._cpu[0]
        return silent > BUSY or (silent > SILENT and idle > SILENT / 2)

    def _processor_time(self) -> float:
        """Seconds, of all its threads (proc(5): utime and stime)."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            return -1.0
        return (int(fields[11]) + int(fields[12])) / _TICKS

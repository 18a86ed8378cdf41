# SPDX-License-Identifier: Apache-2.0
"""Beginning a visit's process. It needs nothing of the store, so the first one loads while that is being opened."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

COMMAND = (sys.executable, "-m", "kiosk.process.visit_process")


@dataclass(frozen=True, slots=True)
class Begun:
    """A process, and the keeper's end of its socket pair: nobody answers there yet."""

    popen: subprocess.Popen[bytes]
    ours: socket.socket

    def give_up(self) -> None:
        """Ends it before it was of any use."""
        self.popen.kill()
        self.popen.wait()
        self.ours.close()


def begin(command: Sequence[str] = COMMAND, *, behind: bool = True) -> Begun:
    """`behind`: somebody else has the stage, so it need not hurry. Raises OSError."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    number = theirs.fileno()
    arguments = (*command, str(number), *(["spare"] if behind else []))
    with theirs:
        try:
            return Begun(subprocess.Popen(arguments, pass_fds=(number,), start_new_session=True), ours)
        except BaseException:
            ours.close()
            raise

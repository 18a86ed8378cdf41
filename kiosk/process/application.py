# SPDX-License-Identifier: Apache-2.0
"""What a process with a window needs: the one QApplication, and signals that end it in good order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication


def application() -> QApplication:
    """The process's one QApplication, made if need be."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Doorstep")
    app.setQuitOnLastWindowClosed(True)
    return app


class QuitOnSignal:
    """Ctrl-C and a service manager's TERM call `quit_now` in the UI thread, at once: Qt's loop would not notice.

    Give it `exit`, not `quit`: the latter asks every window first, and one that will not close keeps all of it alive.
    """

    def __init__(self, quit_now: Callable[[], None]) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._notifier = QSocketNotifier(self._reader, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda *_args: quit_now())
        self._wakeup = signal.set_wakeup_fd(self._writer)
        self._before = {s: signal.signal(s, lambda *_args: None) for s in (signal.SIGINT, signal.SIGTERM)}

    def close(self) -> None:
        """Signals do again what they did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        os.close(self._reader)
        os.close(self._writer)

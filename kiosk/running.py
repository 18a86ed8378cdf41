# SPDX-License-Identifier: Apache-2.0
"""A process that shows the terminal: the Qt application, signals, an orderly end."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.app import KioskApp
from kiosk.config import ConfigError, KioskConfig, Orientation, load_config
from offline.errors import OfflineError
from offline.terminal import Terminal


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


def run_kiosk(data: Path, *, orientation: Orientation | None = None, windowed: bool = False) -> int:
    """Shows the terminal until it is told to end. Prints what is missing instead of a traceback; 1 then."""
    try:
        config = load_config(data)
        if orientation is not None:
            config = dataclasses.replace(config, orientation=orientation)
        if windowed:
            config = dataclasses.replace(config, full_screen=False)
        with Terminal.open(data) as terminal:
            terminal.catalogue()
            return _show(terminal, config)
    except (OfflineError, ConfigError) as fault:
        print(f"doorstep kiosk: {fault} ({fault.code})", file=sys.stderr)
        return 1


def _show(terminal: Terminal, config: KioskConfig) -> int:
    app = application()
    profile = None
    if config.devices is not None:
        from devices.profile import load_profile

        profile = load_profile(config.devices)
    kiosk = KioskApp(terminal, profile, config)
    signals = QuitOnSignal(app.exit)
    try:
        QTimer.singleShot(0, kiosk.start)
        return app.exec()
    finally:
        kiosk.stop()
        signals.close()

# SPDX-License-Identifier: Apache-2.0
"""The process of one visit: begun by the keeper with one end of a socket pair, ended with everything it held.

While it warms up behind the stage the one on stage has the machine to itself: what takes long here, loading, is done by
a thread of low priority. A thread's niceness is its own on Linux (setpriority(2)), and the window's stays as it was.
"""

from __future__ import annotations

import importlib
import logging
import os
import socket
import sys
import threading
from collections.abc import Sequence

from devices import scratch
from kiosk.process.walls import raise_walls
from offline.client.port import KeeperGone
from offline.errors import OfflineError
from offline.port.client import Client

log = logging.getLogger(__name__)
FIRST = ("PySide6.QtWidgets", "kiosk.app.app", "kiosk.process.lifecycle", "kiosk.pages.attract")
"""For the first picture, where nobody has the stage."""
WARM = (
    "PySide6.QtWidgets", "PySide6.QtSvg", "kiosk.app.app", "kiosk.process.lifecycle", "kiosk.workers.wiring",
    "devices.manager", "kiosk.forms.renderer", "kiosk.pages.home", "kiosk.pages.attract", "kiosk.pages.choose",
    "kiosk.pages.guide", "kiosk.pages.notice", "kiosk.pages.card", "kiosk.pages.materials", "kiosk.pages.review",
    "kiosk.pages.sign", "kiosk.pages.done", "printing.pdf.receipt", "printing.pdf.form", "printing.pdf.checklist",
)  # fmt: skip
LOW = 5  # a third of the processor where somebody else wants it: it must still be there after the next visit


def main(arguments: Sequence[str] = tuple(sys.argv[1:])) -> int:
    """`arguments`: the number of the socket's descriptor, and "spare" where somebody else has the stage. 0 after an
    orderly end."""
    raise_walls()
    scratch.settle()
    sock = socket.socket(fileno=int(arguments[0]))
    behind = "spare" in arguments
    loading = _loading(WARM if behind else FIRST, behind)
    try:
        client = Client(sock, "visit")
    except KeeperGone:
        return 1
    except OfflineError as fault:  # the program was exchanged while the terminal ran
        log.error("the keeper does not take this visit: %s", fault)
        return 1
    loading.join()
    return _show(client, behind)


def _loading(names: Sequence[str], behind: bool) -> threading.Thread:
    def load() -> None:
        if behind:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW)
        for name in names:
            importlib.import_module(name)

    thread = threading.Thread(target=load, name="loading", daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    """The window is there: what it will need soon is loaded while it waits for the first touch."""
    _loading(WARM, behind=True)


def _show(client: Client, behind: bool) -> int:
    from kiosk.app.app import KioskApp
    from kiosk.keeper.settings import read_settings
    from kiosk.process.application import QuitOnSignal, application
    from kiosk.process.heart import Heart
    from kiosk.process.lifecycle import VisitLifecycle

    settings = read_settings(client.welcome.settings)
    app = application()
    app.setQuitOnLastWindowClosed(False)
    kiosk = KioskApp(client, settings.profile, settings.config, take_devices=False)
    if settings.place is not None:
        kiosk.shell.move(*settings.place)
    heart = Heart(client)
    staged = VisitLifecycle(kiosk, heart, app.exit, in_haste=not behind, afterwards=_warm_up)
    signals = QuitOnSignal(staged.end)
    try:
        staged.prepare()
        return app.exec()
    finally:
        kiosk.stop()
        heart.stop()
        client.close()
        signals.close()


if __name__ == "__main__":
    raise SystemExit(main())

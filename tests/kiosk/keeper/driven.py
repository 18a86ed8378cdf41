# SPDX-License-Identifier: Apache-2.0
"""A visit's process as the product begins it, that a test can stand before: it does in the window's own thread what
comes over a socket `PID.sock` in a directory, one line of JSON for each wish."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier

import kiosk.app.app
from kiosk.demo.finger import Finger
from kiosk.process.visit_process import main
from kiosk.visit import intents


class Driver(QObject):
    """Answers each line with one line."""

    def __init__(self, app: kiosk.app.app.KioskApp, directory: Path) -> None:
        super().__init__(app)
        self._app = app
        self._finger = Finger(app.shell)
        self._listener = socket.socket(socket.AF_UNIX)
        draft = directory / f"{os.getpid()}.new"
        os.chdir(directory)  # a socket's name is short
        self._listener.bind(draft.name)
        draft.rename(directory / f"{os.getpid()}.sock")
        self._listener.listen()
        self._coming = QSocketNotifier(self._listener.fileno(), QSocketNotifier.Type.Read, self)
        self._coming.activated.connect(lambda *_args: self._serve())

    def _serve(self) -> None:
        sock, _ = self._listener.accept()
        with sock, sock.makefile("rw", encoding="utf-8") as lines:
            wish = json.loads(lines.readline())
            lines.write(json.dumps(self._do(**wish)) + "\n")

    def _do(self, what: str, value: Any = None) -> Any:
        app = self._app
        match what:
            case "state":
                view = app.machine.view()
                return {
                    "screen": str(view.screen),
                    "prints": {k: p.state for k, p in view.prints.items()},
                    "visible": app.shell.isVisible(),
                    "overlay": app.shell.overlay.key if app.shell.overlay is not None else "",
                    "spoken": app.shell.spoken(),
                    "sheets": len(view.sheets),
                    "problems": [str(p) for p in view.problems.values()],
                    "devices": {s.device: str(s.state) for s in app.manager.statuses()} if app.manager else {},
                }
            case "say":
                name, arguments = value
                app.take(getattr(intents, name)(*arguments))
            case "tap":
                self._finger.tap(value, exact=False)
            case "fill":
                return self._fill(value)
            case "sleep":
                time.sleep(value)
            case "work":
                ends = time.monotonic() + value
                while time.monotonic() < ends:
                    pass
            case "die":
                os.kill(os.getpid(), getattr(signal, value))
        return None

    def _fill(self, values: dict[str, Any]) -> str:
        """One page of the form; "" or what stands in the way."""
        app = self._app
        page = app.machine.view().page
        assert page is not None
        for name in page.fields:
            if name in values:
                app.take(intents.SetValue(name, values[name]))
        app.take(intents.NextPage())
        return str(app.machine.view().problems) if app.machine.view().page is page else ""


def attach(directory: Path) -> None:
    """Every terminal's window of this process can be driven."""
    prepare = kiosk.app.app.KioskApp.prepare

    def prepared(self: kiosk.app.app.KioskApp, *arguments: Any, **more: Any) -> None:
        prepare(self, *arguments, **more)
        Driver(self, directory)

    kiosk.app.app.KioskApp.prepare = prepared  # type: ignore[method-assign]


if __name__ == "__main__":
    attach(Path(sys.argv[1]))
    raise SystemExit(main(sys.argv[2:]))

# SPDX-License-Identifier: Apache-2.0
"""The platform of the demo: `doorstep gateway` as a process of its own, spoken to only by its commands."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from offline.supervised import SupervisedThread

START_WITHIN = 40.0  # seconds
COMMAND_WITHIN = 60.0
STOP_WITHIN = 10.0
READY = "gateway ready on "


class PlatformFailedError(Exception):
    """The gateway did not start, or a command of it failed; the message has its own words."""

    code = "gateway-failed"


class PlatformSide:
    """Starts the gateway on a free port; ends it by its own process id. A context manager."""

    def __init__(self, data: Path, log: Path) -> None:
        self.data = data
        self._log_path = log
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        parts = urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 0)

    def __enter__(self) -> PlatformSide:
        self.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when it serves. Raises PlatformFailedError."""
        with self._log_path.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                self._command("--data", str(self.data), "--port", "0"),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is for the window; we end the gateway ourselves
            )
        self.url = self._wait_ready()

    def _wait_ready(self) -> str:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        lines: queue.Queue[str] = queue.Queue()

        def read() -> bool:
            line = stream.readline()
            lines.put(line)
            return bool(line)

        stream: Any = process.stdout
        self._reader = SupervisedThread("gateway-output", read)
        self._reader.start()
        try:
            line = lines.get(timeout=START_WITHIN)
        except queue.Empty:
            line = ""
        if not line.startswith(READY):
            self.stop()
            words = self._log_path.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise PlatformFailedError(f"the gateway did not start:\n{words}")
        return line.removeprefix(READY).strip()

    def stop(self) -> None:
        """Ends the process we began, gently first."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_WITHIN)
        if process.stdout is not None:
            self._reader.stop()
            self._reader.join(5)
            process.stdout.close()

    def enrol_code(self, name: str) -> str:
        """A one-time code for a terminal of this station."""
        return self._run("enrol-code", "--data", str(self.data), "--name", name)

    def listing(self) -> list[dict[str, Any]]:
        """What has arrived."""
        found = json.loads(self._run("list", "--data", str(self.data), "--json"))
        assert isinstance(found, list)
        return found

    def act(self, tracking_code: str, act: str, *, ask: str = "", text: str = "") -> None:
        """What an officer does."""
        more = [*(["--ask", ask] if ask else []), *(["--text", text] if text else [])]
        self._run("act", "--data", str(self.data), tracking_code, act, *more)

    def officer(self, name: str, password: str) -> None:
        """An account for the officers' desk."""
        self._run("officer", "--data", str(self.data), "--name", name, "--password", password)

    @staticmethod
    def _command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "kiosk", "gateway", *arguments]

    def _run(self, *arguments: str) -> str:
        quiet = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
        done = subprocess.run(
            self._command(*arguments), capture_output=True, text=True, timeout=COMMAND_WITHIN, check=False, env=quiet
        )
        if done.returncode != 0:
            raise PlatformFailedError(f"doorstep gateway {arguments[0]} failed: {done.stderr.strip()[-2000:]}")
        return done.stdout.strip()

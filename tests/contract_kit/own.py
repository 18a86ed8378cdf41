# SPDX-License-Identifier: Apache-2.0
"""Our own gateway as a process, for a run of the kit without --gateway: spoken to by its command and its address."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from types import TracebackType

DICTIONARY = Path(__file__).parents[2] / "contract" / "dictionary" / "1.dict"  # published once more, as number 16


class OwnGateway:
    """Runs while it is entered."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._log = data.parent / "gateway.log"
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def _command(self, *more: str) -> list[str]:
        return [sys.executable, "-m", "gateway", *more, "--data", str(self._data)]

    @property
    def enrol_command(self) -> str:
        """Prints a code."""
        return shlex.join(self._command("enrol-code"))

    @property
    def rotate_command(self) -> str:
        """Changes the keys."""
        return shlex.join(self._command("rotate-keys"))

    @property
    def correct_command(self) -> str:
        """Lets an officer ask for a correction."""
        return shlex.join(self._command("act", "{code}", "correct", "--ask", "{field}", "--text", "{text}"))

    def __enter__(self) -> OwnGateway:
        publish = [*self._command("publish-dictionary"), str(DICTIONARY)]
        subprocess.run(publish, check=True, capture_output=True, timeout=60)
        self._start(0)
        return self

    def _start(self, port: int) -> None:
        with self._log.open("ab") as log:
            command = [*self._command(), "--port", str(port)]
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("gateway ready on "), f"our gateway does not start: {self._log.read_text()[-2000:]}"
        self.url = line.split()[-1]

    def crash(self) -> None:
        """Killed without a word, and started again at the same address."""
        self._end(kill=True)
        self._start(int(self.url.rsplit(":", 1)[1]))

    def _end(self, *, kill: bool) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        if kill:
            process.kill()
        else:
            process.terminate()
        process.wait(20)
        process.stdout.close()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(kill=False)

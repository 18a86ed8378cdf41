# SPDX-License-Identifier: Apache-2.0
"""A real gateway as a process of its own, asked only by its commands and its address."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


class LivePlatform:
    """Serving from `data` until closed; `codes` are for enrolment, one each."""

    def __init__(self, data: Path, codes: int) -> None:
        from gateway.platform import Platform

        self._data = data
        platform = Platform(data)
        try:
            self.codes = [platform.enrolment.new_code(f"{n}") for n in range(codes)]
        finally:
            platform.close()
        self._log = (data / "gateway.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "--data", str(data), "--port", "0"],
            stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "ready on" not in line:
            raise RuntimeError(f"the gateway did not start; see {data / 'gateway.log'}")
        self.port = int(line.rsplit(":", 1)[1])

    def listing(self) -> list[dict[str, Any]]:
        """All that has arrived."""
        command = [sys.executable, "-m", "gateway", "list", "--data", str(self._data), "--json"]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows

    def close(self) -> None:
        """Ends it in good order."""
        self._process.terminate()
        self._process.wait(30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()

# SPDX-License-Identifier: Apache-2.0
"""Our own gateway as a process, for a run of the kit without --gateway: spoken to by its command and its address."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DICTIONARY = Path(__file__).parents[2] / "contract" / "dictionary" / "1.dict"  # published once more, as number 16


def command(data: Path, *more: str) -> list[str]:
    """A call of the gateway's command."""
    return [sys.executable, "-m", "gateway", *more, "--data", str(data)]


@contextmanager
def own_gateway(data: Path) -> Iterator[str]:
    """Its address."""
    subprocess.run([*command(data, "publish-dictionary"), str(DICTIONARY)], check=True, capture_output=True, timeout=60)
    with (data.parent / "gateway.log").open("wb") as log:
        process = subprocess.Popen([*command(data), "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("gateway ready on "), f"our gateway does not start: {line!r}"
            yield line.split()[-1]
        finally:
            process.terminate()
            process.wait(20)
            if process.stdout is not None:
                process.stdout.close()


def enrol_command(data: Path) -> str:
    """Prints a code."""
    return shlex.join(command(data, "enrol-code"))


def rotate_command(data: Path) -> str:
    """Changes the keys."""
    return shlex.join(command(data, "rotate-keys"))

# SPDX-License-Identifier: Apache-2.0
"""A small file by which a running program tells others how something stands.

It is written in place, into a block that the file has had from the start: even a full disk can be reported. It is not
synced: after a power cut the next start writes it anew.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

SIZE = 4096  # bytes: one page of the kernel's, filled up with spaces
_TRIES = 5  # a reader may meet a writer


def write_status_file(path: Path, values: Mapping[str, Any]) -> bool:
    """Whether the disk took it."""
    body = json.dumps(values).encode().ljust(SIZE)
    if len(body) > SIZE:
        raise ValueError(f"{len(body)} bytes are too many for {path.name}")
    with suppress(OSError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            return os.pwrite(handle, body, 0) == SIZE
        finally:
            os.close(handle)
    return False


def read_status_file(path: Path) -> dict[str, Any] | None:
    """What was written last; None where nothing was."""
    for _ in range(_TRIES):
        try:
            with path.open("rb", buffering=0) as file:
                found = json.loads(file.read(SIZE))
            return found if isinstance(found, dict) else None
        except OSError:
            return None
        except ValueError:
            time.sleep(0.005)
    return None

# SPDX-License-Identifier: Apache-2.0
"""What a bad disk, or a hand that means well, does to the files beside the spool: damaged, cut, gone, set back."""

from __future__ import annotations

import random
from pathlib import Path

_PAGE = 4096


def rot(data: Path, rng: random.Random) -> str:
    """Does one of them; what it was. The spool itself is left alone: it is what all else is rebuilt from."""
    vault, log, counter = data / "vault.db", data / "vault.db-wal", data / "counter"
    match rng.randrange(9):
        case 0 | 1 | 2:
            return _spoil(vault, rng)
        case 3:
            return _spoil(log, rng)
        case 4:
            return _cut(vault, rng)
        case 5:
            return _cut(log, rng)
        case 6:
            return _remove(vault, log, data / "vault.db-shm")
        case 7:
            return _remove(counter)
        case _:
            return _remove(vault, log, data / "vault.db-shm", counter)


def _spoil(path: Path, rng: random.Random) -> str:
    if not path.exists() or path.stat().st_size < _PAGE:
        return "nothing"
    page = rng.randrange(path.stat().st_size // _PAGE)
    with path.open("r+b") as stream:
        stream.seek(page * _PAGE + rng.choice((0, rng.randrange(_PAGE))))
        stream.write(bytes(_PAGE) if rng.random() < 0.5 else rng.randbytes(64))
    return f"{path.name}: page {page} damaged"


def _cut(path: Path, rng: random.Random) -> str:
    if not path.exists() or path.stat().st_size == 0:
        return "nothing"
    size = rng.randrange(path.stat().st_size)
    with path.open("r+b") as stream:
        stream.truncate(size)
    return f"{path.name}: cut to {size} bytes"


def _remove(*paths: Path) -> str:
    for path in paths:
        path.unlink(missing_ok=True)
    return f"gone: {', '.join(p.name for p in paths)}"

# SPDX-License-Identifier: Apache-2.0
"""The kept releases: their data, and their programs to run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import psycopg

HERE = Path(__file__).parent
RELEASES = sorted(
    (p.name for p in HERE.iterdir() if (p / "told.json").exists()), key=lambda name: [int(n) for n in name.split(".")]
)
LAST_TWO = RELEASES[-2:]
"""What is written now is read by these programs: an update may be rolled back."""


def told(release: str, database: str = "sqlite") -> dict[str, Any]:
    """What its data holds."""
    found: dict[str, Any] = json.loads((HERE / release / "told.json").read_text("utf-8"))[database]
    return found


def stored(release: str, name: str, to: Path) -> Path:
    """A copy of one of its data directories."""
    return Path(shutil.copytree(HERE / release / name, to))


def load_postgresql(release: str, database: str) -> None:
    """Its dump, into an empty database."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute((HERE / release / "postgresql.sql").read_bytes())


def run_program(release: str, place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Python as that release would: its packages come before the present ones. `place` holds its sources."""
    if not place.exists():
        with tarfile.open(HERE / release / "program.tar.xz") as archive:
            archive.extraction_filter = lambda member, _path: member  # it is our own
            archive.extractall(place)
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=place, env=environment, capture_output=True, text=True, timeout=120
    )

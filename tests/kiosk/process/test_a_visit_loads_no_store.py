# SPDX-License-Identifier: Apache-2.0
"""What a visit's process loads: it seals, locks and asks; database, spool and sync are the keeper's."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LOADED = """
import importlib, sys
import kiosk.process.visit_process as visit
import offline.port.client
for name in visit.WARM: importlib.import_module(name)
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, env=env)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "name",
    ["sqlcipher3", "sqlite_utils", "offline.terminal", "offline.store", "offline.sync.engine", "requests", "h11"],
)
def test_it_does_without(loaded: set[str], name: str) -> None:
    assert name not in loaded


def test_it_loads_what_it_draws_with(loaded: set[str]) -> None:
    assert {"kiosk.app.app", "PySide6.QtWidgets", "offline.client.registrar"} <= loaded

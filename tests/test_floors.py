# SPDX-License-Identifier: Apache-2.0
"""The floors of the house: who may import whom (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "contract": set[str](),
    "devices": {"contract"},
    "offline": {"contract"},
    "printing": {"contract"},
    "gateway": {"contract"},
    "kiosk": {"contract", "devices", "offline", "printing"},
}
MODULES = sorted(path for room in MAY_IMPORT for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


def test_every_room_is_there() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_floors_below(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    wrong = (imported(path) & set(MAY_IMPORT)) - MAY_IMPORT[room] - {room}
    assert not wrong, f"{path.relative_to(ROOT)} may not import {sorted(wrong)}"
    if room != "kiosk":
        assert "PySide6" not in imported(path), "Qt is spoken only inside kiosk/"


def test_packaging_is_no_python_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()

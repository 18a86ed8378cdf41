# SPDX-License-Identifier: Apache-2.0
"""docs/complaints.md names a test for each complaint; each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "complaints.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_each_of_the_fifteen_has_a_test() -> None:
    rows = re.findall(r"^\| (\d+) \|.*\| (`tests/.*`) \|$", PAGE, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 16))


def test_each_test_named_exists() -> None:
    missing = []
    for file, name in NAMED:
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        if name not in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}:
            missing.append(f"{file}::{name}")
    assert not missing

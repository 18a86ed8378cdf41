# SPDX-License-Identifier: Apache-2.0
"""Where the type check is switched off: seldom, and never without saying why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("contract", "devices", "offline", "printing", "gateway", "kiosk")
MOST = 10
_IGNORE = re.compile(r"# type: ignore(\[[\w,-]+\])?(?P<reason>\s+# \S.*)?$")


def _ignores() -> list[tuple[str, str, str]]:
    """(place, line, the line above) of each."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            lines = path.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines):
                if "# type: ignore" in line:
                    found.append((f"{path.relative_to(ROOT)}:{number + 1}", line, lines[number - 1]))
    return found


def test_few_lines_are_left_out_of_the_type_check() -> None:
    assert len(_ignores()) <= MOST


@pytest.mark.parametrize(("place", "line", "above"), _ignores(), ids=[place for place, _line, _above in _ignores()])
def test_each_says_what_and_why(place: str, line: str, above: str) -> None:
    match = _IGNORE.search(line)
    assert match is not None, place
    assert match[1], f"{place} does not say what is ignored"
    assert match["reason"] or above.strip().startswith("#"), f"{place} does not say why"

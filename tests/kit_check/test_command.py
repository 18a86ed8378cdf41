# SPDX-License-Identifier: Apache-2.0
"""The kit as a province runs it: a command, an address, codes; a report for people and one for programs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract_kit import report
from tests.contract_kit.everything import POINTS
from tests.contract_kit.kit import Kit, codes
from tests.contract_kit.points import BROKEN, KEPT, NOT_TRIED, Finding, NotTried, find
from tests.kit_check.all_wrong import WRONG
from tests.kit_check.conftest import Place

pytestmark = pytest.mark.expects_log
ROOT = Path(__file__).parents[2]
KIT = ROOT / "tests" / "contract_kit"
MAY_IMPORT = {"contract", "tests", "requests", "cryptography", "pytest", "schemathesis", "hypothesis"}
WRONG_BY_NAME = {wrong.name: wrong for wrong in WRONG}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own, as from a shell."""
    command = [sys.executable, "-m", "pytest", "tests/contract_kit", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_run_by_address_and_codes(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    given = [place.platform.enrolment.new_code("x") for _ in range(2)]
    place.breaking.fault = WRONG_BY_NAME["no receipt for duplicates"].make()
    try:
        done = run(
            *("--gateway", place.url, "--enrol-code", given[0], "--enrol-code", given[1], "--report", str(file)),
            *("-k", "R-01 or R-04 or R-25 or T-09"),
        )
    finally:
        place.breaking.fault = None
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"The contract at {place.url}" in done.stdout
    assert "BROKEN     R-04  The receipt of a duplicate can be had again" in done.stdout
    assert "4 points: 2 kept, 1 broken, 1 not tried. The platform does not keep the contract." in done.stdout
    said = json.loads(file.read_text("utf-8"))
    assert (said["gateway"], said["kept"], said["broken"], said["not_tried"]) == (place.url, 2, 1, 1)
    assert {p["number"]: p["outcome"] for p in said["points"]} == {
        "R-01": "kept", "R-04": "broken", "R-25": "kept", "T-09": "not tried",
    }  # fmt: skip
    broken = said["points"][1]
    assert broken["seen"] == "the answer to a duplicate has no receipt"
    assert broken["do"] == POINTS["R-04"].do


def test_nobody_there_is_said_once() -> None:
    kit = Kit("http://127.0.0.1:9", codes(["x"], ""))
    found = [find(point, kit) for point in POINTS.values()]
    kit.close()
    assert [f.point.number for f in found if f.outcome == BROKEN] == ["G-01"]
    assert {f.seen for f in found if f.outcome == NOT_TRIED} == {
        "nobody answers at http://127.0.0.1:9: ConnectionError"
    }


def test_what_lacks_a_code_is_not_tried_and_says_so(place: Place) -> None:
    kit = Kit(place.url, codes([place.platform.enrolment.new_code("x")], ""))
    found = [find(POINTS[number], kit) for number in ("R-01", "R-25")]
    kit.close()
    assert [f.outcome for f in found] == [KEPT, NOT_TRIED]
    assert "--enrol-code" in found[1].seen


def test_a_command_may_give_the_codes() -> None:
    give = codes(["first"], f"{sys.executable} -c \"print('code:', 'next')\"")
    assert [give() for _ in range(3)] == ["first", "next", "next"]
    broken = codes([], f"{sys.executable} -c \"raise SystemExit('no codes today')\"")
    with pytest.raises(NotTried, match="no codes today"):
        broken()


def test_the_report_reads_well_where_a_portal_answers(place: Place) -> None:
    wrong = WRONG_BY_NAME["a captive portal answers 200 to everything"]
    with place.kit(wrong) as kit:
        found = [find(point, kit) for point in POINTS.values()]
    assert [f.point.number for f in found if f.outcome == BROKEN] == ["G-01"]
    assert all("G-01" in f.seen for f in found if f.outcome == NOT_TRIED)
    text = report.lines("http://platform.example", found)
    assert all(len(line) <= report.WIDTH + 40 for line in text)
    assert text[-1].startswith(f"{len(POINTS)} points: 0 kept, 1 broken, {len(POINTS) - 1} not tried.")


def test_points_are_sorted_and_words_end_well() -> None:
    findings = [Finding(point, "kept") for point in reversed(POINTS.values())]
    numbers = [line.split()[1] for line in report.lines("x", findings) if line.startswith("kept")]
    assert numbers == sorted(POINTS)
    for point in POINTS.values():
        assert not point.title.endswith("."), point.number
        assert point.do.endswith("."), point.number


@pytest.mark.parametrize("path", sorted(KIT.glob("*.py")), ids=lambda p: p.stem)
def test_the_kit_knows_nothing_of_ours_but_the_contract(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            top = name.split(".")[0]
            assert top in MAY_IMPORT or top in sys.stdlib_module_names, f"{path.name} imports {name}"
            assert top != "tests" or name.startswith("tests.contract_kit"), f"{path.name} imports {name}"

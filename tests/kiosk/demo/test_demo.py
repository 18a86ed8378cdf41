# SPDX-License-Identifier: Apache-2.0
"""The demo as a newcomer runs it: one command, and its summary holds against what lies in the directories."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner
from PIL import Image

from kiosk.demo import people
from kiosk.demo.command import demo
from kiosk.demo.rehearsal import judge
from kiosk.demo.summary import Summary, Uploads, compare, find_readable


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs the whole demo once, in a process of its own."""
    out = tmp_path_factory.mktemp("demo") / "out"
    quiet = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
    command = [sys.executable, "-m", "kiosk", "demo", "--headless", "--out", str(out)]
    done = subprocess.run(command, env=quiet, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "NOT AS PROMISED" not in done.stdout
    return out


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


def listing(out: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "kiosk", "gateway", "list", "--json", "--data", str(out / "gateway")]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
    assert isinstance(found, list)
    return found


def test_the_summary_is_what_the_platform_has(played: Path) -> None:
    summary = json.loads((played / "summary.json").read_text(encoding="utf-8"))
    assert (summary["lost"], summary["duplicates"], summary["uploads"]["cuts"]) == (0, 0, 2)
    rows = {r["record_id"]: r for r in listing(played) if r["kind"] == "application"}
    assert len(rows) == len(summary["applications"]) == 2
    for told in summary["applications"]:
        row = rows[told["record_id"]]
        assert row["tracking_code"] == told["tracking_code"]
        assert row["state"] == told["state"]
        assert all(a["complete"] for a in row["attachments"])
    assert summary["uploads"]["bytes_sent"] >= summary["uploads"]["bytes_payload"] > 20_000


def test_the_terminals_disk_gives_nobody_away(played: Path) -> None:
    assert find_readable(played / "terminal", people.all_secrets()) == []
    assert find_readable(played / "prints", people.all_secrets()) == [], "PDF text is compressed; names are in the font"
    (played / "terminal-probe").mkdir()
    (played / "terminal-probe" / "x").write_text(f"...{people.PHONES.own}...", encoding="utf-16-le")
    assert find_readable(played / "terminal-probe", people.all_secrets()) == ["x"], "the search itself must find"


def test_every_screen_is_there_in_both_orientations(played: Path) -> None:
    summary = json.loads((played / "summary.json").read_text(encoding="utf-8"))
    assert len(summary["screens"]) >= 50
    for name in summary["screens"]:
        with Image.open(played / name) as picture:
            assert picture.size == ((1080, 1920) if "portrait" in name else (1920, 1080))
    seen = " ".join(summary["screens"])
    for wanted in ("attract", "guide", "notice", "card", "form-", "materials", "check", "review", "sign", "done",
                   "rating", "case-accepted", "case-correction", "track"):  # fmt: skip
        assert wanted in seen


def test_the_papers_carry_the_code_and_no_full_number_on_receipts(played: Path) -> None:
    summary = json.loads((played / "summary.json").read_text(encoding="utf-8"))
    codes = [a["tracking_code"] for a in summary["applications"]]
    flat = [text_of(played / name) for name in summary["prints"] if name.endswith(".pdf")]
    for code in codes:
        assert sum(code in text for text in flat) >= 2
    receipts = [t for t in flat if "回执" in t]
    assert receipts
    assert all(people.GRANDMOTHER.id_number not in t and people.NEIGHBOUR.id_number not in t for t in receipts)


def test_a_directory_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("x")
    command = [sys.executable, "-m", "kiosk", "demo", "--headless", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "is not empty" in done.stderr


def test_the_judge_names_what_did_not_hold() -> None:
    summary = Summary(lost=1, uploads=Uploads(1, 0, 0))
    judge(summary)
    assert any("nothing is lost" in p for p in summary.problems)
    assert any("cut 2 times" in p for p in summary.problems)
    assert not summary.ok


def test_comparing_counts_what_is_missing_double_or_strange() -> None:
    from kiosk.demo.gallery.visit import sample_case

    case = sample_case("old80", "x", "004210000011", ())
    row = {
        "kind": "application",
        "record_id": case.record_id,
        "tracking_code": case.tracking_code,
        "received_at": "t",
        "case_number": "n",
        "state": "received",
        "attachments": [{"complete": False}],
    }
    assert compare([case], [])[1:] == (1, 0)
    assert compare([case], [row])[1:] == (1, 0), "a picture that is not complete is lost"
    whole = {**row, "attachments": []}
    assert compare([case], [whole])[1:] == (0, 0)
    assert compare([case], [whole, whole])[1:] == (0, 1)
    assert compare([case], [whole, {**whole, "record_id": "other"}])[2] > 0


def test_faults_at_random_are_for_the_demo_by_hand() -> None:
    done = CliRunner().invoke(demo, ["--headless", "--faults", "3"])
    assert done.exit_code == 2
    assert "by hand" in done.output

# SPDX-License-Identifier: Apache-2.0
"""Metered links: records always go, attachments wait for the budget, the hours, or the end of quiet; all of it said."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from offline.command import sync
from offline.errors import OfflineError
from offline.sync.budget import Budget, Limits, load_limits, load_used, save_limits
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.live import LiveGateway
from tests.offline.conftest import application, attachment

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def run(*arguments: object) -> str:
    done = CliRunner().invoke(sync, [str(a) for a in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_budget_counts_a_day_and_begins_anew_on_the_next(tmp_path: Path) -> None:
    save_limits(tmp_path, Limits(daily_bytes=10_000))
    budget = Budget(tmp_path, NOON)
    assert budget.holds_back(NOON) is None
    budget.spent(6000, NOON)
    budget.spent(9000, NOON)
    assert 9000 <= budget.used < 9500
    assert budget.holds_back(NOON) is None
    budget.spent(9900, NOON)
    assert budget.holds_back(NOON) == "budget"
    budget.save()
    assert Budget(tmp_path, NOON).holds_back(NOON) == "budget"
    tomorrow = NOON.replace(day=25)
    assert Budget(tmp_path, tomorrow).holds_back(tomorrow) is None
    budget.spent(9950, tomorrow)
    assert budget.holds_back(tomorrow) is None


@pytest.mark.parametrize(
    ("between", "at", "held"),
    [("22:00-06:00", 12, "hours"), ("22:00-06:00", 23, None), ("22:00-06:00", 3, None), ("09:00-17:00", 12, None),
     ("09:00-17:00", 18, "hours"), ("", 3, None)],
)  # fmt: skip
def test_hours_in_which_attachments_may_go(tmp_path: Path, between: str, at: int, held: str | None) -> None:
    save_limits(tmp_path, Limits(between=between))
    assert Budget(tmp_path, NOON).holds_back(NOON.replace(hour=at)) == held


def test_hours_that_are_none_are_refused_and_a_damaged_file_limits_nothing(tmp_path: Path) -> None:
    for wrong in ("night", "22-6-8", "25:00-06:00", "22:00"):
        with pytest.raises(OfflineError):
            save_limits(tmp_path, Limits(between=wrong))
    (tmp_path / "sync-limits.json").write_text("{", "utf-8")
    assert load_limits(tmp_path) == Limits()
    (tmp_path / "sync-used.json").write_text('{"day": 3}', "utf-8")
    assert load_used(tmp_path, NOON).bytes == 0


def test_records_go_and_attachments_wait_until_the_limit_is_lifted(terminal: Terminal, gateway: LiveGateway) -> None:
    run("limits", "--data", terminal.data, "--quiet")
    terminal.submit(application(terminal.new_tracking_code()), [attachment(1, 200)])
    engine = SyncEngine(terminal)
    report = engine.run_once()
    assert (report.records_sent, report.attachments_sent, report.held_back, report.problem) == (1, 0, "quiet", None)
    assert json.loads(run("status", "--data", terminal.data, "--json"))["held_back"] == "quiet"
    run("limits", "--data", terminal.data, "--no-quiet")
    report = engine.run_once()
    assert (report.attachments_sent, report.held_back) == (1, None)
    assert gateway.platform.cases.listing()[0]["attachments"][0]["complete"]


def test_a_spent_budget_stops_between_attachments_and_is_kept_over_a_restart(terminal: Terminal) -> None:
    pictures = [attachment(n, 300) for n in range(4)]
    terminal.submit(application(terminal.new_tracking_code()), pictures)
    sizes = terminal.outbox().bytes_waiting
    save_limits(terminal.data, Limits(daily_bytes=sizes // 4))
    report = SyncEngine(terminal).run_once()
    assert report.held_back == "budget"
    assert report.records_sent == 1
    assert report.attachments_sent < 4
    again = SyncEngine(terminal).run_once()
    assert (again.attachments_sent, again.held_back) == (0, "budget")
    run("limits", "--data", terminal.data, "--daily", "none")
    assert SyncEngine(terminal).run_once().held_back is None
    assert terminal.outbox().attachments_waiting == 0


def test_limits_are_shown_and_wrong_ones_refused(tmp_path: Path) -> None:
    run("limits", "--data", tmp_path, "--daily", "20", "--between", "22:00-06:00")
    shown = json.loads(run("limits", "--data", tmp_path, "--json"))
    assert shown == {"daily_bytes": 20_000_000, "quiet": False, "between": "22:00-06:00", "bytes_today": 0}
    assert "22:00-06:00" in run("limits", "--data", tmp_path)
    for wrong in (["--daily", "much"], ["--daily", "-1"], ["--between", "night"]):
        done = CliRunner().invoke(sync, ["limits", "--data", str(tmp_path), *wrong])
        assert done.exit_code != 0
        assert "Traceback" not in done.output


def test_status_while_the_kiosk_has_the_directory_and_after(terminal: Terminal, gateway: LiveGateway) -> None:
    terminal.submit(application(terminal.new_tracking_code()), [attachment(1, 200)])
    before = CliRunner().invoke(sync, ["status", "--data", str(terminal.data), "--json"])
    SyncEngine(terminal).run_once()
    shown = json.loads(run("status", "--data", terminal.data, "--json"))
    assert (shown["engine"], shown["waiting"], shown["bytes_left"], shown["online"]) == ("running", 0, 0, True)
    assert shown["bytes_today"] > 10_000
    assert before.exit_code == 0  # enrolling was an exchange
    terminal.close()
    shown = json.loads(run("status", "--data", terminal.data, "--json"))
    assert (shown["engine"], shown["delivered"]) == ("stopped", 1)
    assert "engine" in run("status", "--data", terminal.data)
    assert gateway.platform.cases.listing()

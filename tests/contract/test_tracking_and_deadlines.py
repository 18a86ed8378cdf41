# SPDX-License-Identifier: Apache-2.0
"""The one code, and when a promise falls due."""

from __future__ import annotations

from datetime import date

import pytest

from contract.deadlines import WorkCalendar, due
from contract.errors import ContractError
from contract.items import Limit
from contract.sample import sample_calendar
from contract.tracking import (
    TrackingError,
    check_tracking_code,
    code_from_scan,
    group_code,
    make_tracking_code,
    split_code,
    tracking_url,
)


def test_codes_are_found_again() -> None:
    code = make_tracking_code(421, 137)
    assert (len(code), split_code(code)) == (12, (421, 137))
    assert check_tracking_code(group_code(code)) == code
    assert code_from_scan(tracking_url("https://example.org/", code)) == code


def test_every_single_wrong_digit_is_caught() -> None:
    code = make_tracking_code(421, 98765)
    for place in range(12):
        for digit in "0123456789":
            if digit != code[place]:
                with pytest.raises(TrackingError):
                    check_tracking_code(code[:place] + digit + code[place + 1 :])


@pytest.mark.parametrize(("terminal", "counter"), [(0, 1), (100_000, 1), (1, 0), (1, 1_000_000)])
def test_ranges(terminal: int, counter: int) -> None:
    with pytest.raises(TrackingError):
        make_tracking_code(terminal, counter)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    table = sample_calendar()
    assert due(date(2026, 9, 30), Limit(1, "working"), table).day == date(2026, 10, 8)  # National Day
    assert due(date(2026, 10, 8), Limit(2, "working"), table).day == date(2026, 10, 10)  # a Saturday worked
    assert due(date(2026, 11, 23), Limit(15, "calendar"), table).day == date(2026, 12, 8)


def test_an_unknown_year_is_said_to_be_estimated() -> None:
    answer = due(date(2026, 12, 28), Limit(10, "working"), sample_calendar())
    assert answer.estimated
    assert not due(date(2026, 11, 2), Limit(10, "working"), sample_calendar()).estimated


def test_a_damaged_table_is_refused() -> None:
    table = sample_calendar()
    assert WorkCalendar.from_dict(table.to_dict()) == table
    for broken in ({}, {**table.to_dict(), "holidays": ["2026-13-01"]}):
        with pytest.raises(ContractError):
            WorkCalendar.from_dict(broken)

# SPDX-License-Identifier: Apache-2.0
"""A clock that jumps: nothing is lost or numbered anew, the order of what was done stays, and times are marked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from contract.record import Record
from contract.tracking import split_code
from offline.clock import ClockWatch, SystemClock
from offline.errors import StaffRefused
from offline.terminal import Terminal
from tests.offline.conftest import application
from tests.offline.test_terminal import draft_of

JUMPS = [timedelta(days=-4000), timedelta(days=-1), timedelta(hours=-1), timedelta(hours=1), timedelta(days=4000)]


class SetClock(SystemClock):
    """A wall clock that somebody sets; the other one goes on as it does."""

    def __init__(self) -> None:
        self.off = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.off


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_clock_that_is_set_between_two_applications_changes_no_number_and_no_order(
    terminal: Terminal, jump: timedelta
) -> None:
    clock = SetClock()
    terminal.close()
    with Terminal.open(terminal.data, clock=clock) as again:
        first = again.submit(application(again.new_tracking_code(), 1))
        again.client.drafts.save(draft_of(7))
        picture = again.client.drafts.keep_picture(b"picture")
        clock.off = jump
        second = again.submit(application(again.new_tracking_code(), 2))
        assert [line.id for line in again.records(10)] == [second.record_id, first.record_id]
        headers = [Record.decode(again.record(one.record_id) or b"").header for one in (first, second)]
        assert [h.sequence for h in headers] == [1, 2]
        assert [h.clock for h in headers] == ["good", "unsure"]
        assert again.fact("clock") == "unsure"
        assert again.client.drafts.find(draft_of(7).id_number) is not None
        assert again.client.drafts.picture(picture) == b"picture"
    clock.off = timedelta(0)
    with Terminal.open(terminal.data, clock=clock) as after:
        third = after.submit(application(after.new_tracking_code(), 3))
        counters = [split_code(one.tracking_code)[1] for one in (first, second, third)]
        assert counters == sorted(set(counters))
        assert [line.sequence for line in after.records(10)] == [3, 2, 1]
        assert len(after.ask(lambda outbox, _i, _s: outbox.waiting_records(10))) == 3


def test_a_clock_behind_the_last_record_at_the_start_is_noticed(terminal: Terminal) -> None:
    terminal.submit(application(terminal.new_tracking_code(), 1))
    terminal.close()
    clock = SetClock()
    clock.off = timedelta(days=-30)
    with Terminal.open(terminal.data, clock=clock) as again:
        done = again.submit(application(again.new_tracking_code(), 2))
        assert Record.decode(again.record(done.record_id) or b"").header.clock == "unsure"


def test_a_small_correction_of_the_clock_is_no_jump() -> None:
    clock = SetClock()
    watch = ClockWatch(clock, clock.now())
    clock.off = timedelta(seconds=20)
    assert not watch.jumped()
    clock.off = timedelta(seconds=400)
    assert watch.jumped()
    assert not watch.jumped()


def test_staff_are_not_locked_out_for_years_by_a_clock_that_was_set_back(terminal: Terminal) -> None:
    clock = SetClock()
    terminal.close()
    with Terminal.open(terminal.data, clock=clock) as again:
        again.client.staff.add("张梅", "258036")
        clock.off = timedelta(days=4000)
        for _ in range(5):
            with pytest.raises(StaffRefused):
                again.client.staff.unlock("张梅", "111112")
        clock.off = timedelta(0)
        with pytest.raises(StaffRefused) as refused:
            again.client.staff.unlock("张梅", "258036")
        assert refused.value.remaining <= 301
        clock.off = timedelta(seconds=302)
        assert again.client.staff.unlock("张梅", "258036").name == "张梅"

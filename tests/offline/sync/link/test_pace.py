# SPDX-License-Identifier: Apache-2.0
"""How much is under way, when a flow is dead, when to try again: reckoned against a link made of numbers."""

from __future__ import annotations

import itertools
import random
from types import SimpleNamespace
from typing import cast

import pytest

from offline.sync.backoff import BACKOFF_TO, backoff
from offline.sync.link.connection import Connection, Stage
from offline.sync.link.dialer import MOST_AT_ONCE, MOST_ATTEMPTS, SYN_GAP
from offline.sync.link.dialer import Pace as DialPace
from offline.sync.link.flow import HUSH, PROBES, SLACK, is_hushed, is_silent
from offline.sync.link.pace import FIRST_WINDOW, LEAST_WINDOW, Window
from offline.sync.link.tcp import Flight
from offline.sync.link.transfer import ATTACHMENT, RECORDS
from offline.sync.piece_size import FIRST_PIECE, MOST_PIECE, piece_size
from offline.sync.progress import Throughput

TICK = 0.02


class NumbersLink:
    """A link of `rate` bytes a second and `rtt` seconds, whose sender keeps the window full."""

    def __init__(self, rate: float, rtt: float) -> None:
        self.rate, self.rtt = rate, rtt
        self.now = 100.0
        self.delivered = 0.0
        self.window = Window()
        self.window.restart(self.now)
        self.busiest = 0.0

    def run(self, seconds: float, *, share: float = 1.0) -> None:
        """The window's worth is under way: what is beyond the pipe stands in the queue."""
        for _ in range(int(seconds / TICK)):
            self.now += TICK
            limit = self.window.limit * share
            throughput = min(self.rate, limit / self.rtt)
            queued = max(0.0, limit - self.rate * self.rtt) / self.rate
            self.delivered += throughput * TICK
            self.busiest = max(self.busiest, queued)
            self.window.note(self.now, int(self.delivered), int(limit), self.rtt + queued, self.rtt, TICK)

    @property
    def held(self) -> float:
        """The window in bandwidth-delay products."""
        return self.window.limit / (self.rate * self.rtt)


@pytest.mark.parametrize("rate", [8_000, 32_000, 125_000, 1_250_000])
@pytest.mark.parametrize("rtt", [0.1, 0.6, 1.5])
def test_the_window_finds_the_link_and_keeps_it_full_but_not_more(rate: float, rtt: float) -> None:
    link = NumbersLink(rate, rtt)
    link.run(60 * rtt + 10)
    assert 1.0 < link.held < 2.2 or link.window.limit == LEAST_WINDOW
    assert link.window.rate == pytest.approx(rate, rel=0.1)


def test_a_link_that_loses_packets_gets_more_under_way() -> None:
    link = NumbersLink(32_000, 0.6)
    link.run(30)
    before = link.window.limit
    link.window.lossy = True
    link.run(10)
    assert before * 1.1 < link.window.limit < before * 1.4


def test_it_probes_upward_when_the_link_becomes_faster() -> None:
    link = NumbersLink(32_000, 0.6)
    link.run(30)
    link.rate = 250_000
    link.run(30)
    assert 1.0 < link.held < 2.0


def test_it_falls_when_the_link_becomes_slower() -> None:
    link = NumbersLink(125_000, 0.6)
    link.run(30)
    link.rate = 16_000
    link.run(60)
    assert link.held < 2.0


def test_what_an_idle_sender_sees_says_nothing_of_the_link() -> None:
    link = NumbersLink(32_000, 0.6)
    link.run(30)
    before = link.window.limit
    link.run(60, share=0.1)
    assert link.window.limit == before


def test_nothing_is_added_while_nothing_arrives() -> None:
    link = NumbersLink(32_000, 0.6)
    link.run(2)
    before = link.window.limit
    link.rate = 1e-6
    link.run(10)
    assert link.window.limit <= before


def test_a_cut_does_not_make_it_forget_the_link() -> None:
    link = NumbersLink(32_000, 0.6)
    link.run(30)
    before = link.window.limit
    link.now += 400
    link.window.restart(link.now)
    link.run(1)
    assert link.window.limit > before * 0.8


def test_a_frame_is_thirty_seconds_of_the_link_at_most() -> None:
    assert piece_size(0, 1) == FIRST_PIECE
    assert piece_size(32_000, 1) == 960_000
    assert piece_size(32_000, 3) == 320_000
    assert piece_size(1e9, 1) == MOST_PIECE
    assert FIRST_WINDOW < FIRST_PIECE


# dead flows


def flow(
    *,
    outstanding: int,
    heard: float,
    since: float = 0.0,
    info: bool = True,
    suspect: bool = False,
    full: bool = False,
    unanswered: int = 0,
    small: bool = False,
) -> Connection:
    """A connection as the watch sees it."""
    told = (outstanding, outstanding, 0, 0, 0.0, 1.0, 0.6, 0.6, 0, 0, 0, 1448, 0.0, unanswered)
    seen = SimpleNamespace(
        stage=Stage.BUSY, flight=Flight(*told) if info else None, heard=heard, quiet_since=since, moved=heard,
        suspect=suspect, told_to_wait=full, exchange=SimpleNamespace(priority=RECORDS if small else ATTACHMENT),
    )  # fmt: skip
    return cast(Connection, seen)


def test_a_flow_is_silent_a_round_trip_and_some_after_its_last_acknowledgement() -> None:
    assert not is_silent(flow(outstanding=9000, heard=10.0), 10.0 + 0.6 + SLACK - 0.01)
    assert is_silent(flow(outstanding=9000, heard=10.0), 10.0 + 0.6 + SLACK + 0.01)


def test_a_flow_gets_nothing_more_soon_after_it_fell_silent() -> None:
    assert not is_hushed(flow(outstanding=9000, heard=10.0), 10.0 + 0.6 + HUSH - 0.01)
    assert is_hushed(flow(outstanding=9000, heard=10.0), 10.0 + 0.6 + HUSH + 0.01)
    assert not is_hushed(flow(outstanding=0, heard=10.0), 20.0)
    assert not is_hushed(flow(outstanding=400, heard=10.0, since=19.9), 20.0)
    assert not is_hushed(flow(outstanding=400, heard=10.0, info=False), 20.0)


def test_a_lost_packet_may_be_sent_again_while_the_link_is_seen_to_live() -> None:
    due = 0.6 + SLACK
    lone = flow(outstanding=9000, heard=10.0)
    assert not is_silent(lone, 10.0 + due + 0.01, beside=11.0)
    assert is_silent(lone, 10.0 + due + 3.01, beside=13.0)
    assert not is_silent(lone, 10.0 + due + 0.01, lossy=True)
    assert is_silent(lone, 10.0 + due + 1.01, lossy=True)


def test_a_small_request_does_not_wait_for_the_kernel_to_send_it_again() -> None:
    lone = flow(outstanding=600, heard=10.0, small=True)
    assert not is_silent(lone, 10.0 + 0.6 + SLACK / 2 - 0.01, beside=10.9, lossy=True)
    assert is_silent(lone, 10.0 + 0.6 + SLACK / 2 + 0.01, beside=10.9, lossy=True)
    assert not is_silent(flow(outstanding=0, heard=10.0, small=True), 12.2)  # it came, and is being answered


def test_what_is_suspected_stays_so_when_another_flow_comes_to_life() -> None:
    assert is_silent(flow(outstanding=9000, heard=10.0, suspect=True), 13.0, beside=13.0)
    assert not is_silent(flow(outstanding=9000, heard=12.9, suspect=True), 13.0, beside=13.0)


def test_silence_counts_from_when_there_was_something_to_acknowledge() -> None:
    assert not is_silent(flow(outstanding=400, heard=10.0, since=70.0), 71.0)
    assert is_silent(flow(outstanding=400, heard=10.0, since=70.0), 71.4)


def test_who_has_no_room_is_slow_and_not_dead_as_long_as_it_says_so() -> None:
    assert not is_silent(flow(outstanding=9000, heard=10.0, full=True), 19.0)
    assert not is_silent(flow(outstanding=9000, heard=10.0, full=True, unanswered=PROBES), 19.0)
    assert is_silent(flow(outstanding=9000, heard=10.0, full=True, unanswered=PROBES + 1), 19.0)


def test_a_platform_that_thinks_is_not_silent_while_its_kernel_answers_probes() -> None:
    assert not is_silent(flow(outstanding=0, heard=29.0), 31.2)
    assert is_silent(flow(outstanding=0, heard=29.0), 31.4)


def test_where_the_kernel_tells_nothing_moving_bytes_count() -> None:
    assert not is_silent(flow(outstanding=0, heard=10.0, info=False), 20.0)
    assert is_silent(flow(outstanding=0, heard=10.0, info=False), 23.0)


# trying again


def test_backoff_is_full_jitter_with_a_cap() -> None:
    rng = random.Random(7)
    for failures in range(1, 40):
        waits = [backoff(failures, rng) for _ in range(50)]
        assert all(0.5 <= w <= BACKOFF_TO for w in waits)
        assert max(waits) > min(waits) * 1.5
    late = [backoff(30, rng) for _ in range(200)]
    assert max(late) > 250
    assert min(late) < 50


def test_retry_after_is_obeyed_and_spread() -> None:
    rng = random.Random(7)
    waits = [backoff(1, rng, 60.0) for _ in range(100)]
    assert all(60.0 <= w <= 90.0 for w in waits)
    assert len({round(w) for w in waits}) > 15
    assert backoff(1, rng, 1e9) <= BACKOFF_TO * 1.5


def syns(wanted: int, seconds: float, *, refused: bool) -> list[float]:
    """When attempts begin that get no answer at all, or are refused at once."""
    pace, began, under_way = DialPace(), [], 0
    for step in range(int(seconds / TICK)):
        now = 50.0 + step * TICK
        for _ in range(pace.due(now, wanted, under_way)):
            pace.began(now)
            began.append(now)
            if refused:
                pace.refused(now, wanted)
                break
            under_way += 1
        if under_way > MOST_ATTEMPTS - MOST_AT_ONCE:
            under_way -= MOST_AT_ONCE
    return began


def test_while_nobody_answers_each_flow_tries_five_times_a_second() -> None:
    for wanted in (1, 3):
        began = syns(wanted, 10.0, refused=False)
        assert len(began) == pytest.approx(wanted * 10 / (SYN_GAP + TICK), rel=0.1)
        rounds = sorted(set(began))
        assert min(b - a for a, b in itertools.pairwise(rounds)) > SYN_GAP - TICK


def test_what_is_wanted_in_addition_does_not_wait() -> None:
    pace = DialPace()
    pace.began(50.0)
    assert pace.due(50.1, 3, 1) == 2
    assert pace.due(50.1, 3, 3) == 0
    assert pace.due(50.01 + SYN_GAP, 3, 3) == 3
    assert pace.due(60.0, 3, MOST_ATTEMPTS) == 0
    assert pace.due(60.0, 0, 0) == 0


def test_who_refuses_is_asked_once_a_second_for_each_flow() -> None:
    for wanted in (1, 3):
        assert len(syns(wanted, 10.0, refused=True)) == pytest.approx(10 * wanted, abs=3)


def test_a_network_change_ends_the_wait_of_the_dialer() -> None:
    pace = DialPace()
    pace.began(10.0)
    pace.refused(10.0, 1)
    assert not pace.due(10.2, 1, 0)
    pace.at_once()
    assert pace.due(10.2, 1, 0)


# what is told


def test_the_pace_told_is_what_left_lately_and_begins_anew_with_an_exchange() -> None:
    pace = Throughput(8.0)
    pace.note(0.0, 0)
    assert pace.rate(7.0) == 7.0
    pace.note(0.5, 90_000)  # swallowed by a box on the way
    for second in range(1, 21):
        pace.note(float(second), 90_000 + 10_000 * second)
    assert pace.rate(7.0) == pytest.approx(10_000)
    pace.note(21.0, 0)
    assert pace.rate(7.0) == 7.0

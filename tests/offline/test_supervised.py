# SPDX-License-Identifier: Apache-2.0
"""What nobody foresaw ends no thread: it is logged, told, waited for, and the next round comes."""

from __future__ import annotations

import errno
import logging
import random
import threading
from collections.abc import Callable

import pytest

from offline.errors import VaultDamaged
from offline.jobs import SupervisedExecutor
from offline.supervised import PAUSE_FROM, PAUSE_TO, SupervisedThread, is_supervised


class Pauses:
    """Notes how long somebody wanted to wait, and waits no time."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def rounds(*outcomes: Exception | bool) -> Callable[[], bool]:
    """A round that ends as told, in turn."""
    left = list(outcomes)

    def work() -> bool:
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return work


def run(work: Callable[[], bool], pauses: Pauses, heard: Callable[[str], None] = lambda _code: None) -> None:
    thread = SupervisedThread("work", work, listener=heard, pause=pauses, rng=random.Random(1))
    thread.start()
    assert thread.join(10)


@pytest.mark.expects_log
def test_an_exception_in_the_second_round_is_logged_told_and_survived(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []
    pauses = Pauses()
    run(rounds(True, RuntimeError("unforeseen"), True, False), pauses, heard.append)
    assert heard == ["internal"]
    assert len(pauses.seconds) == 1
    (line,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert line.exc_info is not None
    assert "unforeseen" in str(line.exc_info[1])


@pytest.mark.expects_log
def test_a_fault_of_the_environment_keeps_its_name() -> None:
    heard: list[str] = []
    faults = [OSError(errno.ENOSPC, "No space left"), VaultDamaged("damaged"), OSError(errno.EMFILE, "too many")]
    run(rounds(*faults, False), Pauses(), heard.append)
    assert heard == ["disk-full", "vault-damaged", "internal"]


@pytest.mark.expects_log
def test_pauses_grow_to_a_cap_with_full_jitter_and_begin_anew_after_a_good_round() -> None:
    pauses = Pauses()
    run(rounds(*[RuntimeError("again")] * 200, True, RuntimeError("once"), False), pauses)
    tops = [min(PAUSE_TO, PAUSE_FROM * 2**n) for n in range(12)]
    assert all(0 <= seconds <= top for seconds, top in zip(pauses.seconds, tops, strict=False))
    late = pauses.seconds[20:200]
    assert max(late) <= PAUSE_TO
    assert max(late) > PAUSE_TO * 0.8  # the cap is reached
    assert min(late) < PAUSE_TO * 0.2  # and the whole width is used
    assert pauses.seconds[-1] <= PAUSE_FROM


@pytest.mark.expects_log
def test_a_listener_that_fails_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    done = threading.Event()
    work = rounds(RuntimeError("first"), True, False)

    def last() -> bool:
        more = work()
        if not more:
            done.set()
        return more

    def broken(_code: str) -> None:
        raise ValueError("deaf")

    rng = random.Random(1)
    rng.uniform = lambda _least, _most: 0.0  # type: ignore[method-assign]
    thread = SupervisedThread("work", last, listener=broken, rng=rng)
    thread.start()
    assert thread.join(10)
    assert done.is_set()
    assert any("could not say" in record.getMessage() for record in caplog.records)


@pytest.mark.expects_log
def test_a_pause_ends_at_once_when_the_end_is_asked_for() -> None:
    paused = threading.Event()
    rng = random.Random(1)
    rng.uniform = lambda _least, _most: 3600.0  # type: ignore[method-assign]

    def heard(_code: str) -> None:
        paused.set()

    def work() -> bool:
        raise RuntimeError("always")

    thread = SupervisedThread("work", work, listener=heard, rng=rng)
    thread.start()
    assert paused.wait(10)
    thread.stop()
    assert thread.join(10)


def test_supervised_threads_are_told_from_others() -> None:
    seen: list[bool] = []

    def look() -> bool:
        seen.append(is_supervised(threading.current_thread()))
        return False

    run(look, Pauses())
    executor = SupervisedExecutor("jobs")
    executor.submit(look).result()
    executor.shutdown()
    plain = threading.Thread(target=look)
    plain.start()
    plain.join()
    assert seen == [True, True, False]


@pytest.mark.expects_log
def test_a_job_that_nobody_looks_at_is_looked_at(caplog: pytest.LogCaptureFixture) -> None:
    executor = SupervisedExecutor("jobs")

    def fail() -> None:
        raise RuntimeError("unseen")

    executor.cast(fail)
    assert executor.submit(lambda: 7).result() == 7  # it goes on
    executor.shutdown()
    (line,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert line.exc_info is not None
    assert "unseen" in str(line.exc_info[1])


def test_a_job_that_somebody_looks_at_raises_there() -> None:
    executor = SupervisedExecutor("jobs")

    def fail() -> None:
        raise RuntimeError("seen")

    with pytest.raises(RuntimeError, match="seen"):
        executor.submit(fail).result()
    executor.shutdown()

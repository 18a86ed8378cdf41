# SPDX-License-Identifier: Apache-2.0
"""The loop under long-lived threads: nothing ends it but being asked to stop."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.database.store import Store
from gateway.ingest.sqlite import SqliteWriter
from gateway.ingest.writer import Row
from gateway.supervised import Fault, Finished, Supervised


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.expects_log
@pytest.mark.parametrize("fault", [ZeroDivisionError("unforeseen"), SystemExit(3), MemoryError()])
def test_an_exception_in_the_second_round_is_told_and_survived(
    fault: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    rounds = 0
    remembered: list[Fault | None] = []

    def work() -> None:
        nonlocal rounds
        rounds += 1
        remembered.append(thread.fault)
        if rounds in (2, 3):
            raise fault
        if rounds > 4:
            thread.stopping.wait(0.01)

    thread = Supervised("some", work, longest=0.01)
    thread.start()
    until(lambda: rounds > 5)
    assert thread.is_alive()
    kind = type(fault).__name__
    assert remembered[:5] == [None, None, Fault(kind, 1, False), Fault(kind, 2, False), None]
    told = [r for r in caplog.records if r.name == "gateway.supervised"]
    assert [(r.levelno, r.exc_info is not None) for r in told] == [(logging.ERROR, True)] * 2, "with its traceback"
    assert thread.stop()
    caplog.clear()


@pytest.mark.expects_log
def test_what_is_the_environments_fault_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    failed = threading.Event()

    def work() -> None:
        failed.set()
        raise OSError(5, "no disk\nand much more")

    thread = Supervised("some", work, away=(OSError,))
    thread.start()
    assert failed.wait(10)
    assert thread.stop()
    (told,) = [r for r in caplog.records if r.name == "gateway.supervised"]
    assert (told.exc_info, "no disk" in told.getMessage(), "\n" in told.getMessage()) == (None, True, False)


@pytest.mark.expects_log
def test_asked_to_stop_it_does_so_in_the_middle_of_a_long_pause() -> None:
    failed = threading.Event()

    def work() -> None:
        failed.set()
        raise ZeroDivisionError

    thread = Supervised("some", work, longest=3600)
    thread.fault = Fault("ZeroDivisionError", 20, False)  # the next pause is the longest
    thread.start()
    assert failed.wait(10)
    assert thread.stop(patience=60)


def test_a_work_that_does_not_return_holds_up_nobody_for_ever() -> None:
    begun, end = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        end.wait()

    thread = Supervised("some", work)
    assert thread.daemon, "a process may end without it"
    thread.start()
    assert begun.wait(10)
    assert not thread.stop(patience=0.01)
    end.set()
    assert thread.stop()


def test_work_that_is_done_ends_its_thread() -> None:
    def work() -> None:
        raise Finished

    thread = Supervised("some", work)
    assert thread.stop(), "it never began"
    thread = Supervised("some", work)
    thread.start()
    thread.join(10)
    assert (thread.is_alive(), thread.fault) == (False, None)


@pytest.mark.expects_log
def test_silence_counts_from_the_last_round_that_went_well() -> None:
    now = 100.0
    rounds = 0
    go = threading.Semaphore(0)

    def work() -> None:
        nonlocal rounds
        go.acquire()
        rounds += 1
        if rounds == 2:
            raise ZeroDivisionError

    thread = Supervised("some", work, longest=0.01, clock=lambda: now)
    thread.start()
    now = 130.0
    assert thread.silence == 30
    go.release()
    until(lambda: thread.silence == 0)
    now = 150.0
    go.release()
    until(lambda: thread.fault is not None)
    assert thread.silence == 20
    thread.stopping.set()
    go.release()
    assert thread.stop()


@pytest.mark.expects_log
def test_a_fault_after_the_sender_went_is_seen(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """SQLite's writer works in a pool: nobody waits for its answer any more once the request was given up."""
    store = Store(tmp_path)
    writer = SqliteWriter(store)
    row = Row(bytes(16), bytes(32), 421, 1, b"record", ())

    async def given_up() -> None:
        holder = store.raw_sqlite()
        holder.execute("BEGIN IMMEDIATE")
        asked = asyncio.create_task(writer.write_async([row], 1))
        await asyncio.to_thread(until, lambda: any(t.name.startswith("custody") for t in threading.enumerate()))
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        holder.execute("DROP TABLE records")
        holder.execute("COMMIT")
        holder.close()

    asyncio.run(given_up())
    writer.close()
    store.close()
    assert "records whose sender has gone were not kept" in caplog.text
    assert "no such table: records" in caplog.text

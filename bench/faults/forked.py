# SPDX-License-Identifier: Apache-2.0
"""A child process that is about to be killed: forked, listened to, and taken down at its moment."""

from __future__ import annotations

import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from bench.faults.child import teller

HANGING = 120.0  # seconds after which a child does not come back


@dataclass(slots=True)
class Ended:
    """How a child ended, and what it had told."""

    lines: list[str]
    seconds: float
    killed: bool


def run_child(
    work: Callable[[Callable[[str], None]], None],
    kill_after: float | None,
    *,
    meanwhile: tuple[float, Callable[[], None]] | None = None,
) -> Ended:
    """Lets `work(tell)` run in a fork and kills it after so many seconds, where it is told to. `meanwhile`: after so
    many seconds something is done beside it."""
    reader, writer = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _child(work, writer)
    os.close(writer)
    told = bytearray()
    deadline = began + (HANGING if kill_after is None else kill_after)
    aside = began + meanwhile[0] if meanwhile else float("inf")
    while True:
        ready, _, _ = select.select([reader], [], [], max(0.0, min(deadline, aside) - time.monotonic()))
        if ready:
            if not (data := os.read(reader, 65536)):
                break
            told += data
        elif meanwhile and time.monotonic() >= aside:
            meanwhile[1]()
            aside = float("inf")
        elif time.monotonic() >= deadline:
            os.kill(pid, signal.SIGKILL)
            deadline = time.monotonic() + HANGING
            if kill_after is None:
                told += b"failed it hung\n"
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    if meanwhile and aside != float("inf"):
        meanwhile[1]()
    return Ended(told.decode().splitlines(), time.monotonic() - began, os.WIFSIGNALED(status))


def _child(work: Callable[[Callable[[str], None]], None], writer: int) -> None:
    tell = teller(writer)
    try:
        work(tell)
    except BaseException:
        tell("failed " + traceback.format_exc()[-1500:].replace("\n", " | "))
    finally:
        os._exit(0)

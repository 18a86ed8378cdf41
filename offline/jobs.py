# SPDX-License-Identifier: Apache-2.0
"""One thread that does jobs in their order; what goes wrong in a job that nobody waits for is logged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from offline.supervised import supervise

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


class SupervisedExecutor:
    """`begin` is called first of all on the thread."""

    def __init__(self, name: str, *, begin: Callable[[], None] = lambda: None) -> None:
        self._name = name
        self._begin = begin
        self._pool = ThreadPoolExecutor(1, name, initializer=self._enter)

    def _enter(self) -> None:
        supervise(threading.current_thread())
        self._begin()

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """For who looks at the future."""
        return self._pool.submit(work, *args, **kwargs)

    def cast(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Nobody waits for this one, so what goes wrong is logged here."""
        self._pool.submit(work, *args, **kwargs).add_done_callback(self._look)

    def _look(self, done: Future[Any]) -> None:
        fault = None if done.cancelled() else done.exception()
        if fault is not None:
            log.error("a job of %s failed", self._name, exc_info=fault)

    def shutdown(self, *, wait: bool = True, cancel: bool = False) -> None:
        """No more jobs; `cancel` drops those that have not begun."""
        self._pool.shutdown(wait, cancel_futures=cancel)

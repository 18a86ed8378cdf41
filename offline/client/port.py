# SPDX-License-Identifier: Apache-2.0
"""Whom the client half asks: the keeper over its socket, or a store opened in this process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

from offline.errors import GatewayRefused, OfflineError, StaffRefused
from offline.port.messages import Fault, Request

A = TypeVar("A")


class Port(Protocol):
    """May be used from any thread."""

    def ask(self, request: Request[A]) -> A:
        """Waits for the answer. Raises the OfflineError that the keeper answered with, KeeperGone."""


class KeeperGone(OfflineError):
    """The keeper ended, or does not answer."""

    code = "keeper-gone"


def fault_of(error: OfflineError) -> Fault:
    """An error as it crosses."""
    remaining = error.remaining if isinstance(error, StaffRefused) else 0
    return Fault(type(error).__name__, error.code, printable(str(error)), remaining)


def printable(text: str) -> str:
    """Names of files need not be text; what crosses is."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def error_of(fault: Fault) -> OfflineError:
    """The same error on this side; of a class that is not known here it keeps its code and words."""
    if fault.kind == StaffRefused.__name__:
        return StaffRefused(fault.code, fault.message, fault.remaining)
    kind = next((known for known in _known(OfflineError) if known.__name__ == fault.kind), OfflineError)
    return OfflineError(fault.message, fault.code) if kind is GatewayRefused else kind(fault.message, fault.code)


def _known(kind: type[OfflineError]) -> Iterator[type[OfflineError]]:
    """Errors have their homes all over the house; who catches one has imported it."""
    yield kind
    for one in kind.__subclasses__():
        yield from _known(one)

# SPDX-License-Identifier: Apache-2.0
"""Whom the client half asks: the keeper over its socket, or a store opened in this process."""

from __future__ import annotations

from typing import Protocol, TypeVar

from offline import errors
from offline.errors import OfflineError, StaffRefused
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
    return Fault(type(error).__name__, error.code, str(error), remaining)


def error_of(fault: Fault) -> OfflineError:
    """The same error on this side; of a class that is not known here it keeps its code and words."""
    if fault.kind == StaffRefused.__name__:
        return StaffRefused(fault.code, fault.message, fault.remaining)
    kind = getattr(errors, fault.kind, OfflineError)
    if not (isinstance(kind, type) and issubclass(kind, OfflineError)) or kind is errors.GatewayRefused:
        kind = OfflineError
    return kind(fault.message, fault.code)

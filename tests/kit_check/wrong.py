# SPDX-License-Identifier: Apache-2.0
"""A gateway that is wrong in one thing, the points that have to say so, and ways in which it may be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.events import Event, Statement
from tests.kit_check.breaking import Answer, Asked, Fault, answering, asking, in_feed

OURS = {"doorstep-gateway": "1", "content-type": "application/json"}
GRANTED = Answer(200, OURS).saying({"access_token": "x", "token_type": "Bearer", "expires_in": 900})


@dataclass(frozen=True)
class Memory:
    """A fault that remembers something: made anew for each test."""

    make: Callable[[], Fault]


@dataclass(frozen=True)
class Wrong:
    """A wrong gateway: of the points `looked_at`, exactly `breaks` are broken.

    `early`: it is wrong already while terminals are enrolled. `hurried`: what is waited for never comes.
    """

    name: str
    make: Callable[[], Fault]
    breaks: str
    others: str = ""
    early: bool = False
    hurried: bool = False

    @property
    def looked_at(self) -> list[str]:
        """Numbers of points."""
        return (self.breaks + " " + self.others).split()


STRANGER = Ed25519PrivateKey.generate()
WRONG: list[Wrong] = []


def wrong(
    name: str, breaks: str, others: str, fault: Fault | Memory, *, early: bool = False, hurried: bool = False
) -> None:
    """Registers a wrong gateway."""

    def make() -> Fault:
        return fault.make() if isinstance(fault, Memory) else fault

    WRONG.append(Wrong(name, make, breaks, others, early, hurried))


def refusing(status: int, code: str) -> Answer:
    """A refusal in the right form."""
    return Answer(status, OURS).saying({"error": code, "message": "wrong on purpose"})


def status_of(path: str, old: int, new: Answer | int) -> Fault:
    """Answers at a path with one status get another, or are replaced."""

    def change(asked: Asked, answer: Answer) -> Answer | None:
        if not asked.path.startswith(path) or answer.status != old:
            return None
        return replace(answer, status=new) if isinstance(new, int) else new

    return answering(change)


def without_header(call: str, name: str) -> Fault:
    """Answers to a call lack a header."""
    return answering(lambda asked, answer: answer.without(name) if asked.call.startswith(call) else None)


def ignoring(call: str, name: str) -> Fault:
    """The platform does not look at a header of a call."""
    return asking(
        lambda asked: (
            replace(asked, headers={k: v for k, v in asked.headers.items() if k != name})
            if asked.call.startswith(call)
            else None
        )
    )


def ignoring_query(path: str, name: str) -> Fault:
    """The platform does not look at a part of the query."""
    return asking(
        lambda asked: (
            replace(asked, query={k: v for k, v in asked.query.items() if k != name}) if asked.path == path else None
        )
    )


def event_change(matches: Callable[[Event], bool], **changes: Any) -> Fault:
    """Some events say something else."""

    def change(statement: Statement) -> Statement:
        if isinstance(statement, Event) and matches(statement):
            return replace(statement, **changes)
        return statement

    return in_feed(change)

# SPDX-License-Identifier: Apache-2.0
"""One request with its answer, which may be begun again on another connection: everything we ask is idempotent."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from offline.errors import LinkDown

CALL, RECORDS, ATTACHMENT = 0, 1, 2  # what goes first


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """`size` bytes of body follow."""

    method: str
    target: str
    headers: Mapping[str, str]
    size: int = 0


class Transfer:
    """Subclasses say what is sent and what is done with the answer; all is called on the link's thread."""

    priority = CALL
    order = 0  # among those of one priority: the lower goes first
    patience = 40.0  # seconds that the platform may take to answer, or an upload may stand still
    sent_away = 0  # times that a proxy could not pass it on
    stuck = 0  # times that it was taken elsewhere because nothing moved

    def begin(self) -> Request:
        """What to send now. Called again when it is moved to another connection."""
        raise NotImplementedError

    def body(self, start: int, size: int) -> bytes:
        """Bytes of the body that `begin` announced."""
        raise NotImplementedError

    def acknowledged(self, count: int) -> None:
        """So many bytes of the body have surely reached the other side's kernel."""

    def left_behind(self, _beyond: int) -> None:
        """Its connection is of no more use; so many bytes were out on it that may have arrived or not."""

    def answered(self, answer: Answer) -> None:
        """The end."""
        raise NotImplementedError

    def failed(self, _fault: LinkDown) -> None:
        """The link is given up."""


class Call(Transfer):
    """A whole small request; `wait` blocks another thread until the answer is there."""

    def __init__(self, request: Request, body: bytes) -> None:
        self._request = request
        self._body = body
        self._done = threading.Event()
        self._answer: Answer | None = None
        self._fault: LinkDown | None = None

    def begin(self) -> Request:
        """The same each time."""
        return self._request

    def body(self, start: int, size: int) -> bytes:
        """Of what was given."""
        return self._body[start : start + size]

    def answered(self, answer: Answer) -> None:
        """Wakes who waits."""
        self._answer = answer
        self._done.set()

    def failed(self, _fault: LinkDown) -> None:
        """Wakes who waits."""
        self._fault = _fault
        self._done.set()

    def wait(self) -> Answer:
        """Raises LinkDown."""
        self._done.wait()
        if self._answer is None:
            raise self._fault or LinkDown("the exchange ended")
        return self._answer

# SPDX-License-Identifier: Apache-2.0
"""The terminal's access token (RFC 7523: a signed assertion is exchanged for it)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from requests import Response, Session

from contract.record import uuid7
from offline.enrolment import Enrolment, TerminalKeys
from offline.errors import GatewayRefused
from offline.sync.answers import TokenAnswer
from offline.sync.http_session import refusal, send

LONGEST = 3600.0  # seconds that a token kept from before may still be good
CORRECTED = 60.0  # seconds by which what we take for the platform's time must have moved to be worth another try
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Token:
    """The terminal's access token, asked for when needed.

    `now` is the platform's time (Unix seconds) as far as it is known here. `known` is a token of an earlier program and
    the time it ends; `keep` is given each new one.
    """

    def __init__(
        self,
        enrolment: Enrolment,
        keys: TerminalKeys,
        now: Callable[[], float],
        known: tuple[str, float] = ("", 0.0),
        keep: Callable[[str, float], None] = lambda _value, _ends: None,
    ) -> None:
        self._enrolment = enrolment
        self._keys = keys
        self._now = now
        self._keep = keep
        self._lock = threading.Lock()
        left = known[1] - now()
        self._value = known[0] if 0 < left <= LONGEST else ""  # more is no token's: a clock was wrong
        self._ends = time.monotonic() + left

    @property
    def value(self) -> str:
        """What is held and not about to end, or nothing."""
        return self._value if time.monotonic() < self._ends else ""

    def spoiled(self, value: str) -> None:
        """The platform does not take this one any more."""
        if self._value == value:
            self._value = ""
            self._keep("", 0.0)

    def fetch(self, session: Session) -> str:
        """Raises LinkDown, GatewayRefused, AnswerDamaged. A wrong clock of ours is corrected by the answer's time."""
        with self._lock:
            if value := self.value:
                return value
            for attempt in (1, 2, 3):
                said = self._now()
                answer = self._ask(session)
                if answer.status_code == 200:
                    given = TokenAnswer.of(answer.content)
                    self._ends = time.monotonic() + given.seconds - 30
                    self._value = given.value
                    self._keep(self._value, self._now() + self._ends - time.monotonic())
                    return self._value
                fault = refusal(answer)
                if attempt == 3 or not self._worth_another(fault, said):
                    raise fault
        raise AssertionError("unreachable")

    def _worth_another(self, fault: GatewayRefused, said: float) -> bool:
        """An assertion is good for one use: where a cut swallowed the answer, the same one was sent again in vain."""
        if fault.code == "invalid-client":
            return True
        return fault.code == "clock-wrong" and abs(self._now() - said) >= CORRECTED

    def _ask(self, session: Session) -> Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": self._assertion(),
        }
        return send(session, "POST", self._enrolment.gateway_url + "/v1/token", form, {})

    def _assertion(self) -> str:
        import jwt  # slow to import: only when the network is used

        now = int(self._now())
        claims = {
            "iss": self._enrolment.client_id, "sub": self._enrolment.client_id, "aud": "/v1/token",
            "jti": uuid7(), "iat": now, "exp": now + 240,
        }  # fmt: skip
        return jwt.encode(claims, self._keys.sign, algorithm="EdDSA")

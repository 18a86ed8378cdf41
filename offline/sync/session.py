# SPDX-License-Identifier: Apache-2.0
"""What an engine keeps from one exchange to the next: the token, the platform's time, what is known of the link."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from offline.sync.attachments import Known
from offline.sync.link.pace import Window

if TYPE_CHECKING:
    from offline.sync.token import Token
    from offline.terminal import Terminal

_TOKEN = "token"


class SyncSession:
    """`skew`: seconds that the platform's clock is ahead of ours; `metered`: whether bytes are limited."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._token: Token | None = None
        self._for: tuple[str, str] | None = None
        self.skew = float(terminal.fact("skew") or 0)
        self.metered = False
        self.window = Window()
        self.known = Known()

    def platform_time(self) -> float:
        """Unix seconds: our clock, corrected by what the platform's answers said."""
        return self._terminal.clock.now().timestamp() + self.skew

    def token(self) -> Token:
        """Of the present enrolment. Raises NotEnrolled."""
        from offline.sync.token import Token

        enrolment = self._terminal.require_enrolment()
        mine = (enrolment.client_id, enrolment.gateway_url)
        if self._token is None or self._for != mine:
            known = self._known_token(mine)
            self._token = Token(enrolment, self._terminal.keys, self.platform_time, known, self._remember_token)
            self._for = mine
        return self._token

    def _known_token(self, mine: tuple[str, str]) -> tuple[str, float]:
        """In the vault: a program that is started again after a power cut begins a round trip sooner."""
        match json.loads(self._terminal.fact(_TOKEN) or "null"):
            case [str(client), str(url), str(value), float(ends)] if (client, url) == mine:
                return value, ends
        return "", 0.0

    def _remember_token(self, value: str, ends: float) -> None:
        enrolment = self._terminal.require_enrolment()
        self._terminal.remember(_TOKEN, json.dumps([enrolment.client_id, enrolment.gateway_url, value, ends]))

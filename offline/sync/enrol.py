# SPDX-License-Identifier: Apache-2.0
"""A terminal becomes known to a platform: its keys for a one-time code, then the first exchange."""

from __future__ import annotations

import base64
import logging

from offline.enrolment import Enrolment, TerminalKeys
from offline.sync.answers import EnrolAnswer
from offline.sync.engine import SyncEngine
from offline.sync.http_session import new_session, refusal, send
from offline.terminal import Terminal

log = logging.getLogger(__name__)


def enrol(terminal: Terminal, gateway_url: str, code: str, name: str = "") -> Enrolment:
    """Makes the terminal known to a gateway and fetches catalogue and calendar. Raises OfflineError."""
    keys = TerminalKeys.new()
    terminal.adopt(enrol_terminal(gateway_url, code, name, keys), keys)
    report = SyncEngine(terminal).run_once()
    if report.problem:
        log.warning("enrolled, but the first exchange did not end: %s", report.problem)
    return terminal.require_enrolment()


def enrol_terminal(gateway_url: str, code: str, name: str, keys: TerminalKeys) -> Enrolment:
    """Asks the gateway to know these keys. Raises LinkDown, GatewayRefused (enrol-code, ...), AnswerDamaged."""
    import json

    body = {
        "code": code,
        "sign_key": base64.b64encode(keys.sign.public_key().public_bytes_raw()).decode(),
        "seal_key": base64.b64encode(keys.seal.public_key().public_bytes_raw()).decode(),
        "name": name,
    }
    with new_session() as session:
        url = gateway_url.rstrip("/") + "/v1/enrol"
        answer = send(session, "POST", url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    if answer.status_code != 200:
        raise refusal(answer)
    return EnrolAnswer.of(answer.content, gateway_url).enrolment

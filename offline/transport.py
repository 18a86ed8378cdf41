# SPDX-License-Identifier: Apache-2.0
"""HTTP to the gateway: tokens, what counts as an answer of ours, what counts as "no network".

A 200 without the gateway's header is a captive portal's, not ours. The connect timeout applies to the whole send of a
body in the library below (urllib3 issue 857), so the timeout of a send grows with its size.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from contract.record import uuid7
from offline.enrolment import Enrolment, TerminalKeys, read_answer
from offline.errors import GatewayRefused, LinkDown

if TYPE_CHECKING:
    import requests

OURS = "Doorstep-Gateway"
CONNECT_TIMEOUT = 10.0  # seconds
READ_TIMEOUT = 60.0
SLOWEST = 2_000  # bytes a second; a slower send is given up and resumed
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Transport:
    """One conversation (keep-alive) with the gateway of an enrolled terminal. Use from one thread."""

    def __init__(self, enrolment: Enrolment, keys: TerminalKeys) -> None:
        self._enrolment = enrolment
        self._keys = keys
        self._session = new_session()
        self._token = ""
        self._token_ends = 0.0
        self.bytes_sent = 0

    def close(self) -> None:
        """Ends the conversation."""
        self._session.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (200,),
    ) -> requests.Response:
        """An answer with a status in `accept`. Raises LinkDown or GatewayRefused. A 401 gets one new token."""
        for attempt in (1, 2):
            answer = self._send(method, path, body, {**(headers or {}), "Authorization": f"Bearer {self._bearer()}"})
            if answer.status_code == 401 and attempt == 1:
                self._token = ""
                continue
            break
        if answer.status_code in accept:
            return answer
        raise refusal(answer)

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
        self.bytes_sent += len(body)
        return send(self._session, method, self._enrolment.gateway_url + path, body, headers)

    def _bearer(self) -> str:
        if self._token and time.monotonic() < self._token_ends:
            return self._token
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": self._assertion(),
        }
        answer = send(self._session, "POST", self._enrolment.gateway_url + "/v1/token", form, {})
        if answer.status_code != 200:
            raise refusal(answer)
        given = answer.json()
        self._token = str(given["access_token"])
        self._token_ends = time.monotonic() + float(given["expires_in"]) - 30
        return self._token

    def _assertion(self) -> str:
        import jwt  # with `requests` the slowest import here: only when the network is used

        now = int(time.time())
        claims = {
            "iss": self._enrolment.client_id, "sub": self._enrolment.client_id, "aud": "/v1/token",
            "jti": uuid7(), "iat": now, "exp": now + 240,
        }  # fmt: skip
        return jwt.encode(claims, self._keys.sign, algorithm="EdDSA")


def new_session() -> requests.Session:
    """A session that keeps to what it is told: no proxy or netrc of the machine for the loopback or the gateway."""
    import requests

    session = requests.Session()
    session.headers["User-Agent"] = "doorstep-terminal"
    return session


def send(
    session: requests.Session, method: str, url: str, body: bytes | Mapping[str, str], headers: Mapping[str, str]
) -> requests.Response:
    """One request. Raises LinkDown when no answer of a gateway comes."""
    import requests

    size = len(body) if isinstance(body, bytes) else 1024
    timeout = (CONNECT_TIMEOUT + size / SLOWEST, READ_TIMEOUT)
    try:
        answer = session.request(
            method, url, data=body or None, headers=dict(headers), timeout=timeout, allow_redirects=False
        )
    except requests.RequestException as fault:
        raise LinkDown(f"the platform cannot be reached: {type(fault).__name__}") from fault
    if answer.headers.get(OURS) != "1":
        raise LinkDown("something that is not the platform answered; this network may want a log-in", "captive-portal")
    return answer


def refusal(answer: requests.Response) -> GatewayRefused:
    """The gateway's no as an exception."""
    try:
        said = answer.json()
        code, message = str(said["error"]), str(said["message"])
    except (ValueError, KeyError, TypeError):
        code, message = f"http-{answer.status_code}", "the platform refused without a reason"
    try:
        wait = float(answer.headers.get("Retry-After", "0"))
    except ValueError:
        wait = 0.0
    return GatewayRefused(code, message, status=answer.status_code, retry_after=wait)


def enrol_terminal(gateway_url: str, code: str, name: str, keys: TerminalKeys) -> Enrolment:
    """Asks the gateway to know these keys. Raises LinkDown, GatewayRefused (enrol-code, ...)."""
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
    try:
        given: dict[str, Any] = answer.json()
        return read_answer(given, gateway_url)
    except (KeyError, TypeError, ValueError) as fault:
        raise GatewayRefused("enrol-answer", "the platform's answer is damaged; try again", status=200) from fault

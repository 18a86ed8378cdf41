# SPDX-License-Identifier: Apache-2.0
"""Ordinary calls to the gateway, with `requests`: tokens, what counts as an answer of ours, what as "no network".

A 200 without the gateway's header is a captive portal's, not ours. During an exchange `requests` speaks over the
exchange's own watched connections (`LinkAdapter`); enrolment, before there is one, over its usual ones.
"""

from __future__ import annotations

import base64
import io
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import BaseAdapter, HTTPAdapter

from contract.record import uuid7
from offline.enrolment import Enrolment, TerminalKeys
from offline.errors import GatewayRefused, LinkDown
from offline.sync.answers import EnrolAnswer, TokenAnswer
from offline.sync.link.stranger import not_the_platform
from offline.sync.link.transfer import Request
from offline.sync.refusals import refused

if TYPE_CHECKING:
    from offline.sync.link.link import Link

OURS = "Doorstep-Gateway"
CONNECT_TIMEOUT = 10.0  # seconds; the library below applies it to the whole send of a body (urllib3 issue 857),
SLOWEST = 2_000  # so it grows with the body: bytes a second
READ_TIMEOUT = 60.0
LONGEST = 3600.0  # seconds that a token kept from before may still be good
CORRECTED = 60.0  # seconds by which what we take for the platform's time must have moved to be worth another try
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class LinkAdapter(BaseAdapter):
    """Carries what `requests` is asked over the connections of an exchange. LinkDown passes through as it is."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self._builder = HTTPAdapter()

    def send(self, request: PreparedRequest, *_settings: Any, **_more: Any) -> Response:
        """One exchange; the link has its own watch and trust, so timeouts and TLS settings given here do nothing."""
        from urllib3 import HTTPResponse

        body = request.body or b""
        wanted = {k: v for k, v in request.headers.items() if k.lower() not in ("content-length", "connection")}
        sent = body.encode() if isinstance(body, str) else bytes(body)
        target = request.path_url.removeprefix(self._link.prefix)  # the link puts it before every path itself
        answer = self._link.call(Request(str(request.method), target, wanted, len(sent)), sent)
        raw = HTTPResponse(
            io.BytesIO(answer.body), dict(answer.headers), answer.status, preload_content=False, decode_content=False
        )
        return self._builder.build_response(request, raw)

    def close(self) -> None:
        """The link is closed by whoever made it."""


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


class Calls:
    """Small calls of an enrolled terminal, with its token. Use from one thread."""

    def __init__(self, url: str, token: Token, link: Link) -> None:
        self._url = url
        self._token = token
        self._session = new_session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, LinkAdapter(link))

    def close(self) -> None:
        """Lets go of the session."""
        self._session.close()

    def token(self) -> str:
        """A token that is valid now. Raises LinkDown, GatewayRefused, AnswerDamaged."""
        return self._token.fetch(self._session)

    def get(self, path: str) -> Response:
        """An answer 200. Raises LinkDown or GatewayRefused."""
        return self._request("GET", path, b"", {})

    def post(self, path: str, body: bytes, media_type: str) -> Response:
        """An answer 200. Raises LinkDown or GatewayRefused."""
        return self._request("POST", path, body, {"Content-Type": media_type})

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """A 401 gets one new token."""
        for attempt in (1, 2):
            token = self.token()
            answer = send(
                self._session, method, self._url + path, body, {**headers, "Authorization": f"Bearer {token}"}
            )
            if answer.status_code == 401 and attempt == 1:
                self._token.spoiled(token)
                continue
            break
        if answer.status_code != 200:
            raise refusal(answer)
        return answer


def new_session() -> Session:
    """A session that keeps to what it is told: no netrc of the machine."""
    session = Session()
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.headers["User-Agent"] = "doorstep-terminal"
    return session


def send(
    session: Session, method: str, url: str, body: bytes | Mapping[str, str], headers: Mapping[str, str]
) -> Response:
    """One request. Raises LinkDown when no answer of a gateway comes."""
    size = len(body) if isinstance(body, bytes) else 1024
    timeout = (CONNECT_TIMEOUT + size / SLOWEST, READ_TIMEOUT)
    try:
        answer = session.request(
            method, url, data=body or None, headers=dict(headers), timeout=timeout, allow_redirects=False
        )
    except RequestException as fault:
        code = "tls" if type(fault).__name__ == "SSLError" else "link-down"
        raise LinkDown(f"the platform cannot be reached: {type(fault).__name__}", code) from fault
    if answer.headers.get(OURS) != "1":
        raise not_the_platform(answer.status_code, answer.headers)
    return answer


def refusal(answer: Response) -> GatewayRefused:
    """The gateway's no as an exception."""
    return refused(answer.status_code, answer.headers, answer.content)


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

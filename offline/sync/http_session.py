# SPDX-License-Identifier: Apache-2.0
"""Ordinary HTTP with `requests`: what counts as an answer of ours, what as "no network".

A 200 without the gateway's header is a captive portal's, not ours. During an exchange `requests` speaks over the
exchange's own watched connections (`LinkAdapter`); enrolment, before there is one, over its usual ones.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import BaseAdapter, HTTPAdapter

from offline.errors import GatewayRefused, LinkDown
from offline.sync.link.stranger import not_the_platform
from offline.sync.link.transfer import Request
from offline.sync.refusals import refused

if TYPE_CHECKING:
    from offline.sync.link.link import Link

OURS = "Doorstep-Gateway"
CONNECT_TIMEOUT = 10.0  # seconds; the library below applies it to the whole send of a body (urllib3 issue 857),
SLOWEST = 2_000  # so it grows with the body: bytes a second
READ_TIMEOUT = 60.0


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

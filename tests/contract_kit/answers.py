# SPDX-License-Identifier: Apache-2.0
"""Asking the platform and looking at the form of what it answers, whatever was asked."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.contract_kit.points import Broken, broken, must, same

OURS = "Doorstep-Gateway"
ONCE = ("/v1/enrol", "/v1/token")  # where the same may not be said twice
TIMEOUT = 30.0  # seconds without a byte
Body = bytes | str | Mapping[str, str] | Iterable[bytes] | None


class Line:
    """HTTP to one address."""

    def __init__(self, url: str, ca: str = "") -> None:
        self.url = url.rstrip("/")
        self.ca = ca
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = ca or True
        self.session.headers["User-Agent"] = "doorstep-contract-kit"

    def ask(self, method: str, path: str, body: Body = None, **headers: str) -> requests.Response:
        """One answer, as it is. Header names are written with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        again = isinstance(body, bytes | None) and path not in ONCE
        try:
            answer = self._send(method, path, body, named)
        except requests.ConnectionError:  # a connection that was kept may have been closed by the other end meanwhile
            if not again:
                raise
            self.session.close()
            answer = self._send(method, path, body, named)
        if answer.status_code == 413 or answer.status_code >= 500:
            self.session.close()  # who refuses early, or failed, does not read on
        return answer

    def _send(self, method: str, path: str, body: Body, headers: dict[str, str]) -> requests.Response:
        return self.session.request(
            method, self.url + path, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )

    def begin(self, method: str, path: str, headers: Mapping[str, str], part: bytes) -> http.client.HTTPConnection:
        """A request of which only the head and the first bytes of the body are sent; close it, or send on."""
        at = urlsplit(self.url)
        host = at.hostname or ""
        if at.scheme == "https":
            context = ssl.create_default_context(cafile=self.ca or None)
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, at.port, timeout=TIMEOUT, context=context
            )
        else:
            connection = http.client.HTTPConnection(host, at.port, timeout=TIMEOUT)
        connection.putrequest(method, at.path + path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(part)
        return connection

    def close(self) -> None:
        """Lets go of its connections."""
        self.session.close()


def said(answer: requests.Response, status: int) -> Any:
    """The JSON of an answer with this status. Raises Broken."""
    if answer.status_code != status:
        broken(f"{_asked(answer)} was answered {answer.status_code} ({_code(answer)}) instead of {status}")
    return _json(answer)


def status(answer: requests.Response, wanted: int) -> requests.Response:
    """The answer, if its status is this. Raises Broken."""
    if answer.status_code != wanted:
        broken(f"{_asked(answer)} was answered {answer.status_code} ({_code(answer)}) instead of {wanted}")
    return answer


def refused(answer: requests.Response, wanted: int, code: str) -> Any:
    """The JSON of a refusal with this status and code. Raises Broken."""
    value = said(answer, wanted)
    refusal_form(answer)
    same(value["error"], code, f"error of {_asked(answer)}")
    return value


def refusal_form(answer: requests.Response) -> None:
    """Raises Broken where a refusal is not JSON with `error` and `message`."""
    value = _json(answer)
    good = isinstance(value, dict) and all(isinstance(value.get(k), str) and value[k] for k in ("error", "message"))
    must(good, f'{_asked(answer)} was refused ({answer.status_code}) without {{"error": ..., "message": ...}}')


def header(answer: requests.Response, name: str) -> str:
    """A header that has to be there. Raises Broken."""
    value = answer.headers.get(name)
    if value is None:
        raise Broken(f"{_asked(answer)} was answered {answer.status_code} without the header {name}")
    return value


def number(answer: requests.Response, name: str) -> int:
    """A header that has to be a number. Raises Broken."""
    text = header(answer, name)
    must(text.isascii() and text.isdigit(), f"{name} of {_asked(answer)} is {text!r}, no number")
    return int(text)


def _json(answer: requests.Response) -> Any:
    kind = answer.headers.get("Content-Type", "")
    must(kind.split(";")[0].strip() == "application/json", f"{_asked(answer)} was answered as {kind!r}, not as JSON")
    try:
        return answer.json()
    except ValueError:
        raise Broken(f"{_asked(answer)} was answered with a body that is no JSON") from None


def _asked(answer: requests.Response) -> str:
    request = answer.request
    return f"{request.method} {urlsplit(request.url or '').path}"


def _code(answer: requests.Response) -> str:
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return "no code"

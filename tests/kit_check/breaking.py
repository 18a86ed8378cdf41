# SPDX-License-Identifier: Apache-2.0
"""A proxy around a real gateway that changes what is asked or answered as a fault tells it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.events import Statement, known_statement, sign_statement
from gateway.platform import Platform

Forward = Callable[["Asked"], Awaitable["Answer"]]
Fault = Callable[["Asked", Forward], Awaitable["Answer"]]


class Gone(Exception):
    """Whoever asked hung up."""


@dataclass
class Asked:
    """A request. Its body streams through unless `whole` was awaited; a changed one is sent from `body`."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    receive: Receive
    platform: Platform
    last_token: str  # of whoever asked before there was a fault
    body: bytes | None = None

    @property
    def call(self) -> str:
        """METHOD and path."""
        return f"{self.method} {self.path}"

    @property
    def terminal(self) -> int:
        """By the token."""
        return self.platform.tokens.terminal_of(self.headers.get("authorization", ""))

    async def whole(self) -> bytes:
        """The body."""
        if self.body is None:
            parts, more = [], True
            while more:
                message = await self.receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                parts.append(message.get("body", b""))
                more = message.get("more_body", False)
            self.body = b"".join(parts)
        return self.body

    async def json(self) -> Any:
        """The body as JSON, or nothing."""
        try:
            return json.loads(await self.whole())
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True)
class Answer:
    """What goes back, not zipped yet. Header names in small letters."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body, or nothing."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def saying(self, value: Any, status: int | None = None) -> Answer:
        """The same with another JSON body."""
        return replace(self, body=json.dumps(value).encode(), status=status or self.status)

    def without(self, *names: str) -> Answer:
        """The same with fewer headers."""
        return replace(self, headers={k: v for k, v in self.headers.items() if k not in names})

    def with_header(self, name: str, value: str) -> Answer:
        """The same with one header more, or another."""
        return replace(self, headers=self.headers | {name: value})


class Breaking:
    """ASGI; behaves like the gateway while there is no fault."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self._app = app
        self._platform = platform
        self.fault: Fault | None = None
        self.last_token = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        asked = Asked(scope["method"], scope["path"], query, headers, receive, self._platform, self.last_token)
        if self.fault is None:
            answer = await self._forward(scope, asked)
            self.last_token = headers.get("authorization", self.last_token)
        else:
            try:
                answer = await self.fault(asked, lambda changed: self._forward(scope, changed))
            except Gone:
                return
        body = answer.body
        if answer.headers.get("content-encoding") == "gzip":
            body = gzip.compress(body)
        sent = {"date": formatdate(usegmt=True)} | answer.headers | {"content-length": str(len(body))}
        if asked.method == "HEAD" or answer.status in (204, 304):
            sent.pop("content-length")
        pairs = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in sent.items() if v]
        await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})

    async def _forward(self, scope: Scope, asked: Asked) -> Answer:
        headers = dict(asked.headers)
        if asked.body is not None:
            headers.pop("transfer-encoding", None)
            headers["content-length"] = str(len(asked.body))
        changed = dict(scope) | {
            "method": asked.method,
            "path": asked.path,
            "raw_path": asked.path.encode(),
            "query_string": urlencode(asked.query).encode(),
            "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
        }
        if asked.query == dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)):
            changed |= {"query_string": scope["query_string"], "raw_path": scope["raw_path"], "path": asked.path}
        start: dict[str, Any] = {}
        parts: list[bytes] = []
        given = False

        async def receive() -> Message:
            nonlocal given
            if asked.body is None or given:
                return await asked.receive()
            given = True
            return {"type": "http.request", "body": asked.body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(changed, receive, send)
        found = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in start["headers"]}
        body = b"".join(parts)
        return Answer(start["status"], found, gzip.decompress(body) if "content-encoding" in found else body)


def answering(change: Callable[[Asked, Answer], Answer | None]) -> Fault:
    """A fault that changes an answer; None leaves it as it is."""

    async def fault(asked: Asked, forward: Forward) -> Answer:
        answer = await forward(asked)
        return change(asked, answer) or answer

    return fault


def asking(change: Callable[[Asked], Asked | Answer | None]) -> Fault:
    """A fault that changes what is asked, or answers by itself."""

    async def fault(asked: Asked, forward: Forward) -> Answer:
        changed = change(asked) or asked
        return changed if isinstance(changed, Answer) else await forward(changed)

    return fault


def in_feed(change: Callable[[Statement], Statement | None]) -> Fault:
    """A fault that changes statements of the feed, under the platform's signature; None leaves one out."""

    def changed(asked: Asked, answer: Answer) -> Answer | None:
        if asked.path != "/v1/feed" or answer.status != 200:
            return None
        page, key = answer.json, asked.platform.keys.current.sign
        entries = []
        for text in page["entries"]:
            before = known_statement(text)
            after = change(before)
            if after is not None:
                entries.append(text if after is before else sign_statement(after, key))
        return answer.saying(page | {"entries": entries})

    return answering(changed)


def in_receipt(change: Callable[[Any], Statement]) -> Fault:
    """A fault that changes the receipt for records, under the platform's signature."""

    def changed(asked: Asked, answer: Answer) -> Answer | None:
        said = answer.json
        if asked.path != "/v1/records" or not said or not said.get("receipt"):
            return None
        after = change(known_statement(said["receipt"]))
        return answer.saying(said | {"receipt": sign_statement(after, asked.platform.keys.current.sign)})

    return answering(changed)


def in_results(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Fault:
    """A fault that changes what custody says of each record."""

    def changed(asked: Asked, answer: Answer) -> Answer | None:
        said = answer.json
        if asked.path != "/v1/records" or not said or "results" not in said:
            return None
        return answer.saying(said | {"results": change(said["results"])})

    return answering(changed)


def in_json(path: str, change: Callable[[Any], Any]) -> Fault:
    """A fault that changes the JSON of good answers at a path."""

    def changed(asked: Asked, answer: Answer) -> Answer | None:
        if asked.path != path or answer.status != 200:
            return None
        return answer.saying(change(answer.json))

    return answering(changed)

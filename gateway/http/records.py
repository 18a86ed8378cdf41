# SPDX-License-Identifier: Apache-2.0
"""POST /v1/records as plain ASGI: the one route that thousands of terminals use at the same moment."""

from __future__ import annotations

import gzip
import json

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from gateway.errors import GatewayError
from gateway.http.admission import Admission
from gateway.http.refusals import no
from gateway.ingest.batches import DUPLICATE, MAX_PARCEL, STORED, Taken
from gateway.platform import Platform

_TOO_LARGE = GatewayError(413, "parcel-too-large", f"send at most {MAX_PARCEL} bytes at once")
_WORTH_GZIP = 1024  # bytes
_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_COMMON = {id(result): _json(result) for result in (STORED, DUPLICATE)}


class RecordsRoute:
    """Reads a parcel, waits for its turn, has it taken into custody, answers."""

    def __init__(self, platform: Platform, admission: Admission) -> None:
        self._p = platform
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            terminal = self._p.tokens.terminal_of(headers.get(b"authorization", b"").decode("latin-1"))
            size = _announced(headers)
            with self._admission.buffered(size):
                parcel = await _body(receive, size)
                async with self._admission.records(terminal):
                    taken = await self._p.ingest.take(terminal, parcel)
        except Exception as fault:  # `no` lets a bug of ours through
            await no(fault)(scope, receive, send)
            return
        if taken.new:
            self._p.wake_opener()
        await _answer(taken, b"gzip" in headers.get(b"accept-encoding", b""), send)


def _announced(headers: dict[bytes, bytes]) -> int:
    """How many bytes will come; the most when it is not said."""
    try:
        size = int(headers[b"content-length"])
    except (KeyError, ValueError):
        return MAX_PARCEL
    if size > MAX_PARCEL:
        raise _TOO_LARGE
    return size


async def _body(receive: Receive, most: int) -> bytes:
    parts = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _TOO_LARGE
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def _answer(taken: Taken, zipped: bool, send: Send) -> None:
    results = ",".join(_COMMON.get(id(result)) or _json(result) for result in taken.results)
    fault = f'"error":"parcel-damaged","message":{_json(taken.fault)},' if taken.fault else ""
    body = f'{{{fault}"results":[{results}],"receipt":"{taken.receipt}"}}'.encode()
    headers = [(b"content-type", b"application/json"), (b"vary", b"Accept-Encoding")]
    if zipped and len(body) > _WORTH_GZIP:
        body = gzip.compress(body, 4, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 400 if taken.fault else 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})

# SPDX-License-Identifier: Apache-2.0
"""A client's side of HTTP/1.1 in bytes: one request after the other out, whole answers in (h11)."""

from __future__ import annotations

import zlib

import h11

from offline.sync.link.transfer import Answer, Request

SPEAKS = b"HTTP/1."
MOST_ANSWER = 64 * 1024 * 1024  # bytes
MOST_HEAD = 64 * 1024


class NotHttp(Exception):
    """What came is no answer of a web server, or is cut short."""


class Http1:
    """For one connection. What is to be sent is returned as bytes."""

    def __init__(self, host: str, prefix: str) -> None:
        self._host, self._prefix = host, prefix
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)
        self._status: h11.Response | None = None
        self._body = bytearray()
        self._begins = b""  # the first bytes of the answer

    def head(self, request: Request) -> bytes:
        """Begins a request."""
        headers = [("Host", self._host), *request.headers.items()]
        if request.size or request.method in ("POST", "PATCH", "PUT"):
            headers.append(("Content-Length", str(request.size)))
        self._status, self._body, self._begins = None, bytearray(), b""
        head = h11.Request(method=request.method, target=self._prefix + request.target, headers=headers)
        return self._state.send(head) or b""

    def data(self, part: bytes) -> bytes:
        """Of its body."""
        return self._state.send(h11.Data(data=part)) or b""

    def end(self) -> bytes:
        """After its body."""
        return self._state.send(h11.EndOfMessage()) or b""

    def understand(self, data: bytes) -> Answer | None:
        """Takes what came (nothing: the other side has closed); the answer when it is whole. Raises NotHttp."""
        if self._status is None and len(self._begins) < len(SPEAKS):
            self._begins += data[: len(SPEAKS)]
            if self._begins and not self._begins.startswith(SPEAKS[: len(self._begins)]):
                raise NotHttp("the answer is no HTTP")  # at once: a line of it may never end
        try:
            self._state.receive_data(data)
            return self._next()
        except h11.RemoteProtocolError as fault:
            raise NotHttp(str(fault)) from fault

    def _next(self) -> Answer | None:
        while True:
            event = self._state.next_event()
            if event is h11.NEED_DATA or event is h11.PAUSED:
                return None
            match event:
                case h11.Response():
                    self._status = event
                case h11.Data():
                    self._body += event.data
                    if len(self._body) > MOST_ANSWER:
                        raise NotHttp("the answer has no end")
                case h11.EndOfMessage():
                    assert self._status is not None
                    headers = {k.decode("ascii").lower(): v.decode("latin-1") for k, v in self._status.headers}
                    return Answer(self._status.status_code, headers, _unpacked(headers, self._body))
                case h11.ConnectionClosed():
                    return None

    def again(self) -> bool:
        """After an answer: whether another request may follow. Not where it came before all was sent, nor where more
        came with it: that would be taken for the next one's answer."""
        if self._state.our_state is not h11.DONE or self._state.their_state is not h11.DONE:
            return False
        if self._state.trailing_data[0]:
            return False
        self._state.start_next_cycle()
        return True


def _unpacked(headers: dict[str, str], body: bytearray) -> bytes:
    if headers.pop("content-encoding", "") != "gzip":
        return bytes(body)
    try:
        unpacking = zlib.decompressobj(wbits=31)
        plain = unpacking.decompress(body, MOST_ANSWER)
    except zlib.error as fault:
        raise NotHttp("the answer does not unpack") from fault
    if not unpacking.eof:
        raise NotHttp("the answer does not unpack, or is too large")
    headers["content-length"] = str(len(plain))
    return plain

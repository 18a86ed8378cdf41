# SPDX-License-Identifier: Apache-2.0
"""Real peers for tests: a gateway behind a real socket, a terminal enrolled at it, a link that can be cut."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn

from gateway.http.admission import USUAL, Limits
from gateway.http.app import App, create_app
from gateway.opening.loop import Opener
from gateway.platform import Platform, Setup
from offline.sync.enrol import enrol
from offline.terminal import Terminal


class Server(uvicorn.Server):
    """uvicorn in a thread."""

    def __init__(self, platform: Platform, listener: socket.socket, limits: Limits = USUAL) -> None:
        self.app = create_app(platform, limits)
        config = uvicorn.Config(self.app, access_log=False, log_config=None, lifespan="off")
        config.timeout_graceful_shutdown = 1
        super().__init__(config)
        self._listener = listener
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="gateway")

    def _listen(self) -> None:
        self.run(sockets=[self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def running(self) -> Iterator[str]:
        self._thread.start()
        assert self.ready.wait(20)
        try:
            yield "http://{}:{}".format(*self._listener.getsockname()[:2])
        finally:
            self.should_exit = True
            self._thread.join(20)


class LiveGateway:
    """A platform and the address it serves at."""

    def __init__(self, platform: Platform, url: str, app: App) -> None:
        self.platform = platform
        self.url = url
        self.app = app

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def opened(self) -> None:
        """Returns when nothing in custody waits to be opened."""
        deadline = time.monotonic() + 20
        while self.platform.opening.waiting():
            assert time.monotonic() < deadline
            time.sleep(0.01)


@contextmanager
def live_gateway(
    data: Path,
    *,
    setup: Setup | None = None,
    limits: Limits = USUAL,
    opening: bool = True,
    listener: socket.socket | None = None,
) -> Iterator[LiveGateway]:
    platform = Platform(setup or Setup(data))
    if opening:
        platform.start_opener(Opener(platform.opening))
    listener = listener or socket.create_server(("127.0.0.1", 0))
    try:
        server = Server(platform, listener, limits)
        with listener, server.running() as url:
            yield LiveGateway(platform, url, server.app)
    finally:
        platform.close()


@contextmanager
def enrolled_terminal(data: Path, gateway: LiveGateway, url: str | None = None) -> Iterator[Terminal]:
    with Terminal.open(data) as terminal:
        enrol(terminal, url or gateway.url, gateway.platform.enrolment.new_code("示例村便民服务点"))
        yield terminal


class Link:
    """A TCP relay in front of a gateway that misbehaves as told.

    `up` false: what connects is reset. `cut_after`: a reset after so many more bytes upwards. `hang`: flows that are
    open now swallow everything from then on and never end; new ones work. `delay` (seconds, each way) and `rate`
    (bytes a second upwards, all flows together) make it slow.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        # As on a real wire: what is acknowledged is a few packets ahead of what has gone through, not a megabyte.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.up = True
        self.cuts = 0
        self.connections = self.refused = 0
        self.bytes_up = 0
        self.delay = 0.0
        self.rate = 0.0
        self._left: int | None = None
        self._drop_answer = False
        self._swallow = False
        self._lock = threading.Lock()
        self._pace = threading.Lock()
        self._open: set[socket.socket] = set()
        self._hung: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, name="link")]
        self._threads[0].start()

    def cut_after(self, count: int, *, drop_answer: bool = False) -> None:
        """Cuts once, after `count` more bytes upwards; with `drop_answer` only the answer is lost."""
        self._left, self._drop_answer = count, drop_answer

    def hold_little(self, size: int) -> None:
        """Connections from now on take at most so many bytes ahead of what is passed on (the kernel rounds up)."""
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)

    def hang(self) -> None:
        """What is open is a black hole from now on."""
        with self._lock:
            self._hung |= self._open

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self.up:
                self.refused += 1
                _reset(near)
                continue
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self._target))
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {near, far}
            for source, sink, upward in ((near, far, True), (far, near, False)):
                thread = threading.Thread(target=self._relay, args=(source, sink, upward), name="link")
                self._threads.append(thread)
                thread.start()

    def _relay(self, source: socket.socket, sink: socket.socket, upward: bool) -> None:
        with suppress(OSError):
            while data := source.recv(2048 if self.rate and upward else 16384):
                if source in self._hung:
                    continue
                time.sleep(self.delay)
                if upward:
                    with self._pace:  # one wire for all flows
                        self.bytes_up += len(data)
                        if rate := self.rate:
                            time.sleep(len(data) / rate)
                        passes = self._passes(len(data))
                    if passes is not None:
                        sink.sendall(data[:passes])
                        if not self._swallow:
                            break
                        continue
                elif self._swallow:
                    self._swallow = False
                    self.cuts += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            _reset(end)

    def _passes(self, size: int) -> int | None:
        """How much of a piece still passes when the cut is due; None: all of it, and no cut."""
        if self._left is None:
            return None
        self._left -= size
        if self._left > 0:
            return None
        passes = size + self._left
        self._left = None
        if self._drop_answer:
            self._swallow = True
            return size
        self.cuts += 1
        return passes

    def hang_up(self) -> None:
        """Ends every conversation there is, and waits for its threads; new ones may begin."""
        for end in list(self._open):
            _reset(end)
        for thread in self._threads[1:]:
            thread.join(5)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join(5)
        self.hang_up()


def _reset(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RDWR)
    end.close()

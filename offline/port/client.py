# SPDX-License-Identifier: Apache-2.0
"""The asking end of a connection to the keeper: any thread may ask and waits; news is told on the reading thread."""

from __future__ import annotations

import logging
import os
import queue
import socket
import threading
from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast

from offline.client.port import KeeperGone, error_of
from offline.errors import OfflineError
from offline.port import messages
from offline.port.messages import VERSION, Fault, Request, Welcome
from offline.port.stage import Told
from offline.port.wire import WireError, decode_answer, encode, receive
from offline.supervised import SupervisedThread

log = logging.getLogger(__name__)
A = TypeVar("A")


class Client:
    """Close it at the end. `listen` says who hears the news; what comes before that is kept for them."""

    def __init__(self, sock: socket.socket, role: Literal["visit", "command"]) -> None:
        self._sock = sock
        self._hearing = threading.Lock()
        self._unheard: list[Told] = []
        self._heard: Callable[[Told], None] = self._unheard.append
        self._gone: Callable[[], None] = lambda: None
        self._sending = threading.Lock()
        self._number = 0
        self._waiting: dict[int, queue.SimpleQueue[Any]] = {}
        self._closed = False
        self._ended = False  # nothing more can be asked
        self._told = False  # whoever listened then has been told so
        self._reader = SupervisedThread("keeper-reader", self._read)
        self._reader.start()
        try:
            self.welcome: Welcome = self.ask(messages.Hello(VERSION, role, os.getpid()))
        except BaseException:
            self.close()
            raise

    def ask(self, request: Request[A]) -> A:
        """Waits for the answer. Raises the keeper's OfflineError, KeeperGone, OfflineError not-sendable."""
        answered: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with self._sending:
            self._number += 1
            number = self._number
            try:
                data = encode(number, request)
            except WireError as fault:
                raise OfflineError(str(fault), "not-sendable") from fault
            self._waiting[number] = answered
            ended = self._ended
            if not ended:
                try:
                    self._sock.sendall(data)
                except OSError:
                    ended = True
        if ended:
            self._waiting.pop(number, None)
            raise KeeperGone("the terminal's keeper has ended")
        answer = answered.get()
        if answer is None:
            raise KeeperGone("the terminal's keeper has ended")
        if isinstance(answer, Fault):
            raise error_of(answer)
        return cast(A, answer)

    def listen(self, heard: Callable[[Told], None], gone: Callable[[], None] = lambda: None) -> None:
        """`heard` is called with every piece of news, `gone` once when the keeper has ended; both on the reading
        thread, so neither may ask."""
        with self._hearing:
            self._heard, self._gone = heard, gone
            for news in self._unheard:
                heard(news)
            self._unheard = []
            told = self._told
        if told and not self._closed:
            gone()

    def close(self) -> None:
        """Ends the connection; who waits gets KeeperGone."""
        self._closed = True
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            log.debug("the keeper had closed before")
        self._reader.stop()
        self._reader.join(5)
        self._sock.close()

    def _read(self) -> bool:
        """One message; False at the end of the connection."""
        try:
            data = receive(self._sock)
            found = decode_answer(data) if data is not None else None
        except (OSError, WireError) as fault:
            if not self._closed:
                log.warning("the connection to the keeper broke: %s", fault)
            found = None
        if found is None:
            self._end()
            return False
        if found.number:
            waiting = self._waiting.pop(found.number, None)
            if waiting is not None:
                waiting.put(found.body)
        else:
            with self._hearing:
                self._heard(cast(Told, found.body))
        return True

    def _end(self) -> None:
        with self._sending:
            self._ended = True
            waiting, self._waiting = list(self._waiting.values()), {}
        for one in waiting:
            one.put(None)
        with self._hearing:
            gone, self._told = self._gone, True
        if not self._closed:
            gone()

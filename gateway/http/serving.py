# SPDX-License-Identifier: Apache-2.0
"""Serving over HTTP by one process or several: they share a listening socket, the database and the data directory."""

from __future__ import annotations

import gc
import json
import logging
import os
import resource
import socket
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvicorn
from anyio.to_thread import run_sync
from sqlalchemy.exc import DBAPIError
from starlette.types import Receive, Scope, Send

from gateway.errors import DATABASE_AWAY, DatabaseUnusableError
from gateway.http.app import App, create_app, marked
from gateway.http.health import not_open_yet
from gateway.http.workers import Workers
from gateway.opening.loop import Opener
from gateway.platform import Platform, Setup
from gateway.supervised import Finished, Supervised

_SETUP = "DOORSTEP_GATEWAY_SETUP"  # how a worker process learns what it serves
_BACKLOG = 4096  # connections that wait to be accepted: a fleet comes back at the same moment
_KEEP_ALIVE = 75  # seconds
_FIRST_TRY = 10.0  # seconds that start-up waits for the platform to be open; then it serves without
_LONGEST_PAUSE = 10.0  # seconds between two tries to open it


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError."""
    listener = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # named: else asyncio leaves Nagle on
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def serve(setup: Setup, listener: socket.socket, *, workers: int = 1, opening: bool = True) -> None:
    """Until a signal ends it. Prints `gateway ready on URL` once it serves."""
    _allow_many_connections()
    log_to_stderr()
    url = "http://{}:{}".format(*listener.getsockname()[:2])
    options: dict[str, Any] = {
        "access_log": False, "log_config": None, "timeout_graceful_shutdown": 3, "timeout_keep_alive": _KEEP_ALIVE,
        "backlog": _BACKLOG,
    }  # fmt: skip
    if workers == 1:
        app = Serving(setup, opening)
        _Announcing(uvicorn.Config(app, **options), url).run(sockets=[listener])
        return
    os.environ[_SETUP] = json.dumps({**asdict(setup), "data": str(setup.data), "opening": opening})
    config = uvicorn.Config("gateway.http.serving:worker", factory=True, workers=workers, **options)
    Workers(config, [listener], url).run()


def worker() -> Serving:
    """What one of several worker processes serves."""
    log_to_stderr()
    said = json.loads(os.environ[_SETUP])
    opening = said.pop("opening")
    return Serving(Setup(**{**said, "data": Path(said["data"])}), opening)


class Serving:
    """The application with the life of its process. It serves from the start: while the platform's database is away,
    everybody is told so, and the platform is opened as soon as it is back."""

    def __init__(self, setup: Setup, opening: bool) -> None:
        self._setup = setup
        self._opening = opening
        self._app: App | None = None
        self._platform: Platform | None = None
        self._tried = threading.Event()
        away = (*DATABASE_AWAY, DBAPIError, DatabaseUnusableError)
        self._opened = Supervised("platform", self._open, away=away, longest=_LONGEST_PAUSE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)
        else:
            await not_open_yet(scope["path"], self._opened.fault)(scope, receive, marked(send))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._opened.start()
        await run_sync(self._tried.wait, _FIRST_TRY)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._opened.stop()
        if self._platform is not None:
            self._platform.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _open(self) -> None:
        try:
            self._platform = platform = Platform(self._setup)
            try:
                self._serve(platform)
            except BaseException:
                self._platform = None
                platform.close()
                raise
        finally:
            self._tried.set()
        raise Finished

    def _serve(self, platform: Platform) -> None:
        app = create_app(platform)
        platform.partials.sweep()
        if self._opening and not self._opened.stopping.is_set():
            platform.start_opener(Opener(platform.opening, lambda: app.admission.busy))
        _rest_the_collector()
        self._app = app


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            print(f"gateway ready on {self._url}", flush=True)


def log_to_stderr() -> None:
    """The log of this process."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")


def _rest_the_collector() -> None:
    """What is here now stays; what a request leaves goes by its reference counts: a fifth of the time is saved."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _allow_many_connections() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

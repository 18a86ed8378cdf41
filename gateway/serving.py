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
from uvicorn.supervisors import Multiprocess

from gateway.app import App, create_app
from gateway.opener import Opener
from gateway.platform import Platform, Setup

_SETUP = "DOORSTEP_GATEWAY_SETUP"  # how a worker process learns what it serves
_BACKLOG = 4096  # connections that wait to be accepted: a fleet comes back at the same moment
_KEEP_ALIVE = 75  # seconds


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
    config = uvicorn.Config("gateway.serving:worker", factory=True, workers=workers, **options)
    _Workers(config, [listener], url).run()


def worker() -> Serving:
    """What one of several worker processes serves."""
    log_to_stderr()
    said = json.loads(os.environ[_SETUP])
    opening = said.pop("opening")
    return Serving(Setup(**{**said, "data": Path(said["data"])}), opening)


class Serving:
    """The application with the life of its process: it opens the platform at start-up and closes it at the end."""

    def __init__(self, setup: Setup, opening: bool) -> None:
        self._setup = setup
        self._opening = opening
        self._app: App | None = None
        self._platform: Platform | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            assert self._app is not None, "start-up comes first"
            await self._app(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        try:
            self._platform = platform = Platform(self._setup)
            self._app = create_app(platform)
            platform.partials.sweep()
            if self._opening:
                admission = self._app.admission
                platform.start_opener(Opener(platform.opening, lambda: admission.busy))
        except Exception as fault:
            logging.getLogger(__name__).exception("the gateway cannot start")
            await send({"type": "lifespan.startup.failed", "message": str(fault)})
            return
        _rest_the_collector()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        platform.close()
        await send({"type": "lifespan.shutdown.complete"})


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            print(f"gateway ready on {self._url}", flush=True)


class _Workers(Multiprocess):
    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], url: str) -> None:
        super().__init__(config, sockets)
        self._url = url

    def init_processes(self) -> None:
        super().init_processes()
        threading.Thread(target=self._announce, name="announce", daemon=True).start()

    def _announce(self) -> None:
        if all(process.wait_until_ready(60, self.should_exit) for process in self.processes):
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

# SPDX-License-Identifier: Apache-2.0
"""A platform that is not at the root of its host: everything is asked for below its path."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from gateway.opening.loop import Opener
from gateway.platform import Platform
from offline.sync.engine import SyncEngine
from tests.live import LiveGateway, Server, enrolled_terminal

PATH = "/county/gw"


class Behind:
    """Serves what is below the path and nothing else."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.elsewhere: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not scope["path"].startswith(PATH + "/"):
            self.elsewhere.append(scope["path"])
        inside = scope["path"].removeprefix(PATH)
        await self._app(dict(scope, path=inside, raw_path=inside.encode()), receive, send)


def test_a_platform_behind_a_path_is_spoken_to_there(tmp_path: Path) -> None:
    platform = Platform(tmp_path / "gateway")
    platform.start_opener(Opener(platform.opening))
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(platform, listener)
    server.config.app = behind = Behind(server.config.app)
    try:
        with listener, server.running() as url:
            live = LiveGateway(platform, url, server.app)
            with enrolled_terminal(tmp_path / "terminal", live, url + PATH) as terminal:
                report = SyncEngine(terminal).run_once()
                assert report.problem is None
                assert terminal.catalogue().version == "2026.11.1"
    finally:
        platform.close()
    assert behind.elsewhere == []

# SPDX-License-Identifier: Apache-2.0
"""A connection's life: begun, secured, ended by the other side, its number reused: what is open is watched, always."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from offline.sync.exchange import Answer, Call, Request
from offline.sync.link import Link
from tests.live import Link as Relay
from tests.offline.scripted import OURS, Said, certificate, scripted
from tests.offline.watched import check_watched


def until(link: Link, done: Callable[[], bool], seconds: float = 15.0) -> None:
    """Turns, and looks after each turn whether all is watched."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, "nothing comes any more: a connection that nobody watches"
        link.turn(0.05)
        check_watched(link._pool)


def ask(link: Link, path: str = "/v1/feed") -> Answer:
    call = Call(Request("GET", path, {}), b"")
    link.add(call)
    until(link, call._done.is_set)
    return call.wait()


def trusting(pem: Path | None) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=str(pem)) if pem is not None else None


@pytest.fixture(params=["clear", "tls"])
def pem(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return certificate(tmp_path) if request.param == "tls" else None


@pytest.mark.usefixtures("brisk")
@pytest.mark.parametrize("ends_after", [1, 2, 5])
def test_a_proxy_that_ends_kept_alive_connections_is_spoken_to_again_and_again(
    pem: Path | None, ends_after: int
) -> None:
    """As nginx does after `keepalive_requests`: the next connection has the number of the one before."""
    asked: list[str] = []

    def answer(_method: str, path: str) -> Said:
        asked.append(path)
        ending = {"Connection": "close"} if len(asked) % ends_after == 0 else {}
        return Said(200, {**OURS, **ending})

    with scripted(answer, tls=pem) as url:
        link = Link(url, tls=trusting(pem))
        try:
            for turn in range(24):
                link.warm(turn % 4)
                assert ask(link).status == 200
        finally:
            link.close()
    assert len(asked) == 24


@pytest.mark.usefixtures("brisk")
def test_no_more_connections_make_tls_than_are_wanted(tmp_path: Path) -> None:
    """SYNs are cheap and go out in crowds; a handshake is kilobytes, and all would be answered at once after a cut."""
    pem = certificate(tmp_path)
    with scripted(lambda _method, _path: Said(200, OURS), tls=pem) as url:
        relay = Relay(int(url.rsplit(":", 1)[1]))
        relay.delay = 0.15
        link = Link(relay.url.replace("http://127.0.0.1", "https://localhost"), tls=trusting(pem))
        try:
            link.warm(4)
            until(link, lambda: link._pool.living >= 4)
            assert ask(link).status == 200
            assert link.bytes_up < 8 * 700, "eight hellos"
        finally:
            link.close()
            relay.close()

# SPDX-License-Identifier: Apache-2.0
"""A connection's life: begun, secured, ended by the other side, its number reused: what is open is watched, always."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from offline.errors import LinkDown
from offline.sync.link.connection import Connection
from offline.sync.link.link import Link
from offline.sync.link.origin import trusting
from offline.sync.link.pool import Pool
from offline.sync.link.transfer import ATTACHMENT, Answer, Call, Request
from tests.live import Link as Relay
from tests.offline.sync.scripted import OURS, Said, certificate, raw_server, scripted
from tests.offline.sync.watched import check_watched


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
        link = Link(url, tls=trusting(str(pem)) if pem else None)
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
        link = Link(relay.url.replace("http://127.0.0.1", "https://localhost"), tls=trusting(str(pem)) if pem else None)
        try:
            link.warm(4)
            until(link, lambda: link._pool.living >= 4)
            assert ask(link).status == 200
            assert link.bytes_up < 8 * 700, "eight hellos"
        finally:
            link.close()
            relay.close()


# what is more than a request and its answer


def answer_of(status: str, *, more: bytes = b"") -> bytes:
    return f"HTTP/1.1 {status}\r\nDoorstep-Gateway: 1\r\nContent-Length: 0\r\n\r\n".encode() + more


def over(end: socket.socket, pem: Path | None) -> socket.socket:
    """The other side of it, in TLS where there is a certificate."""
    if pem is None:
        return end
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context.wrap_socket(end, server_side=True)


def at(url: str, pem: Path | None) -> Link:
    return Link(
        url.replace("http://127.0.0.1", "https://localhost") if pem else url, tls=trusting(str(pem)) if pem else None
    )


@pytest.mark.usefixtures("brisk")
def test_an_answer_before_all_was_sent_ends_the_connection_and_nothing_else(pem: Path | None) -> None:

    def speak(end: socket.socket) -> None:
        with over(end, pem) as stream:
            while data := stream.recv(4096):  # what is on its way is let come, as RFC 9112, 9.6 asks
                if data.startswith((b"POST", b"GET")):
                    stream.sendall(answer_of("413 Too Large" if data.startswith(b"POST") else "200 OK"))

    with raw_server(speak) as url:
        link = at(url, pem)
        try:
            for _ in range(5):
                large = Call(Request("POST", "/v1/records", {}, 4_000_000), bytes(4_000_000))
                link.add(large)
                until(link, large._done.is_set)
                assert large.wait().status == 413
                assert ask(link).status == 200
        finally:
            link.close()


@pytest.mark.usefixtures("brisk")
@pytest.mark.parametrize("at_once", [False, True])
def test_an_idle_connection_that_is_told_408_is_let_go(pem: Path | None, at_once: bool) -> None:
    """As HAProxy and Apache do before they close it: it is nobody's answer."""
    idle = threading.Event()
    farewell = b"HTTP/1.1 408 Request Time-out\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

    def speak(end: socket.socket) -> None:
        with over(end, pem) as stream:
            if stream.recv(4096):
                stream.sendall(answer_of("200 OK", more=farewell if at_once else b""))
                idle.wait(5)
                stream.sendall(farewell)

    with raw_server(speak) as url:
        link = at(url, pem)
        try:
            for _ in range(6):
                assert ask(link).status == 200
                idle.set()
                until(link, lambda: not link._pool.idle)
                idle.clear()
        finally:
            idle.set()
            link.close()


class Counted(Call):
    """An upload that says how often it was begun and answered."""

    priority = ATTACHMENT

    def __init__(self, path: str) -> None:
        super().__init__(Request("PATCH", path, {}), b"")
        self.begun = self.ended = 0

    def begin(self) -> Request:
        self.begun += 1
        return super().begin()

    def answered(self, answer: Answer) -> None:
        self.ended += 1
        super().answered(answer)


@pytest.mark.usefixtures("brisk")
def test_what_goes_with_another_s_connection_is_begun_again_once(pem: Path | None) -> None:
    """Two uploads hang at the same moment: whoever is looked at first takes the other's connection along."""
    opened: list[int] = []

    def speak(end: socket.socket) -> None:
        with over(end, pem) as stream:
            opened.append(1)
            mute = len(opened) <= 2
            while stream.recv(4096):
                if not mute:
                    stream.sendall(answer_of("200 OK"))

    with raw_server(speak) as url:
        link = at(url, pem)
        uploads = [Counted("/a"), Counted("/b")]
        try:
            link.warm(2)
            until(link, lambda: len(link._pool.idle) == 2)
            for upload in uploads:  # the connection that the pool has first hears last
                link.add(upload)
                until(link, lambda u=upload: u.begun == 1)  # type: ignore[misc]
                for _ in range(10):
                    link.turn(0.02)
            for upload in uploads:
                upload.patience = 0.0
            link.turn(0.0)
            for upload in uploads:
                upload.patience = 40.0
            until(link, lambda: all(u._done.is_set() for u in uploads))
            for _ in range(10):
                link.turn(0.02)
            assert [(u.begun, u.ended) for u in uploads] == [(2, 1), (2, 1)]
        finally:
            link.close()


@pytest.mark.usefixtures("brisk")
def test_what_came_unasked_before_a_request_is_not_its_answer(
    pem: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last look at the selector and before the request goes out."""
    sent, unasked = threading.Event(), threading.Event()
    wait = Pool.wait

    def speak(end: socket.socket) -> None:
        with over(end, pem) as stream:
            while data := stream.recv(4096):
                stream.sendall(answer_of("200 OK"))
                if data.startswith(b"GET /first"):
                    unasked.wait(5)
                    stream.sendall(answer_of("299 Unasked"))
                    sent.set()

    def looked_too_early(pool: Pool, _seconds: float) -> list[Connection]:
        monkeypatch.setattr(Pool, "wait", wait)
        unasked.set()
        assert sent.wait(5)
        assert any(key.data for key, _ in pool._selector.select(5))
        return []

    with raw_server(speak) as url:
        link = at(url, pem)
        try:
            assert ask(link, "/first").status == 200
            monkeypatch.setattr(Pool, "wait", looked_too_early)
            assert ask(link, "/second").status == 200
        finally:
            link.close()


@pytest.mark.usefixtures("brisk")
def test_an_answer_that_came_along_with_another_is_nobody_s(pem: Path | None) -> None:
    def speak(end: socket.socket) -> None:
        with over(end, pem) as stream:
            while stream.recv(4096):
                stream.sendall(answer_of("200 OK", more=answer_of("299 Unasked")))

    with raw_server(speak) as url:
        link = at(url, pem)
        try:
            assert [ask(link).status for _ in range(4)] == [200] * 4
        finally:
            link.close()


# addresses and kernels that do not help


@pytest.mark.usefixtures("brisk")
def test_an_address_that_refuses_beside_one_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with IPv6 and IPv4 of which one is served: as many refusals as there are flows are no reason to stop."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = other.getsockname()[1]
    with scripted(lambda _method, _path: Said(200, OURS)) as url:
        found = [(socket.AF_INET, 1, 6, "", ("127.0.0.1", p)) for p in (refused, int(url.rsplit(":", 1)[1]))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
        link = Link(url)
        try:
            link.warm(4)
            assert ask(link).status == 200
            until(link, lambda: link._pool.living >= 4)
        finally:
            link.close()


@pytest.mark.usefixtures("brisk")
@pytest.mark.parametrize("url", ["http://..", f"http://{'x' * 70}.invalid"])
def test_a_name_that_cannot_be_one_is_a_link_that_is_down(url: str) -> None:
    link = Link(url)
    call = Call(Request("GET", "/", {}), b"")
    link.add(call)
    try:
        with pytest.raises(LinkDown) as down:
            until(link, call._done.is_set)
        assert down.value.code == "link-down"
    finally:
        link.close()


@pytest.mark.usefixtures("brisk")
def test_a_kernel_without_the_family_of_an_address_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(lambda _method, _path: Said(200, OURS)) as url:
        port = int(url.rsplit(":", 1)[1])
        found = [(99, 1, 6, "", ("127.0.0.1", port)), (socket.AF_INET, 1, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
        link = Link(url)
        try:
            assert ask(link).status == 200
        finally:
            link.close()


@pytest.mark.usefixtures("brisk")
@pytest.mark.parametrize("there", [b"", b"\x16\x03\x03\x00\x7a\x02\x00", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_handshake_that_is_cut_is_no_stranger(tmp_path: Path, there: bytes) -> None:
    """Only what speaks wrongly, or shows a wrong certificate, is not the platform."""

    def speak(end: socket.socket) -> None:
        end.recv(4096)
        end.sendall(there)

    with raw_server(speak) as url:
        link = at(url, certificate(tmp_path))
        call = Call(Request("GET", "/", {}), b"")
        link.add(call)
        try:
            with pytest.raises(LinkDown) as down:
                until(link, call._done.is_set)
        finally:
            link.close()
    assert down.value.code == ("tls" if there.startswith(b"HTTP") else "link-down")


UNBOUNDED = b"HTTP/1.1 200 OK\r\nDoorstep-Gateway: 1\r\n\r\n"


@pytest.mark.usefixtures("brisk")
def test_an_answer_without_a_length_is_whole_only_when_tls_says_so(tmp_path: Path) -> None:
    """RFC 9112, 9.8: else whoever cuts the connection shortens the answer."""
    pem = certificate(tmp_path)
    lengths = iter(["known", "cut", "cut", "signed"])

    def speak(end: socket.socket) -> None:
        with over(end, pem) as stream:
            stream.recv(4096)
            match next(lengths):
                case "known":
                    stream.sendall(answer_of("200 OK"))
                case "cut":
                    stream.sendall(UNBOUNDED + b"half")
                case "signed":
                    assert isinstance(stream, ssl.SSLSocket)
                    stream.sendall(UNBOUNDED + b"half and half")
                    stream.unwrap().close()

    with raw_server(speak) as url:
        link = at(url, pem)
        try:
            assert ask(link).body == b""
            assert ask(link).body == b"half and half"
        finally:
            link.close()

# SPDX-License-Identifier: Apache-2.0
"""Any order of what a server, a proxy, a cut and the reuse of file numbers can do to connections: each request gets its
own answer, once, and after every turn what is open is watched and nothing else is."""

from __future__ import annotations

import os
import socket
import ssl
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offline.errors import LinkDown
from offline.sync.link.channel import Channel, SecureChannel, Session
from offline.sync.link.link import Link
from offline.sync.link.origin import trusting
from offline.sync.link.transfer import ATTACHMENT, CALL, Answer, Call, Request
from tests.fuzzing import examples
from tests.offline.sync.hostile import Deed, Hostile
from tests.offline.sync.scripted import certificate
from tests.offline.sync.watched import check_watched


class Asked(Call):
    """Counts its answers."""

    def __init__(self, number: int, priority: int) -> None:
        super().__init__(Request("GET", f"/{number}", {}), b"")
        self.priority = priority
        self.order = number
        self.answers: list[bytes] = []

    def answered(self, answer: Answer) -> None:
        self.answers.append(answer.body)
        super().answered(answer)


class Thief:
    """Takes and gives back the lowest free file numbers, as every other thread of a program does."""

    def __init__(self) -> None:
        self._held: list[int] = []

    def move(self, held: int) -> None:
        while len(self._held) < held:
            self._held.append(os.open(os.devnull, os.O_RDONLY))
        while len(self._held) > held:
            os.close(self._held.pop(0))


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's and the terminal's."""
    pem = certificate(tmp_path_factory.mktemp("tls"))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, trusting(str(pem))


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(st.sampled_from(Deed), max_size=14),
    asked=st.lists(st.tuples(st.integers(0, 3), st.sampled_from([CALL, ATTACHMENT])), min_size=1, max_size=12),
    stolen=st.lists(st.integers(0, 3), max_size=30),
    secure=st.booleans(),
)
def test_each_request_gets_its_own_answer_once(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch,
    deeds: list[Deed], asked: list[tuple[int, int]], stolen: list[int], secure: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr("offline.sync.link.dialer.SYN_GAP", 0.005)
    monkeypatch.setattr("offline.sync.link.dialer.REFUSED_GAP", 0.005)
    hostile = Hostile([Deed.ANSWER, *deeds], contexts[0] if secure else None)
    scheme = "https" if secure else "http"
    link = Link(f"{scheme}://localhost:{hostile.port}", tls=contexts[1] if secure else None)
    thief, numbers = Thief(), iter(stolen)
    calls: list[Asked] = []

    def turn_until(done: list[Asked]) -> None:
        ends = time.monotonic() + 20
        while not all(call._done.is_set() for call in done):
            assert time.monotonic() < ends, "a request that nobody goes on with"
            hostile.step()
            link.turn(0.002)
            thief.move(next(numbers, 0))
            check_watched(link._pool)

    try:
        for number, (warm, priority) in enumerate(asked):
            calls.append(Asked(number, priority))
            link.warm(warm)
            link.add(calls[-1])
            if number % 3 == 0:  # others wait beside one another
                turn_until(calls)
        turn_until(calls)
        for _ in range(5):
            hostile.step()
            link.turn(0.0)
            check_watched(link._pool)
    except LinkDown as fault:
        # Refused at every address before the first answer, or told 408 twice in place of an answer; never else.
        assert not link.answers if fault.code == "link-down" else fault.code == "platform-away"
    finally:
        link.close()
        hostile.close()
        thief.move(0)
    for call in calls:
        assert call.answers in ([call._request.target.encode()], []), "somebody else's answer, or two"


# the channel alone


def pair(context: ssl.SSLContext) -> tuple[ssl.MemoryBIO, ssl.MemoryBIO, ssl.SSLObject]:
    came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
    return came, goes, context.wrap_bio(came, goes, server_side=True)


def read_all(tls: ssl.SSLObject) -> bytes:
    found = b""
    while True:
        try:
            part = tls.read(65536)
        except ssl.SSLWantReadError:
            return found
        if not part:
            return found
        found += part


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.integers(1, 50_000), min_size=1, max_size=8), share=st.floats(0, 1), secure=st.booleans())
def test_what_counts_as_arrived_can_be_read_there(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], parts: list[int], share: float, secure: bool
) -> None:
    """After a cut in the middle of a TLS record only what stands before it is there."""
    near, far = socket.socketpair()
    near.setblocking(False)
    far.setblocking(False)
    channel = SecureChannel(near, contexts[1], "localhost", Session()) if secure else Channel(near)
    came, goes, tls = pair(contexts[0])
    wire = bytearray()

    def carry() -> None:
        try:
            while data := far.recv(65536):
                wire.extend(data)
        except BlockingIOError:
            pass

    try:
        while not channel.agree():
            carry()
            came.write(bytes(wire))
            wire.clear()
            with suppress(ssl.SSLWantReadError):
                tls.do_handshake()
            far.send(goes.read())
        carry()  # the end of the handshake
        begins = len(wire)
        sent = b""
        for number, size in enumerate(parts):
            sent += bytes([number]) * size
            channel.put(sent[-size:])
            while channel.held:
                channel.flush()
                carry()
        channel.flush()
        carry()
        lost = int(share * (len(wire) - begins))
        arrived = channel.arrived(lost)
        there = bytes(wire[: len(wire) - lost])
        if secure:
            came.write(there)
            tls.do_handshake()
            there = read_all(tls)
        assert there == sent[:arrived]
        assert channel.arrived(0) == len(sent) == channel.given
    finally:
        near.close()
        far.close()

# SPDX-License-Identifier: Apache-2.0
"""The asking end: who waits is told when the keeper ends, news waits for whoever listens, errors keep their kind."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable

import pytest

from kiosk.keeper.keeper import Keeper
from offline import errors
from offline.client.port import KeeperGone, error_of, fault_of
from offline.client.store import StoreClient
from offline.errors import OfflineError, StaffRefused
from offline.port import messages as m
from offline.port.client import Client
from offline.port.messages import Welcome
from offline.port.stage import OutboxTold, PublishedAnew, SyncTold
from offline.port.wire import decode_question, encode, receive
from offline.stick.medium import MediumFault
from offline.store.submission import HandInRefused
from offline.supervised import is_supervised
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.offline.conftest import application
from tests.offline.port.conftest import serving


def visit(keeper: Keeper) -> Client:
    return Client(keeper.connect()[1], "visit")


def test_who_waits_is_told_when_the_keeper_ends(terminal: Terminal) -> None:
    held, told = threading.Event(), queue.SimpleQueue[str]()
    with serving(terminal) as keeper:
        client = visit(keeper)
        terminal.background(lambda: held.wait(30), lambda _done: None)  # the store is busy

        def ask() -> None:
            try:
                client.ask(m.NewCode())
            except KeeperGone as fault:
                told.put(fault.code)

        asking = [threading.Thread(target=ask) for _ in range(3)]
        for one in asking:
            one.start()
        (connection,) = keeper._visits
        connection.cut()
        assert [told.get(timeout=30) for _ in asking] == ["keeper-gone"] * 3
        held.set()
        for one in asking:
            one.join()
        with pytest.raises(KeeperGone):
            client.ask(m.NewCode())
        client.close()


@pytest.mark.parametrize("late", [False, True])
def test_gone_is_said_once(terminal: Terminal, late: bool) -> None:
    said = queue.SimpleQueue[None]()
    with serving(terminal) as keeper:
        client = visit(keeper)
        if not late:
            client.listen(lambda _news: None, lambda: said.put(None))
    while client._reader.alive:
        client._reader.join(1)
    if late:
        client.listen(lambda _news: None, lambda: said.put(None))
    said.get(timeout=30)
    assert said.empty()
    client.close()
    assert said.empty()


def test_gone_is_said_once_to_who_begins_to_listen_at_that_moment() -> None:
    """The connection has ended, and the reading thread is about to say so."""
    ours, theirs = socket.socketpair()
    with theirs:
        client = greeted(ours, theirs)
        said: list[str] = []
        with client._hearing:
            theirs.shutdown(socket.SHUT_RDWR)
            while not client._ended:
                client._reader.join(0.01)
            listening = threading.Thread(target=lambda: client.listen(lambda _n: None, lambda: said.append("gone")))
            listening.start()
        listening.join()
        client._reader.join(30)
        assert said == ["gone"]
        client.close()


def greeted(ours: socket.socket, theirs: socket.socket) -> Client:
    """A client whose keeper is this test."""

    def greet() -> None:
        assert isinstance(decode_question(receive(theirs) or b"").body, m.Hello)
        theirs.sendall(encode(1, Welcome(1, _STATION, b"k", {})))

    thread = threading.Thread(target=greet)
    thread.start()
    client = Client(ours, "visit")
    thread.join()
    return client


_STATION = m.Station(0, "", "", "", "", "", {})


def test_who_ends_it_is_not_told(terminal: Terminal) -> None:
    with serving(terminal) as keeper:
        client = visit(keeper)
        client.listen(lambda _news: None, lambda: pytest.fail("it was ended here"))
        client.close()
        client.close()
        with pytest.raises(KeeperGone):
            client.ask(m.AskStaff())


def test_news_waits_for_whoever_listens(terminal: Terminal) -> None:
    with serving(terminal) as keeper:
        (connection, theirs) = keeper.connect()
        for number in range(101, 106):
            connection.post(SyncTold(SyncState(bytes_left=number)))
        client = Client(theirs, "visit")
        connection.post(PublishedAnew())
        client.ask(m.AskStaff())  # what was posted before has come by now
        heard: list[object] = []
        client.listen(heard.append)
        told = [news.state.bytes_left for news in heard if isinstance(news, SyncTold)]  # the engine speaks, too
        assert [one for one in told if one] == [101, 102, 103, 104, 105]
        assert sum(isinstance(news, PublishedAnew) for news in heard) == 1
        client.close()


def test_the_newest_word_on_the_outbox_comes_last(terminal: Terminal) -> None:
    """Visits come while records do."""
    with serving(terminal) as keeper:
        done = threading.Event()

        def register() -> None:
            for seed in range(40):
                terminal.submit(application(terminal.new_tracking_code(), seed))
            done.set()

        working = threading.Thread(target=register)
        working.start()
        clients = []
        while not done.is_set():
            clients.append(visit(keeper))
        working.join()
        terminal.outbox()
        for client in clients:
            client.ask(m.AskStaff())
            heard: list[object] = []
            client.listen(heard.append)
            waiting = [news.status.waiting for news in heard if isinstance(news, OutboxTold)]
            assert waiting == sorted(waiting)
            assert waiting[-1] == 40
            client.close()


def test_a_visit_of_another_version_is_not_begun(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(terminal) as keeper:
        monkeypatch.setattr("offline.port.client.VERSION", 99)
        with pytest.raises(OfflineError) as refused:
            visit(keeper)
        assert refused.value.code == "port-version"


def test_what_is_too_large_to_be_asked_is_an_error_and_the_next_works(client: StoreClient) -> None:
    with pytest.raises(OfflineError) as refused:
        client.port.ask(m.KeepPicture("ab", bytes(20_000_000)))
    assert refused.value.code == "not-sendable"
    assert client.staff.names() == []


def test_many_threads_ask_at_once(ask: Callable[[], StoreClient]) -> None:
    port = ask().port
    found: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: found.extend(port.ask(m.NewCode()).value for _ in range(25))) for _ in range(6)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(found)) == len(found) == 150


def every(kind: type[OfflineError]) -> list[type[OfflineError]]:
    return [kind, *(one for sub in kind.__subclasses__() for one in every(sub))]


def test_an_error_crosses_as_what_it_is() -> None:
    kinds = [one for one in every(OfflineError) if one.__module__.startswith("offline") and one not in ODD]
    assert {MediumFault, HandInRefused, KeeperGone, errors.DiskFull, errors.AttachmentRejected} <= set(kinds)
    for kind in kinds:
        came = error_of(fault_of(kind("words", "a-code")))
        assert (type(came), came.code, str(came)) == (kind, "a-code", "words")
    refused = error_of(fault_of(StaffRefused("staff-locked", "wait", 12)))
    assert isinstance(refused, StaffRefused)
    assert (refused.code, refused.remaining) == ("staff-locked", 12)
    for odd in (fault_of(errors.GatewayRefused("no", "words", status=400)), m.Fault("Exception", "no", "words")):
        came = error_of(odd)
        assert (type(came), came.code, str(came)) == (OfflineError, "no", "words")


ODD = (StaffRefused, errors.GatewayRefused)


def test_the_threads_of_both_ends_are_supervised(terminal: Terminal, started: dict[threading.Thread, str]) -> None:
    with serving(terminal) as keeper:
        visit(keeper).close()
    names = {thread.name for thread in started}
    assert {"keeper-connection", "keeper-socket", "keeper-reader", "sync"} <= names
    assert [t.name for t in started if not is_supervised(t)] == []

# SPDX-License-Identifier: Apache-2.0
"""The keeper's end of the socket: who may come, and that no client harms it or the others."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.keeper.keeper import Keeper
from offline.client.store import StoreClient
from offline.errors import OfflineError
from offline.port import messages as m
from offline.port import sending as s
from offline.port.client import Client
from offline.port.reach import ask_keeper, reach
from offline.port.server import SOCKET, Connection, connect
from offline.port.stage import Beat, SyncTold
from offline.port.wire import MOST, decode_answer, encode, receive
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, terminal_at
from tests.offline.port.conftest import serving

Raw = Callable[[], socket.socket]


def answer(sock: socket.socket) -> object:
    data = receive(sock)
    assert data is not None
    return decode_answer(data).body


HELLO = encode(1, m.Hello(m.VERSION, "command", 1))
STRANGE = {
    "nothing": b"",
    "text": b"GET / HTTP/1.1\r\n\r\n",
    "zero": bytes(4),
    "too-large": struct.pack(">I", MOST + 1),
    "largest": b"\xff" * 40,
    "torn-length": HELLO[:3],
    "torn": HELLO[:-1],
    "no-utf-8": HELLO.replace(b"command", b"comm\xffnd"),
    "an-answer": encode(1, m.Done()),
    "number-0": encode(0, m.AskStaff()),
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE)
def test_a_strange_client_is_let_go_and_others_are_served(client: StoreClient, raw: Raw, data: bytes) -> None:
    strange = raw()
    strange.sendall(data)
    strange.shutdown(socket.SHUT_WR)
    with suppress(ConnectionResetError):  # it was closed before all of it was read
        assert strange.recv(1) == b""
    assert client.staff.names() == []
    fresh = raw()
    fresh.sendall(HELLO)
    assert isinstance(answer(fresh), m.Welcome)


def test_a_client_that_is_slow_to_speak_is_heard(raw: Raw, client: StoreClient) -> None:
    slow = raw()
    for byte in HELLO:
        slow.send(bytes([byte]))
        client.staff.names()
    assert isinstance(answer(slow), m.Welcome)


def test_another_version_is_told_in_words(raw: Raw) -> None:
    other = raw()
    other.sendall(encode(1, m.Hello(m.VERSION + 1, "command", 1)))
    said = answer(other)
    assert isinstance(said, m.Fault)
    assert said.code == "port-version"
    assert "another version" in said.message


def test_only_a_visit_says_what_a_visit_says(raw: Raw) -> None:
    sock = raw()
    sock.sendall(encode(5, Beat()))
    said = answer(sock)
    assert isinstance(said, m.Fault)
    assert said.code == "not-a-visit"


def test_settings_are_the_visits(raw: Raw) -> None:
    sock = raw()
    sock.sendall(HELLO)
    said = answer(sock)
    assert isinstance(said, m.Welcome)
    assert said.settings == {}


# --- who does not listen ---------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is seconds is a fraction of one here."""
    monkeypatch.setattr("offline.port.server.SEND_WITHIN", 0.3)
    monkeypatch.setattr("offline.port.server._SEND_TIME", struct.pack("ll", 0, 300_000))


def large(client: StoreClient) -> bytes:
    """Asks for 8 MB."""
    client.port.ask(m.KeepPicture("ab", bytes(8_000_000)))
    return encode(1, m.FindPicture("ab"))


def read_to_the_end(sock: socket.socket, most: int) -> int:
    count = 0
    while piece := sock.recv(most):
        count += len(piece)
    return count


@pytest.mark.usefixtures("impatient")
def test_a_client_that_reads_nothing_is_let_go(client: StoreClient, raw: Raw) -> None:
    own = next(one for one in threading.enumerate() if one.name == "keeper-connection")
    deaf = raw()
    deaf.sendall(large(client) * 3)
    for _ in range(20):
        client.registrar.new_tracking_code()
    for connection in [one for one in threading.enumerate() if one.name == "keeper-connection" and one is not own]:
        connection.join(30)
        assert not connection.is_alive()
    assert 0 < read_to_the_end(deaf, 1 << 20) < 8_000_000


@pytest.mark.usefixtures("impatient")
def test_a_client_that_reads_a_little_now_and_then_is_let_go(client: StoreClient, raw: Raw) -> None:
    dribbling = raw()
    dribbling.sendall(large(client))
    gap = threading.Event()
    count = 0
    while piece := dribbling.recv(20_000):
        count += len(piece)
        gap.wait(0.02)
    assert 0 < count < 8_000_000


@pytest.mark.usefixtures("impatient")
def test_news_for_a_visit_that_reads_nothing_hold_up_nobody(keeper: Keeper, client: StoreClient) -> None:
    ended = threading.Event()
    connection, theirs = keeper.connect(ended=lambda _connection: ended.set())
    with theirs:
        for number in range(20_000):
            connection.post(SyncTold(SyncState(bytes_left=number)))
            if ended.is_set():
                break
        assert ended.wait(30)
        assert client.registrar.new_tracking_code()
    connection.post(SyncTold(SyncState()))  # nobody hears it


@pytest.mark.expects_log
def test_an_answer_that_cannot_be_sent_is_told_as_one(client: StoreClient) -> None:
    locked = bytes(MOST - 75)  # with its key it is more than a message holds
    client.port.ask(m.SaveDraft("d", "p", "", locked, ()))
    with pytest.raises(OfflineError) as refused:
        client.port.ask(m.FindDraft("p"))
    assert refused.value.code == "internal"
    assert client.staff.names() == []


@pytest.mark.expects_log
def test_a_fault_that_nobody_foresaw_is_an_answer(client: StoreClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline.store.staff.StaffAccounts.names", lambda _self: [][0])
    with pytest.raises(OfflineError) as refused:
        client.staff.names()
    assert refused.value.code == "internal"
    monkeypatch.undo()
    assert client.staff.names() == []


def test_a_connection_is_cut_by_who_holds_what_its_thread_wants(keeper: Keeper) -> None:
    """As the stage does, which is locked while it looks after its processes."""
    lock, asked = threading.Lock(), threading.Event()

    def stage(_connection: Connection, _said: object) -> None:
        asked.set()
        with lock:
            pass

    ended = threading.Event()
    connection, theirs = keeper.connect(stage, lambda _connection: ended.set())
    with theirs, lock:
        theirs.sendall(encode(1, Beat()))
        assert asked.wait(30)
        connection.cut()
        assert not ended.is_set()
    assert ended.wait(30)


def test_a_file_whose_name_is_no_text_is_told(client: StoreClient, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    Path(os.fsdecode(bytes(stick) + b"/\xd6\xd0.return")).write_bytes(b"nothing")
    (found,) = client.port.ask(s.Import(str(stick))).returned["files"]
    assert (found["status"], found["name"]) == ("refused", "\ufffd\ufffd.return")
    with pytest.raises(OfflineError) as refused:
        client.port.ask(s.Export(os.fsdecode(b"/nowhere/\xd6\xd0")))
    assert refused.value.code == "not-sendable"


def test_an_export_for_a_command_that_has_gone_is_given_up(
    keeper: Keeper, raw: Raw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = keeper.terminal
    for seed in range(3):
        terminal.submit(application(terminal.new_tracking_code(), seed), [attachment(seed, 200)])
    stick = tmp_path / "stick"
    stick.mkdir()
    begun, gone = threading.Event(), threading.Event()
    usual = Connection.listens

    def listens(self: Connection) -> bool:
        begun.set()
        assert gone.wait(30)
        return usual(self)

    monkeypatch.setattr(Connection, "listens", listens)
    command = raw()
    command.sendall(encode(1, s.Export(str(stick))))
    assert begun.wait(30)
    command.close()
    gone.set()
    for connection in [one for one in threading.enumerate() if one.name == "keeper-connection"]:
        connection.join(30)
    assert list(stick.iterdir()) == [], "neither a parcel nor a part of one"
    monkeypatch.undo()
    again = raw()
    again.sendall(encode(1, s.Export(str(stick))))
    said = answer(again)
    assert isinstance(said, s.Exported)
    assert (said.counts["records"], said.counts["attachments"]) == (3, 3)


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_socket_is_its_owners(terminal: Terminal) -> None:
    place = terminal.data / SOCKET
    with serving(terminal):
        found = place.stat()
        assert stat.S_ISSOCK(found.st_mode)
        assert stat.S_IMODE(found.st_mode) == 0o600
    assert not place.exists()


def test_a_socket_that_a_crash_left_is_replaced(terminal: Terminal) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        here = os.open(terminal.data, os.O_PATH)
        dead.bind(f"/proc/self/fd/{here}/{SOCKET}")
        os.close(here)
    assert ask_keeper(terminal.data) is None, "nobody listens there"
    with serving(terminal):
        found = ask_keeper(terminal.data)
        assert found is not None
        found.close()


def test_a_stale_socket_does_not_keep_a_command_out(terminal: Terminal) -> None:
    (terminal.data / SOCKET).touch()
    terminal.close()
    with reach(terminal.data) as client:
        assert client.staff.names() == []


def test_a_data_directory_may_have_a_long_name(tmp_path: Path, platform: Keys) -> None:
    place = tmp_path / ("d" * 100) / ("e" * 100)
    with terminal_at(place / "terminal", platform) as terminal, serving(terminal):
        found = ask_keeper(terminal.data)
        assert found is not None
        assert found.welcome.station.terminal == 42
        found.close()


STRANGER = """
import os, socket, sys
sock = socket.socket(socket.AF_UNIX)
os.setgid(65534)
os.setuid(65534)
try:
    sock.connect(sys.argv[1])
    sock.sendall(bytes.fromhex(sys.argv[2]))
    print(len(sock.recv(1)))
except PermissionError:
    print("kept out")
except (BrokenPipeError, ConnectionResetError):
    print(0)
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """A directory that everybody may look into; pytest's own are not."""
    place = Path(tempfile.mkdtemp(prefix="doorstep-public-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_is_refused(public: Path, platform: Keys) -> None:
    def stranger(data: Path) -> str:
        command = [sys.executable, "-c", STRANGER, str(data / SOCKET), HELLO.hex()]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()

    with terminal_at(public / "t", platform) as terminal, serving(terminal):
        assert stranger(terminal.data) == "kept out"
        terminal.data.chmod(0o755)
        assert stranger(terminal.data) == "kept out"
        (terminal.data / SOCKET).chmod(0o666)  # whatever somebody did to the file: the kernel says who it is
        assert stranger(terminal.data) == "0"
        with_root = Client(connect(terminal.data), "command")
        with_root.close()

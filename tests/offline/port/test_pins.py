# SPDX-License-Identifier: Apache-2.0
"""A PIN stays where it was typed: what crosses to the keeper is its hash."""

from __future__ import annotations

import base64
import hashlib
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.keeper.keeper import Keeper
from offline.client.store import StoreClient
from offline.errors import OfflineError, StaffRefused
from offline.port import messages as m
from offline.port.client import Client
from offline.port.server import connect
from offline.staff_member import HASH, SALT
from offline.store.staff import LOCK
from offline.terminal import Terminal
from tests.offline.enrolled import Keys, terminal_at
from tests.offline.port.conftest import serving

PIN, NAME, NOBODY = "8259036147", "张代办", "李某某"


class Recorded(socket.socket):
    """What went over it, both ways."""

    def record(self) -> bytearray:
        self.bytes = bytearray()
        return self.bytes

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        self.bytes += data
        super().sendall(data, flags)

    def recv(self, size: int, flags: int = 0) -> bytes:
        data = super().recv(size, flags)
        self.bytes += data
        return data


def spoken(keeper: Keeper) -> tuple[StoreClient, bytearray]:
    found = connect(keeper.terminal.data)
    sock = Recorded(fileno=found.detach())
    heard = sock.record()
    client = Client(sock, "command")
    return StoreClient(client, client.welcome.hash_key), heard


def forms(pin: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
        yield pin.encode(encoding)
    for lead in range(3):
        yield base64.b64encode(b"." * lead + pin.encode())[lead and 4 : -4]
    for digest in ("md5", "sha1", "sha256", "sha512"):
        yield hashlib.new(digest, pin.encode()).digest()
        yield hashlib.new(digest, pin.encode()).hexdigest().encode()
    yield int(pin).to_bytes(8, "big")
    yield int(pin).to_bytes(8, "little")


def test_the_pin_does_not_cross(keeper: Keeper) -> None:
    client, heard = spoken(keeper)
    client.staff.add(NAME, PIN, "s1")
    assert client.staff.unlock(NAME, PIN).staff_id == "s1"
    with pytest.raises(StaffRefused):
        client.staff.unlock(NAME, PIN[:-1])
    client.port.close()  # type: ignore[attr-defined]
    assert NAME.encode() in heard, "what is said was recorded"
    for pin in (PIN, PIN[:-1]):
        assert [form for form in forms(pin) if form in heard] == []


def test_what_is_kept_is_a_slow_hash_with_a_salt_of_its_own(client: StoreClient, terminal: Terminal) -> None:
    for name in ("甲", "乙"):
        client.staff.add(name, PIN)
    rows = terminal.ask(lambda outbox, _i, _s: outbox._vault.rows("SELECT pin FROM staff"))
    kept = [base64.b64decode(row["pin"]) for row in rows]
    assert [len(one) for one in kept] == [SALT + HASH] * 2
    assert kept[0] != kept[1]
    how = client.port.ask(m.AskSalt("甲"))
    assert how.n * how.r * 128 == 16 * 1024 * 1024, "bytes of memory for each guess"
    assert (how.n, how.r, how.p) == (2**14, 8, 1)
    proof = hashlib.scrypt(PIN.encode(), salt=how.salt, n=how.n, r=how.r, p=how.p, dklen=HASH)
    assert how.salt + proof in kept
    assert client.port.ask(m.ProvePin("甲", proof)).name == "甲"


@pytest.mark.parametrize("proof", [b"", b"\0" * HASH, b"x"])
@pytest.mark.parametrize("name", [NAME, NOBODY, ""])
def test_no_other_proof_lets_in(client: StoreClient, name: str, proof: bytes) -> None:
    client.staff.add(NAME, PIN)
    with pytest.raises(StaffRefused) as refused:
        client.port.ask(m.ProvePin(name, proof))
    assert refused.value.code == "staff-wrong-pin"


class Set:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.passed = timedelta(0)

    def now(self) -> datetime:
        return datetime.fromisoformat("2026-11-24T09:00:00+08:00") + self.passed

    def monotonic(self) -> float:
        return self.passed.total_seconds()


def tried(client: StoreClient, name: str, count: int) -> list[tuple[str, int]]:
    said = []
    for _ in range(count):
        with pytest.raises(StaffRefused) as refused:
            client.port.ask(m.ProvePin(name, b"wrong"))
        said.append((refused.value.code, refused.value.remaining))
    return said


def test_an_unknown_name_is_answered_as_a_known_one(tmp_path: Path, platform: Keys) -> None:
    clock = Set()
    with terminal_at(tmp_path / "t", platform):
        pass
    with Terminal.open(tmp_path / "t", clock=clock) as terminal, serving(terminal) as keeper:
        client, _ = spoken(keeper)
        client.staff.add(NAME, PIN)
        asked = [client.port.ask(m.AskSalt(name)) for name in (NAME, NOBODY, NOBODY)]
        assert len({(how.n, how.r, how.p, len(how.salt)) for how in asked}) == 1
        assert asked[1] == asked[2] != client.port.ask(m.AskSalt("王某某"))
        known, unknown = tried(client, NAME, 6), tried(client, NOBODY, 6)
        assert known == unknown
        assert known[:4] == [("staff-wrong-pin", left) for left in (4, 3, 2, 1)]
        assert [code for code, _ in known[4:]] == ["staff-locked", "staff-locked"]
        with pytest.raises(StaffRefused) as refused:
            client.staff.unlock(NAME, PIN)  # not with the right one either
        assert refused.value.code == "staff-locked"
        clock.passed = LOCK + timedelta(seconds=1)
        assert tried(client, NOBODY, 1) == tried(client, NAME, 1) == [("staff-wrong-pin", 4)]
        assert client.staff.unlock(NAME, PIN).name == NAME
        assert tried(client, NAME, 1) == [("staff-wrong-pin", 4)]
        client.port.close()  # type: ignore[attr-defined]


def test_names_that_nobody_has_take_no_room_without_end(client: StoreClient, terminal: Terminal) -> None:
    tried(client, NOBODY, 2)
    for number in range(300):
        tried(client, f"{number}", 1)
    assert terminal.staff(lambda accounts: len(accounts._unknown)) == 100


@pytest.mark.parametrize("pin", ["123", "1111", "12a4", "", "1234567890123", "１２３４５６"])
def test_a_weak_pin_is_refused_where_it_is_typed(client: StoreClient, pin: str) -> None:
    with pytest.raises(OfflineError) as refused:
        client.staff.add(NAME, pin)
    assert refused.value.code == "staff-pin-weak"
    assert client.staff.names() == []


def test_an_account_is_whole_or_as_it_was(client: StoreClient) -> None:
    client.staff.add(NAME, PIN, "s1")
    client.staff.add("王", PIN, "s2")
    for name, verifier, number in (("王", b"short", ""), (NAME, bytes(SALT + HASH), "s2"), ("钱", bytes(80), "s1")):
        with pytest.raises(OfflineError) as refused:
            client.port.ask(m.AddStaff(name, verifier, number))
        assert refused.value.code in ("staff-verifier", "staff-id-taken")
    assert client.staff.unlock(NAME, PIN).staff_id == "s1"
    assert client.staff.unlock("王", PIN).staff_id == "s2"
    assert client.staff.names() == sorted([NAME, "王"])
    client.staff.add(NAME, "4711")  # a new PIN, and the same person
    assert client.staff.unlock(NAME, "4711").staff_id == "s1"


def test_a_card_is_one_person_s(client: StoreClient) -> None:
    for name in ("甲", "乙"):
        client.staff.add(name, PIN)
    client.staff.bind_card("甲", "key-1")
    assert client.staff.unlock_by_card("key-1").name == "甲"
    client.staff.bind_card("乙", "key-1")
    client.staff.bind_card("乙", "key-2")
    with pytest.raises(StaffRefused) as refused:
        client.staff.unlock_by_card("key-1")
    assert refused.value.code == "staff-card-unknown"
    assert client.staff.unlock_by_card("key-2").name == "乙"
    with pytest.raises(OfflineError) as unknown:
        client.staff.bind_card(NOBODY, "key-3")
    assert unknown.value.code == "staff-unknown"

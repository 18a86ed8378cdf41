# SPDX-License-Identifier: Apache-2.0
"""Attachments: begun, cut, resumed, completed once."""

from __future__ import annotations

import hashlib
import os
import socket
import time

import pytest

from contract.events import Receipts, read_statement
from tests.gateway.conftest import HandTerminal

PLAIN = os.urandom(150_000)


@pytest.fixture
def sent(terminal: HandTerminal) -> tuple[HandTerminal, bytes, str]:
    box = terminal.sealed_file(PLAIN)
    verdict = terminal.verdict(terminal.record(terminal.application(), [box]))
    digest = hashlib.sha256(box).hexdigest()
    assert verdict == {"status": "stored"}
    return terminal, box, f"/v1/attachments/{digest}"


def patch(terminal: HandTerminal, path: str, offset: int, body: bytes) -> tuple[int, int]:
    answer = terminal.call("PATCH", path, headers={"Upload-Offset": str(offset)}, data=body)
    return answer.status_code, int(answer.headers.get("Upload-Offset", -1))


@pytest.mark.parametrize("cut", [1, 65_536, 100_000, 150_047])
def test_it_goes_on_where_it_stopped(sent: tuple[HandTerminal, bytes, str], cut: int) -> None:
    terminal, box, path = sent
    assert patch(terminal, path, 0, box[:cut]) == (204, cut)
    state = terminal.call("HEAD", path)
    assert (state.headers["Upload-Offset"], state.headers["Upload-Length"]) == (str(cut), str(len(box)))
    assert patch(terminal, path, 0, box) == (409, cut)
    done = terminal.call("PATCH", path, headers={"Upload-Offset": str(cut)}, data=box[cut:])
    receipt = read_statement(done.json()["receipt"], terminal.platform_keys)
    assert isinstance(receipt, Receipts)
    assert (receipt.kind, [e.digest for e in receipt.entries]) == ("attachment", [path.rsplit("/", 1)[1]])
    again = terminal.call("PATCH", path, headers={"Upload-Offset": "0"}, data=b"")
    assert again.json() == done.json()
    listed = terminal.gateway.platform.cases.listing()[0]["attachments"][0]
    assert listed["complete"]
    assert b"".join(terminal.gateway.platform.cases.attachment(listed["digest"])) == PLAIN


def test_what_came_before_a_cut_is_kept(sent: tuple[HandTerminal, bytes, str]) -> None:
    terminal, box, path = sent
    with socket.create_connection(("127.0.0.1", terminal.gateway.port)) as raw:
        head = (
            f"PATCH {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {terminal.token}\r\n"
            f"Upload-Offset: 0\r\nContent-Length: {len(box)}\r\n\r\n"
        )
        raw.sendall(head.encode() + box[:70_000])
    deadline = time.monotonic() + 10
    while int(terminal.call("HEAD", path).headers["Upload-Offset"]) != 70_000:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert patch(terminal, path, 70_000, box[70_000:])[0] == 200


def test_a_newer_request_takes_over_from_a_half_dead_one(sent: tuple[HandTerminal, bytes, str]) -> None:
    terminal, box, path = sent
    head = (
        f"PATCH {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {terminal.token}\r\n"
        f"Upload-Offset: 0\r\nContent-Length: {len(box)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", terminal.gateway.port)) as half_dead:
        half_dead.sendall(head.encode() + box[:65_536])
        deadline = time.monotonic() + 10
        while (offset := int(terminal.call("HEAD", path).headers["Upload-Offset"])) != 65_536:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert patch(terminal, path, offset, box[offset:])[0] == 200
        half_dead.sendall(box[65_536:])
    assert terminal.gateway.platform.cases.listing()[0]["attachments"][0]["complete"]


def test_wrong_bytes_are_found_and_sent_anew(sent: tuple[HandTerminal, bytes, str]) -> None:
    terminal, box, path = sent
    wrong = bytearray(box)
    wrong[500] ^= 1
    assert patch(terminal, path, 0, bytes(wrong)) == (422, 0)
    assert patch(terminal, path, 0, box)[0] == 200


def test_more_than_said_is_refused(sent: tuple[HandTerminal, bytes, str]) -> None:
    terminal, box, path = sent
    assert patch(terminal, path, 0, box + b"more")[0] == 413


def test_nobody_uploads_what_no_record_names(terminal: HandTerminal) -> None:
    for path, status in ((f"/v1/attachments/{'0' * 64}", 404), ("/v1/attachments/..%2Fkey", 404)):
        assert terminal.call("HEAD", path).status_code == status
        assert patch(terminal, path, 0, b"x")[0] == status


def test_an_offset_is_needed(sent: tuple[HandTerminal, bytes, str]) -> None:
    terminal, box, path = sent
    assert terminal.call("PATCH", path, data=box).status_code == 400

# SPDX-License-Identifier: Apache-2.0
"""More than can be served: nobody is lost, nobody starves, records go before attachments, dead flows hold no place."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from contract.parcel import FrameType, frame, parcel_header
from gateway.errors import GatewayError
from gateway.http.admission import Admission, Limits
from gateway.ingest.writer import Row, Written
from tests.gateway.conftest import HandTerminal
from tests.live import LiveGateway, live_gateway

Batch = Callable[[int], Coroutine[Any, Any, None]]


def crowd(limits: Limits, arrivals: list[int]) -> tuple[list[int], list[GatewayError]]:
    """Batches of terminals in the order they come, all before the first is written: who was served, and who was not."""
    served: list[int] = []
    refused: list[GatewayError] = []

    async def run() -> None:
        admission = Admission(limits)
        gate = asyncio.Event()

        async def batch(terminal: int) -> None:
            try:
                async with admission.records(terminal):
                    await gate.wait()
                    served.append(terminal)
                    await asyncio.sleep(0)
            except GatewayError as busy:
                refused.append(busy)

        tasks = [asyncio.create_task(batch(terminal)) for terminal in arrivals]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tasks)
        assert (admission.waiting, admission.busy) == (0, False)

    asyncio.run(run())
    return served, refused


def test_a_terminal_with_much_does_not_hold_up_one_with_little() -> None:
    served, refused = crowd(Limits(at_once=1, of_terminal=50), [1] * 50 + [2, 3])
    assert refused == []
    assert set(served[:4]) == {1, 2, 3}
    assert Counter(served) == {1: 50, 2: 1, 3: 1}


def test_terminals_are_served_in_turn() -> None:
    served, _ = crowd(Limits(at_once=1, of_terminal=9), [1] * 6 + [2] * 6 + [3] * 6)
    for end in range(1, 19):
        counts = Counter(served[:end])
        assert max(counts.values()) - min(counts[t] for t in (1, 2, 3)) <= 2


def test_one_terminal_takes_not_all_places() -> None:
    served, refused = crowd(Limits(at_once=1, of_terminal=3), [1] * 10 + [2])
    assert Counter(served) == {1: 3, 2: 1}
    assert {fault.code for fault in refused} == {"busy"}


def test_the_more_are_sent_away_the_later_they_are_asked_back() -> None:
    served, refused = crowd(Limits(at_once=1, waiting=5), list(range(2000)))
    assert len(served) == 6
    waits = [int(fault.headers["Retry-After"]) for fault in refused]
    assert all(later >= before - 1 for before, later in pairwise(waits))  # the count of refusals fades with time
    assert 1 <= waits[0] < waits[-1] <= 300


def test_whoever_hangs_up_while_waiting_leaves_the_place_to_the_next() -> None:
    async def run() -> list[int]:
        admission = Admission(Limits(at_once=1))
        served: list[int] = []
        gate = asyncio.Event()

        async def batch(terminal: int) -> None:
            async with admission.records(terminal):
                await gate.wait()
                served.append(terminal)

        tasks = [asyncio.create_task(batch(terminal)) for terminal in range(5)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        tasks[3].cancel()
        gate.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (admission.waiting, admission.busy) == (0, False)
        return served

    assert asyncio.run(run()) == [0, 2, 4]


def test_attachments_wait_for_records_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.http.admission._LONGEST_PAUSE", 0.05)

    async def run() -> list[str]:
        admission = Admission()
        told: list[str] = []

        async def attachment() -> None:
            await admission.records_first()
            told.append("attachment")

        async with admission.records(1):
            piece = asyncio.create_task(attachment())
            await asyncio.sleep(0)
            told.append("records")
        await piece
        async with admission.records(1):  # a stream of records without end
            await attachment()
        return told

    assert asyncio.run(run()) == ["records", "attachment", "attachment"]


@contextmanager
def crowded(tmp_path: Path, **limits: Any) -> Iterator[tuple[LiveGateway, HandTerminal]]:
    with live_gateway(tmp_path / "gateway", limits=Limits(**limits)) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            yield live, terminal


class Door:
    """A keeping that waits until it is told to go on."""

    def __init__(self, live: LiveGateway) -> None:
        self._custody = live.platform.ingest
        self._whole = self._custody._writer.write_async
        self.inside = 0
        self.open = False

    async def write_async(self, rows: list[Row], received_ms: int) -> Written:
        self.inside += 1
        while not self.open:
            await asyncio.sleep(0.005)
        return await self._whole(rows, received_ms)

    @contextmanager
    def shut(self) -> Iterator[Door]:
        self._custody._writer.write_async = self.write_async  # type: ignore[method-assign, assignment]
        try:
            yield self
        finally:
            self.open = True
            self._custody._writer.write_async = self._whole  # type: ignore[method-assign]


def request(terminal: HandTerminal, body: bytes, size: int | None = None) -> bytes:
    head = (
        f"POST /v1/records HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {terminal.token}\r\n"
        f"Content-Length: {len(body) if size is None else size}\r\n\r\n"
    )
    return head.encode() + body


def answer(connection: socket.socket) -> bytes:
    connection.settimeout(20)
    data = b""
    while b"\r\n\r\n" not in data and (more := connection.recv(65536)):
        data += more
    return data


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_full_house_says_when_to_come_back_and_then_takes_it(tmp_path: Path) -> None:
    with crowded(tmp_path, at_once=1, waiting=1) as (live, terminal):
        parcels = [
            parcel_header() + frame(FrameType.RECORD, terminal.record(terminal.application()).encode())
            for _ in range(3)
        ]
        with Door(live).shut() as door:
            connections = [socket.create_connection(("127.0.0.1", live.port)) for _ in range(2)]
            connections[0].sendall(request(terminal, parcels[0]))
            until(lambda: door.inside == 1)
            connections[1].sendall(request(terminal, parcels[1]))
            deadline = time.monotonic() + 20
            while (third := terminal.call("POST", "/v1/records", data=parcels[2])).status_code == 200:
                assert time.monotonic() < deadline
            assert (third.status_code, third.json()["error"]) == (503, "busy")
            assert int(third.headers["Retry-After"]) >= 1
            assert third.headers["Doorstep-Gateway"] == "1"
            door.open = True
            for connection in connections:
                assert answer(connection).startswith(b"HTTP/1.1 200")
                connection.close()
        assert terminal.call("POST", "/v1/records", data=parcels[2]).json()["results"] == [{"status": "stored"}]
        live.opened()
        assert len(live.platform.cases.listing()) == 3


def test_memory_for_parcels_is_bounded_and_given_back(tmp_path: Path) -> None:
    with crowded(tmp_path, buffered=100_000) as (live, terminal):
        body = parcel_header() + frame(FrameType.RECORD, terminal.record(terminal.application()).encode())
        with socket.create_connection(("127.0.0.1", live.port)) as slow:
            slow.sendall(request(terminal, body[:10], 99_990))
            until(lambda: live.app.admission._buffered == 99_990)
            for _ in range(5):  # being sent away takes no room and gives none back
                assert terminal.call("POST", "/v1/records", data=body).status_code == 503
        until(lambda: terminal.call("POST", "/v1/records", data=body).status_code == 200)
        assert terminal.call("POST", "/v1/records", data=bytes(100_001)).status_code == 503


@pytest.mark.parametrize("path", ["/v1/records", "/v1/attachments/"])
def test_a_sender_of_whom_nothing_more_comes_holds_no_place(tmp_path: Path, path: str) -> None:
    with crowded(tmp_path, silence=0.1) as (live, terminal):
        box = terminal.sealed_file(b"x" * 1000)
        terminal.verdict(terminal.record(terminal.application(), [box]))
        begun = request(terminal, parcel_header(), 5000)
        if path != "/v1/records":
            path += hashlib.sha256(box).hexdigest()
            head = (
                f"PATCH {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {terminal.token}\r\n"
                f"Upload-Offset: 0\r\nContent-Length: {len(box)}\r\n\r\n"
            )
            begun = head.encode() + box[:300]
        with socket.create_connection(("127.0.0.1", live.port)) as silent:
            silent.sendall(begun)
            said = answer(silent)
            assert said.startswith(b"HTTP/1.1 408")
            assert b"connection: close" in said.lower()
            while silent.recv(65536):
                pass
        if path != "/v1/records":
            assert terminal.call("HEAD", path).headers["Upload-Offset"] == "300"


def test_the_newest_attachments_of_a_terminal_take_the_place_of_its_oldest() -> None:
    """After a cut it goes on over new connections; of the old ones nobody tells us that they are dead."""

    async def run() -> tuple[list[int], list[tuple[int, str]]]:
        admission = Admission(Limits(attachments_of_terminal=2))
        gate = asyncio.Event()
        whole: list[int] = []
        ended: list[tuple[int, str]] = []

        async def attachment(number: int, terminal: int = 1) -> None:
            try:
                async with admission.attachment(terminal):
                    await gate.wait()
                    whole.append(number)
            except GatewayError as fault:
                ended.append((number, fault.code))

        tasks = []
        for number in range(5):
            tasks.append(asyncio.create_task(attachment(number)))
            await asyncio.sleep(0)
        tasks.append(asyncio.create_task(attachment(9, terminal=2)))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tasks)
        assert (admission._attachments, admission._attachments_open) == ({}, 0)
        return whole, ended

    whole, ended = asyncio.run(run())
    assert sorted(whole) == [3, 4, 9]
    assert ended == [(0, "taken-over"), (1, "taken-over"), (2, "taken-over")]

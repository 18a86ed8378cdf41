# SPDX-License-Identifier: Apache-2.0
"""The link emulator keeps its word: by arithmetic under a clock we turn, and by real TCP through a real link."""

from __future__ import annotations

import math
import os
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path as File

import pytest

from bench.link.emulator import FAR_ADDRESS, Emulator, Link
from bench.link.flows import Mode
from bench.link.namespaces import forbidden
from bench.link.packet import ACK, RST, SYN, checksum, read_segment, reset_for
from bench.link.path import End, Path, Profile
from bench.link.schedule import NEVER, Cuts

NEAR, FAR = bytes([10, 79, 0, 1]), bytes([10, 79, 0, 2])


def segment(flags: int, *, port: int = 40000, seq: int = 1000, ack: int = 0, up: bool = True, data: int = 0) -> bytes:
    ends = (NEAR, FAR) if up else (FAR, NEAR)
    ports = (port, 80) if up else (80, port)
    tcp = struct.pack("!HHIIBBHHH", *ports, seq, ack, 5 << 4, flags, 0, 0, 0) + bytes(data)
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + b"".join(ends) + tcp


def arrived(path: Path, now: float) -> list[tuple[End, bytes]]:
    return list(path.arrivals(now))


def test_packets_leave_at_the_rate_and_in_order() -> None:
    path = Path(Profile(up=8000, delay=0.5))  # 1000 bytes a second
    packets = [bytes([n]) * 100 for n in range(5)]
    for packet in packets:
        path.offer(0.0, End.NEAR, packet)
    assert path.next_arrival() == pytest.approx(0.6)
    assert arrived(path, 0.59) == []
    assert arrived(path, 0.85) == [(End.FAR, packets[0]), (End.FAR, packets[1]), (End.FAR, packets[2])]
    assert arrived(path, 1.0 + 1e-9) == [(End.FAR, packets[3]), (End.FAR, packets[4])]
    assert path.next_arrival() == math.inf


def test_the_directions_do_not_share_their_rate() -> None:
    path = Path(Profile(up=8000, down=80_000, delay=0.0))
    path.offer(0.0, End.NEAR, bytes(1000))
    path.offer(0.0, End.FAR, bytes(1000))
    assert [end for end, _ in arrived(path, 0.1 + 1e-9)] == [End.NEAR]
    assert [end for end, _ in arrived(path, 1.0 + 1e-9)] == [End.FAR]
    path.offer(2.5, End.FAR, bytes(100))
    assert path.timeline() == [(1000, 1000), (0, 0), (0, 100)]


def test_a_full_queue_drops_its_tail() -> None:
    path = Path(Profile(up=8000, delay=0.0, queue=1000))
    for _ in range(15):
        path.offer(0.0, End.NEAR, bytes(100))
    assert (path.up.offered, path.up.overflowed, path.up.delivered) == (15, 5, 10)
    path.offer(0.25, End.NEAR, bytes(100))  # two have left, and a half
    path.offer(0.25, End.NEAR, bytes(100))
    path.offer(0.25, End.NEAR, bytes(100))
    assert path.up.overflowed == 6
    assert (path.up.offered_bytes, path.up.carried_bytes) == (1800, 1200)


def test_loss_is_seeded_and_costs_time_on_the_link() -> None:
    def run(seed: int) -> tuple[list[int], Path]:
        path = Path(Profile(up=8000, delay=0.0, queue=1 << 20, loss=0.3, seed=seed))
        for n in range(200):
            path.offer(0.0, End.NEAR, struct.pack("!I", n) * 25)
        return [struct.unpack("!I", packet[:4])[0] for _, packet in path.arrivals(1e9)], path

    first, path = run(1)
    again, _ = run(1)
    other, _ = run(2)
    assert first == again != other
    assert first == sorted(first)
    assert path.up.lost + len(first) == 200
    assert 40 <= path.up.lost <= 80
    path.offer(0.0, End.NEAR, bytes(100))
    path.offer(0.0, End.NEAR, bytes(100))  # one of them lives, and comes after all that was sent, lost or not
    assert path.next_arrival() > 20.0


def test_a_cut_loses_the_queue_and_what_comes_meanwhile() -> None:
    path = Path(Profile(up=8000, delay=0.2, cuts=Cuts(2, 1)))
    for _ in range(3):
        path.offer(1.75, End.NEAR, bytes(100))  # leave at 1.85, 1.95, and, too late, 2.05
    path.offer(2.5, End.NEAR, bytes(100))
    path.offer(3.0, End.NEAR, bytes(100))  # the queue is empty again
    assert len(arrived(path, 2.2)) == 2
    assert path.next_arrival() == pytest.approx(3.3)
    assert (path.up.cut, path.up.delivered, path.up.carried_bytes) == (2, 3, 300)


def test_turns_of_a_schedule() -> None:
    cuts = Cuts(20, 3)
    assert [cuts.is_up(t) for t in (0, 19.9, 20, 22.9, 23, 42.9, 43)] == [True, True, False, False, True, True, False]
    assert [cuts.epoch(t) for t in (0, 22.9, 23, 46)] == [0, 0, 1, 2]
    assert [cuts.time_for(s) for s in (0, 20, 21, 40, 41)] == [0, 20, 24, 43, 47]
    assert NEVER.is_up(1e9)
    assert NEVER.time_for(7) == 7


def opened(mode: Mode) -> Path:
    """A link with one connection opened before its first cut, and the time just after it."""
    path = Path(Profile(up=1e6, down=1e6, delay=0.1, cuts=Cuts(2, 1), mode=mode))
    path.offer(0.5, End.NEAR, segment(SYN))
    assert len(arrived(path, 1.0)) == 1
    return path


def test_dropping_lets_old_connections_live() -> None:
    path = opened(Mode.DROP)
    path.offer(3.1, End.NEAR, segment(ACK))
    assert [end for end, _ in arrived(path, 4)] == [End.FAR]


def test_hanging_swallows_old_connections_both_ways_and_lets_new_ones_through() -> None:
    path = opened(Mode.HANG)
    path.offer(3.1, End.NEAR, segment(ACK))
    path.offer(3.1, End.FAR, segment(ACK, up=False))
    assert arrived(path, 4) == []
    path.offer(4.1, End.NEAR, segment(SYN, port=40001))
    assert [end for end, _ in arrived(path, 5)] == [End.FAR]
    path.offer(4.5, End.FAR, segment(SYN | ACK, port=40001, up=False))
    assert [end for end, _ in arrived(path, 5)] == [End.NEAR]


def test_resetting_answers_an_old_connection_over_the_link() -> None:
    path = opened(Mode.RST)
    path.offer(3.1, End.NEAR, segment(ACK, ack=777, data=50))
    assert arrived(path, 3.25) == []  # it must get there, and the answer back
    [(end, packet)] = arrived(path, 3.4)
    reset = read_segment(packet)
    assert reset is not None
    assert (end, reset.flags, reset.seq, reset.source, reset.target_port) == (End.NEAR, RST, 777, FAR, 40000)
    path.offer(3.5, End.FAR, segment(ACK, ack=888, up=False))
    [(end, packet)] = arrived(path, 3.5)  # the box stands at that end
    reset = read_segment(packet)
    assert reset is not None
    assert (end, reset.seq, reset.target) == (End.FAR, 888, FAR)
    assert path.flows.resets == 2


def test_what_left_before_the_cut_still_passes() -> None:
    path = opened(Mode.RST)
    path.offer(1.95, End.NEAR, segment(ACK))
    assert [end for end, _ in arrived(path, 2.5)] == [End.FAR]


def test_other_protocols_know_no_connections() -> None:
    path = opened(Mode.HANG)
    path.offer(3.1, End.NEAR, b"\x45" + bytes(8) + b"\x11" + bytes(40))
    assert len(arrived(path, 4)) == 1


def test_a_reset_is_a_packet_that_a_kernel_takes() -> None:
    answered = read_segment(segment(SYN, seq=0xFFFFFFFF))
    assert answered is not None
    packet = reset_for(answered)
    reset = read_segment(packet)
    assert reset is not None
    assert (reset.flags, reset.ack, reset.flow) == (RST | ACK, 0, answered.flow)
    assert checksum(packet[:20]) == 0
    assert checksum(packet[12:20] + struct.pack("!BBH", 0, 6, 20) + packet[20:]) == 0


@pytest.fixture
def link() -> Iterator[tuple[Emulator, Link]]:
    if reason := forbidden():
        pytest.skip(f"no network namespaces here: {reason}")
    with Emulator() as emulator:
        yield emulator, emulator.add()


def transfer(link: Link, data: bytes) -> tuple[bytes, OSError | None]:
    """Sends over one connection; what came, and what the sender's kernel said in the end."""
    came = bytearray()
    with link.far.socket() as listener, link.near.socket() as source:
        listener.bind((FAR_ADDRESS, 9000))
        listener.listen()
        listener.settimeout(20)

        def receive() -> None:
            near, _ = listener.accept()
            near.settimeout(0.3)
            with near, suppress(OSError):
                while piece := near.recv(65536):
                    came.extend(piece)

        receiver = threading.Thread(target=receive)
        receiver.start()
        source.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 300)
        fault: OSError | None = None
        try:
            source.connect((FAR_ADDRESS, 9000))
            source.sendall(data)
            source.shutdown(socket.SHUT_WR)
            source.recv(1)
        except OSError as caught:
            fault = caught
        receiver.join()
    return bytes(came), fault


def test_tcp_through_a_lossy_link_comes_whole(link: tuple[Emulator, Link]) -> None:
    emulator, one = link
    emulator.shape(Profile(up=4e6, down=4e6, delay=0.01, loss=0.02, seed=5))
    data = random.Random(1).randbytes(200_000)
    assert transfer(one, data) == (data, None)
    up = one.path.up
    assert up.lost > 0
    assert up.offered == up.delivered + up.lost + up.overflowed
    assert up.offered_bytes > len(data) * 1500 / 1448


@pytest.mark.parametrize(("mode", "error"), [(Mode.RST, ConnectionResetError), (Mode.HANG, TimeoutError)])
def test_a_cut_connection_ends_as_its_mode_says(link: tuple[Emulator, Link], mode: Mode, error: type[OSError]) -> None:
    emulator, one = link
    emulator.shape(Profile(up=4e5, down=4e6, delay=0.01, cuts=Cuts(0.3, 0.2), mode=mode))
    data = random.Random(1).randbytes(100_000)
    came, fault = transfer(one, data)
    assert isinstance(fault, error)
    assert came == data[: len(came)] != data


def test_links_side_by_side_are_worlds_of_their_own(link: tuple[Emulator, Link]) -> None:
    emulator, one = link
    other = emulator.add("other")
    emulator.shape(Profile(up=4e6, down=4e6, delay=0.01))
    assert transfer(one, b"a" * 5000) == (b"a" * 5000, None)
    assert other.path.up.offered == 0
    assert transfer(other, b"b" * 5000) == (b"b" * 5000, None)


def test_programs_inside_end_with_what_they_started(link: tuple[Emulator, Link]) -> None:
    _, one = link
    mark = f"1000.{os.getpid()}"
    process = one.near.start(["sh", "-c", f"sleep {mark} & sleep {mark}"])
    until(lambda: running(mark) >= 2)
    process.kill()
    process.wait()
    until(lambda: running(mark) == 0)


def running(mark: str) -> int:
    found = 0
    for line in File("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found += line.read_bytes() == f"sleep\0{mark}\0".encode()
    return found


def until(come: Callable[[], bool]) -> None:
    for _ in range(1000):
        if come():
            return
        time.sleep(0.01)
    pytest.fail("it did not come about")

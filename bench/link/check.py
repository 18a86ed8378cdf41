# SPDX-License-Identifier: Apache-2.0
"""Is the emulated link what it says? Its round trip, its rate and loss under overload, TCP beside the floor.

python bench/link/check.py
"""

from __future__ import annotations

import socket
import statistics
import struct
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.link.emulator import FAR_ADDRESS, Emulator, Link
from bench.link.namespaces import forbidden
from bench.link.packet import checksum
from bench.link.path import Profile
from bench.link.schedule import Cuts

ADDRESS = (FAR_ADDRESS, 9000)
HEADERS = 28  # IPv4 and UDP
SEGMENT = 1448 / 1500  # what TCP with timestamps carries of a full packet


def ping(link: Link, count: int = 5) -> float:
    """The median round trip of an ICMP echo with 56 bytes, in seconds; the other end's kernel answers."""
    times = []
    with link.near.socket(socket.SOCK_RAW, socket.IPPROTO_ICMP) as probe:
        probe.settimeout(5)
        for number in range(count):
            body = struct.pack("!BBHHH", 8, 0, 0, 77, number) + bytes(56)
            body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
            began = time.monotonic()
            probe.sendto(body, (FAR_ADDRESS, 0))
            while True:
                answer = probe.recv(2048)[20:]
                if answer[0] == 0 and answer[6:8] == body[6:8]:
                    break
            times.append(time.monotonic() - began)
    return statistics.median(times)


def overload(link: Link, seconds: float, size: int = 1200) -> tuple[int, float]:
    """Sends UDP at twice the rate; how many datagrams came, and the bits a second of IP while they did."""
    gap = (size + HEADERS) * 8 / link.path.profile.up / 2
    got: list[float] = []
    with link.far.socket(socket.SOCK_DGRAM) as sink, link.near.socket(socket.SOCK_DGRAM) as source:
        sink.bind(ADDRESS)
        sink.settimeout(1 + link.path.profile.queue * 8 / link.path.profile.up)

        def receive() -> None:
            try:
                while True:
                    sink.recv(2048)
                    got.append(time.monotonic())
            except TimeoutError:
                pass

        receiver = threading.Thread(target=receive)
        receiver.start()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            source.sendto(bytes(size), ADDRESS)
            time.sleep(gap)
        receiver.join()
    return len(got), (len(got) - 1) * (size + HEADERS) * 8 / (got[-1] - got[0])


def bulk(link: Link, size: int) -> float:
    """Seconds for `size` bytes over one TCP connection, until the other end has them all and said so."""
    with link.far.socket() as listener, link.near.socket() as source:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(ADDRESS)
        listener.listen()

        def receive() -> None:
            near, _ = listener.accept()
            with near:
                left = size
                while left and (data := near.recv(65536)):
                    left -= len(data)
                near.sendall(b".")

        receiver = threading.Thread(target=receive)
        receiver.start()
        began = time.monotonic()
        source.connect(ADDRESS)
        source.sendall(bytes(size))
        source.recv(1)
        took = time.monotonic() - began
        receiver.join()
    return took


def bulk_floor(size: int, profile: Profile) -> float:
    """What it takes at least: a round trip to connect, the bytes with their headers, a round trip for the answer."""
    rtt = 2 * profile.delay
    return profile.cuts.time_for(2 * rtt + size / SEGMENT * 8 / profile.up)


def main() -> None:
    """Measures and prints."""
    if reason := forbidden():
        print(f"no link can be made here: {reason}")
        return
    print(f"{'':44}{'measured':>10}{'expected':>10}{'ratio':>8}")

    def row(what: str, measured: float, expected: float, unit: str) -> None:
        print(f"{what:44}{measured:10.3f}{expected:10.3f}{measured / expected:8.3f}  {unit}")

    with Emulator() as emulator:
        link = emulator.add()
        weak = Profile(seed=3)
        emulator.shape(weak)
        row("round trip, 84 bytes, 256/512 kbit/s, 600 ms", ping(link), 0.6 + 84 * 8 * (1 / 256e3 + 1 / 512e3), "s")
        emulator.shape(Profile(seed=3, loss=0.05))
        came, rate = overload(link, 10)
        sent = link.path.up
        row("UDP at twice the rate, 5 % loss: delivered", rate / 1000, 256 * 0.95, "kbit/s")
        row("  lost of what was sent on the link", sent.lost / (sent.offered - sent.overflowed), 0.05, "")
        dropped = 0.5 - weak.queue / sent.offered_bytes
        row("  dropped by the full queue", sent.overflowed / sent.offered, dropped, "")
        row("  came, by the receiver's count", came, sent.delivered, "datagrams")
        emulator.shape(weak)
        row("TCP, 500 KB, one CUBIC connection", bulk(link, 500_000), bulk_floor(500_000, weak), "s")
        cut = Profile(up=1e6, down=2e6, delay=0.05, cuts=Cuts(2, 1))
        emulator.shape(cut)
        row("TCP, 500 KB, 1 Mbit/s, cut 1 s every 2 s", bulk(link, 500_000), bulk_floor(500_000, cut), "s")


if __name__ == "__main__":
    main()

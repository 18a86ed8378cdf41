# SPDX-License-Identifier: Apache-2.0
"""What the kernel knows of a connection (Linux: TCP_INFO, SIOCOUTQ), and how its sockets are set.

Elsewhere `read_flight` answers None, and the caller goes by the bytes that move (flow.py).
"""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass

# struct tcp_info of linux/tcp.h up to tcpi_bytes_retrans (Linux 4.19): fields are only ever added at its end.
_INFO = struct.Struct("=8B24I4Q6I4Q2I2Q")
_OUTSTANDING = 0x5411  # SIOCOUTQ (linux/sockios.h): bytes written and not acknowledged
WATCHED_IDLE = 1  # seconds of silence after which a connection that awaits its answer is probed


@dataclass(frozen=True, slots=True)
class Flight:
    """Bytes and seconds. `pipe` is what is on its way or about to be; `unsent` what the kernel still holds back;
    `free` what its congestion window would let go at once;
    `rto` when the kernel sends an unacknowledged segment again.

    `delivered`, `sent` and `resent` count since the connection was made. `told_to_wait`: seconds in which the other
    side's full buffer held us back; `unanswered`: probes of that buffer in a row that nobody answered.
    """

    outstanding: int
    pipe: int
    unsent: int
    free: int
    ack_age: float
    rto: float
    srtt: float
    min_rtt: float
    delivered: int
    sent: int
    resent: int
    mss: int
    told_to_wait: float
    unanswered: int


def read_flight(sock: socket.socket) -> Flight | None:
    """None where the kernel does not tell."""
    if sys.platform != "linux":
        return None
    import fcntl

    try:
        raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size)
        outstanding = struct.unpack("i", fcntl.ioctl(sock, _OUTSTANDING, b"\0\0\0\0"))[0]
    except OSError:
        return None
    if len(raw) < _INFO.size:
        return None
    values = _INFO.unpack(raw)
    mss, unacked, sacked, lost, retrans = values[10], values[12], values[13], values[14], values[15]
    unsent = values[38]
    in_flight = max(0, unacked - sacked - lost + retrans)
    return Flight(
        outstanding=outstanding,
        pipe=min(in_flight * mss, outstanding) + unsent,
        unsent=unsent,
        free=max(0, values[26] - in_flight) * mss,
        ack_age=values[20] / 1000,
        rto=values[8] / 1e6 / (1 << values[4]),  # as it is before it backs off
        srtt=values[23] / 1e6,
        min_rtt=0.0 if values[39] == 0xFFFFFFFF else values[39] / 1e6,
        delivered=values[34] + sacked * mss,
        sent=values[48],
        resent=values[49],
        mss=mss,
        told_to_wait=values[44] / 1e6,
        unanswered=values[3],
    )


def new_socket(family: int) -> socket.socket:
    """A TCP socket that does not block, sends small pieces at once, and probes a silent peer."""
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", WATCHED_IDLE)):
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return sock


def probe_when_silent(sock: socket.socket, soon: bool) -> None:
    """Whether silence is probed after a second (an answer is awaited) or a minute (a metered link costs money)."""
    if hasattr(socket, "TCP_KEEPIDLE"):
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, WATCHED_IDLE if soon else 60)


def use_congestion_control(sock: socket.socket, name: str) -> bool:
    """Asks the kernel for another congestion control; False where it has it not, or not for us."""
    if not hasattr(socket, "TCP_CONGESTION"):
        return False
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, name.encode())
    except OSError:
        return False
    return True


def abort(sock: socket.socket) -> None:
    """Closes without sending what is still held back: on a slow link that would only be in the way."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()

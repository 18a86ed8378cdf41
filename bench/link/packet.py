# SPDX-License-Identifier: Apache-2.0
"""As much of IPv4 and TCP as the link must know: a segment's flow and flags, and the reset that answers it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

TCP = 6
SYN, RST, ACK, FIN = 0x02, 0x04, 0x10, 0x01


@dataclass(frozen=True, slots=True)
class Segment:
    """The head of a TCP segment. Addresses are four bytes, as they came."""

    source: bytes
    target: bytes
    source_port: int
    target_port: int
    seq: int
    ack: int
    flags: int
    length: int  # of sequence space

    @property
    def opens(self) -> bool:
        """The first packet of a connection."""
        return self.flags & (SYN | ACK) == SYN

    @property
    def flow(self) -> tuple[bytes, int, bytes, int]:
        """The same for both directions."""
        ends = sorted(((self.source, self.source_port), (self.target, self.target_port)))
        return (*ends[0], *ends[1])


def read_segment(packet: bytes) -> Segment | None:
    """None for what is no TCP over IPv4, or cut short."""
    if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != TCP:
        return None
    head = (packet[0] & 15) * 4
    if len(packet) < head + 20:
        return None
    source_port, target_port, seq, ack, offset, flags = struct.unpack_from("!HHIIBB", packet, head)
    length = len(packet) - head - (offset >> 4) * 4 + bool(flags & SYN) + bool(flags & FIN)
    return Segment(packet[12:16], packet[16:20], source_port, target_port, seq, ack, flags, max(0, length))


def reset_for(segment: Segment) -> bytes:
    """The packet to the segment's sender that ends its connection (RFC 9293, 3.10.7.1)."""
    if segment.flags & ACK:
        seq, ack, flags = segment.ack, 0, RST
    else:
        seq, ack, flags = 0, (segment.seq + segment.length) & 0xFFFFFFFF, RST | ACK
    ports = (segment.target_port, segment.source_port)
    tcp = struct.pack("!HHIIBBHHH", *ports, seq, ack, 5 << 4, flags, 0, 0, 0)
    ends = segment.target + segment.source
    summed = checksum(ends + struct.pack("!BBH", 0, TCP, len(tcp)) + tcp)
    tcp = tcp[:16] + struct.pack("!H", summed) + tcp[18:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, TCP, 0) + ends
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + tcp


def checksum(data: bytes) -> int:
    """The internet checksum (RFC 1071) of an even number of bytes."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF

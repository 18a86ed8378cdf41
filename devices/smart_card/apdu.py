# SPDX-License-Identifier: Apache-2.0
"""Commands to a card and its answers (ISO/IEC 7816-4), and the tag-length-value items they carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from devices.errors import CardError

Transmit = Callable[[bytes], bytes]
"""Sends a command to the card, gives its answer with the two status bytes. Raises CardError, ReaderError."""

OK = 0x9000
_MORE, _WRONG_LENGTH = 0x61, 0x6C
_MOST_ANSWERS = 64  # pieces; a card that never ends is no card
_SHORT = 255  # bytes of data a short command may carry
_CHAINED = 0x10  # class bit: more of this command follows (ISO/IEC 7816-4, 5.4.1)


class CardRefused(CardError):
    """The card answered with a status other than "done"; `status` is that."""

    def __init__(self, status: int) -> None:
        super().__init__("card-refused", f"the card refused with {status:04X}")
        self.status = status


def command(cla: int, ins: int, p1: int, p2: int, data: bytes = b"", expect: int | None = None) -> bytes:
    """A short command; `expect` 0 asks for as much as there is."""
    head = bytes([cla, ins, p1, p2])
    body = bytes([len(data)]) + data if data else b""
    return head + body + (b"" if expect is None else bytes([expect]))


def exchange(transmit: Transmit, apdu: bytes) -> bytes:
    """The whole answer without its status; asks again where the card wants that. Raises CardRefused, CardError."""
    answer, found = _sent(transmit, apdu)
    high, low = divmod(found, 256)
    if high == _WRONG_LENGTH:
        answer, found = _sent(transmit, apdu[:-1] + bytes([low]) if len(apdu) > 4 else apdu + bytes([low]))
    whole = bytearray(answer)
    for _piece in range(_MOST_ANSWERS):
        high, low = divmod(found, 256)
        if high != _MORE:
            break
        answer, found = _sent(transmit, command(apdu[0] & ~_CHAINED, 0xC0, 0, 0, expect=low))
        whole += answer
    if found != OK:
        raise CardRefused(found)
    return bytes(whole)


def exchange_long(transmit: Transmit, cla: int, ins: int, p1: int, p2: int, data: bytes) -> bytes:
    """A command of any length, chained where it is too long for a short one."""
    while len(data) > _SHORT:
        exchange(transmit, command(cla | _CHAINED, ins, p1, p2, data[:_SHORT]))
        data = data[_SHORT:]
    return exchange(transmit, command(cla, ins, p1, p2, data, expect=0))


def _sent(transmit: Transmit, apdu: bytes) -> tuple[bytes, int]:
    answer = transmit(apdu)
    if len(answer) < 2:
        raise CardError("card-malformed", "the card's answer has no status; take it out and put it in again")
    return answer[:-2], int.from_bytes(answer[-2:], "big")


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """BER tag-length-value items (ISO/IEC 7816-4, 5.2.2). Raises CardError card-malformed."""
    at = 0
    while at < len(data):
        tag, at = _tag(data, at)
        length, at = _length(data, at)
        if at + length > len(data):
            raise _malformed()
        yield tag, data[at : at + length]
        at += length


def item(data: bytes, wanted: int) -> bytes:
    """The first item with this tag. Raises CardError card-malformed."""
    for tag, value in items(data):
        if tag == wanted:
            return value
    raise _malformed()


def build_item(tag: int, value: bytes) -> bytes:
    """One item, with the shortest length."""
    size = len(value)
    more = b"" if size < 0x80 else b"\x81" if size < 0x100 else b"\x82"
    length = more + size.to_bytes(2 if size >= 0x100 else 1, "big")
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + length + value


def _tag(data: bytes, at: int) -> tuple[int, int]:
    if data[at] & 0x1F != 0x1F:
        return data[at], at + 1
    if at + 1 >= len(data):
        raise _malformed()
    return data[at] * 256 + data[at + 1], at + 2


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise _malformed()
    first = data[at]
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if not 1 <= count <= 2 or at + 1 + count > len(data):
        raise _malformed()
    return int.from_bytes(data[at + 1 : at + 1 + count], "big"), at + 1 + count


def _malformed() -> CardError:
    return CardError("card-malformed", "the card's data is damaged; take it out and put it in again")

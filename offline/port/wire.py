# SPDX-License-Identifier: Apache-2.0
"""Messages as bytes on a socket: a length (4 bytes, big-endian), then MessagePack of [number, message].

A request has a number from 1 on, its answer the same one; news has 0. Whatever comes that is no message of ours ends
the connection: both ends are of one installation.
"""

from __future__ import annotations

import socket
import struct
from typing import Annotated, Any

import msgspec

from offline.port.protocol import Answered, Asked
from offline.port.stage import StageAsked, Told

MOST = 16 * 1024 * 1024  # bytes of one message
_LENGTH = struct.Struct(">I")


class WireError(Exception):
    """Bytes that are no message, or a connection that ended within one."""


class Question(msgspec.Struct, frozen=True, array_like=True):
    """What a client sends."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    body: Asked | StageAsked


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What the keeper sends: an answer, or news under number 0."""

    number: int
    body: Answered | Told


# Text that is no UTF-8 and times that no calendar has come as ValueError and OverflowError.
_DAMAGED = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError, MemoryError)
_encoder = msgspec.msgpack.Encoder()
_questions = msgspec.msgpack.Decoder(Question)
_answers = msgspec.msgpack.Decoder(Answer)


def encode(number: int, body: Any) -> bytes:
    """A message's bytes. Raises WireError when it is too large, or holds what has no bytes (a file's name that is no
    UTF-8)."""
    try:
        data = _encoder.encode((number, body))
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError) as fault:
        raise WireError(f"{type(body).__name__} cannot be sent: {fault}") from fault
    if len(data) > MOST:
        raise WireError(f"a message of {len(data)} bytes is too large")
    return _LENGTH.pack(len(data)) + data


def decode_question(data: bytes) -> Question:
    """Raises WireError."""
    try:
        return _questions.decode(data)
    except _DAMAGED as fault:
        raise WireError(f"no request of ours: {fault}") from fault


def decode_answer(data: bytes) -> Answer:
    """Raises WireError."""
    try:
        return _answers.decode(data)
    except _DAMAGED as fault:
        raise WireError(f"no answer of ours: {fault}") from fault


def receive(sock: socket.socket) -> bytes | None:
    """The next message's bytes; None where the other end has closed between two. Raises WireError, OSError."""
    head = _exactly(sock, _LENGTH.size)
    if head is None:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > MOST:
        raise WireError(f"a message of {size} bytes is announced")
    body = _exactly(sock, size)
    if body is None:
        raise WireError("the connection ended within a message")
    return body


def _exactly(sock: socket.socket, size: int) -> bytes | None:
    """None where nothing comes at all."""
    found = bytearray()
    while len(found) < size:
        piece = sock.recv(min(size - len(found), 1024 * 1024))
        if not piece:
            if found:
                raise WireError("the connection ended within a message")
            return None if size else b""
        found += piece
    return bytes(found)

# SPDX-License-Identifier: Apache-2.0
"""Messages as bytes: each comes back as it was, and whatever else comes is a WireError and nothing else."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from offline.port.messages import Done, Fault, Hello, SaveDraft, Text
from offline.port.sending import Note
from offline.port.wire import MOST, WireError, decode_answer, decode_question, encode, receive
from tests.fuzzing import examples
from tests.offline.port.made import ANSWERS, NEWS, REQUESTS, built

numbers = st.integers(1, 2**63 - 1)


def test_every_message_has_its_own_name() -> None:
    for kinds in (REQUESTS, (*ANSWERS, *NEWS)):
        tags = [kind.__struct_config__.tag for kind in kinds]
        assert len(tags) == len(set(tags))
    assert len(REQUESTS) > 30


@pytest.mark.parametrize("kind", REQUESTS, ids=lambda kind: kind.__name__)
@settings(max_examples=examples(5))
@given(st.data(), numbers)
def test_a_request_comes_as_it_was_asked(kind: type[Any], data: st.DataObject, number: int) -> None:
    message = data.draw(built(kind))
    found = decode_question(encode(number, message)[4:])
    assert (found.number, found.body, type(found.body)) == (number, message, kind)


@pytest.mark.parametrize("kind", [*ANSWERS, *NEWS], ids=lambda kind: kind.__name__)
@settings(max_examples=examples(5))
@given(st.data(), st.integers(0, 2**63 - 1))
def test_an_answer_comes_as_it_was_given(kind: type[Any], data: st.DataObject, number: int) -> None:
    message = data.draw(built(kind))
    found = decode_answer(encode(number, message)[4:])
    assert (found.number, found.body, type(found.body)) == (number, message, kind)


def either(data: bytes) -> None:
    for decode, kinds in ((decode_question, REQUESTS), (decode_answer, (*ANSWERS, *NEWS))):
        try:
            found = decode(data)
        except WireError:
            continue
        assert isinstance(found.body, kinds)


@settings(max_examples=examples(300))
@given(st.binary(max_size=200))
@example(msgspec.msgpack.encode([1, {"type": "ask-staff"}])[:-1] + b"\xff")
@example(msgspec.msgpack.encode([1, {"type": "find-picture", "digest": "ab"}])[:-2] + b"\xff\xfe")  # text, no UTF-8
@example(b"\x92\x01" + b"\x91" * 100_000)  # nested without an end
@example(b"\x92\x01\xdd\xff\xff\xff\xff")  # four thousand million entries are announced
@example(
    msgspec.msgpack.encode([1, {"type": "note", "event": "", "facts": {"at": msgspec.msgpack.Ext(-1, b"1" * 12)}}])
)
def test_any_bytes_are_a_message_or_an_error(data: bytes) -> None:
    either(data)


@settings(max_examples=examples(200))
@given(st.data())
def test_a_damaged_message_is_a_message_or_an_error(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([*REQUESTS, *ANSWERS, *NEWS]))
    whole = bytearray(encode(data.draw(numbers), data.draw(built(kind)))[4:])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    either(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    either(bytes(whole))


@pytest.mark.parametrize("number", [0, -1])
def test_a_question_without_a_number_is_none(number: int) -> None:
    with pytest.raises(WireError):
        decode_question(encode(number, Note("seen"))[4:])


def test_a_field_that_is_not_known_is_no_message_of_ours() -> None:
    said = {"type": "hello", "version": 1, "role": "visit", "pid": 1}
    assert decode_question(msgspec.msgpack.encode([1, said])).body == Hello(1, "visit", 1)
    with pytest.raises(WireError):
        decode_question(msgspec.msgpack.encode([1, {**said, "more": 1}]))
    with pytest.raises(WireError):
        decode_question(msgspec.msgpack.encode([1, {**said, "role": "somebody"}]))


@pytest.mark.parametrize(
    "body",
    [
        SaveDraft("d", "p", "", bytes(MOST), ()),
        Text("a name of a file: \udcff"),
        Note("far", {"off": 2**70}),
    ],
)
def test_what_cannot_be_sent_is_an_error(body: object) -> None:
    with pytest.raises(WireError):
        encode(1, body)


def test_the_largest_message_passes() -> None:
    least = len(encode(1, SaveDraft("d", "p", "", bytes(70_000), ()))) - 4 - 70_000
    body = SaveDraft("d", "p", "", bytes(MOST - least), ())
    data = encode(1, body)
    assert len(data) == MOST + 4
    assert decode_question(data[4:]).body == body


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_message_may_come_byte_by_byte(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    data = encode(3, Fault("OfflineError", "x", "满了")) + encode(4, Done())

    def dribble() -> None:
        for byte in data:
            theirs.send(bytes([byte]))
        theirs.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=dribble)
    thread.start()
    found = [decode_answer(receive(ours) or b"") for _ in range(2)]
    assert [(one.number, type(one.body)) for one in found] == [(3, Fault), (4, Done)]
    assert receive(ours) is None
    thread.join()


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 20])
def test_a_torn_message_is_an_error(pair: tuple[socket.socket, socket.socket], cut: int) -> None:
    ours, theirs = pair
    theirs.sendall(encode(3, Text("a value of some length"))[:cut])
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(WireError):
        receive(ours)


def test_more_than_the_most_is_not_waited_for(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(struct.pack(">I", MOST + 1))
    with pytest.raises(WireError):
        receive(ours)

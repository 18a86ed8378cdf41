# SPDX-License-Identifier: Apache-2.0
"""SAM_V frames: no input crashes, hangs or passes that should not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import CardError, DeviceError, ReaderError
from devices.id_card.frames import MOST, PREAMBLE, STATUS, build_frame, check_status, checksum, read_frame


def source(data: bytes, piece: int = 7):  # type: ignore[no-untyped-def]
    """Hands `data` out in pieces, then is silent."""
    left = bytearray(data)

    def receive(count: int) -> bytes:
        some = bytes(left[: min(count, piece)])
        del left[: len(some)]
        return some

    return receive


def test_the_status_command_is_the_documented_bytes() -> None:
    assert build_frame(STATUS).hex(" ").upper() == "AA AA AA 96 69 00 03 11 FF ED"


@given(st.binary(min_size=2, max_size=1300), st.binary(max_size=40), st.integers(1, 64))
def test_a_frame_is_read_after_any_noise_and_in_any_pieces(content: bytes, noise: bytes, piece: int) -> None:
    assert read_frame(source(noise.replace(b"\xaa", b"") + build_frame(content), piece)) == content


@given(st.binary(max_size=6000))
def test_any_bytes_give_a_frame_or_a_clear_fault(data: bytes) -> None:
    try:
        content = read_frame(source(data, 512))
    except ReaderError as fault:
        assert fault.code in ("reader-silent", "reader-checksum", "reader-fault")
    else:
        assert build_frame(content) in data


@given(st.binary(min_size=3, max_size=60), st.data())
def test_a_flipped_byte_is_found(content: bytes, data: st.DataObject) -> None:
    frame = bytearray(build_frame(content))
    place = data.draw(st.integers(len(PREAMBLE), len(frame) - 1))
    frame[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ReaderError):
        read_frame(source(bytes(frame)))


def test_endless_noise_is_given_up() -> None:
    with pytest.raises(ReaderError) as fault:
        read_frame(lambda count: b"\x55" * count)
    assert fault.value.code == "reader-fault"


def test_an_impossible_length_is_refused_before_it_is_awaited() -> None:
    with pytest.raises(ReaderError) as fault:
        read_frame(source(PREAMBLE + (MOST + 1).to_bytes(2, "big") + bytes(100)))
    assert fault.value.code == "reader-checksum"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (0x10, "reader-checksum"), (0x11, "reader-checksum"), (0x21, "reader-fault"), (0x31, "card-rejected"),
        (0x32, "card-rejected"), (0x33, "card-rejected"), (0x40, "card-unknown"), (0x41, "card-read-failed"),
        (0x47, "card-read-failed"), (0x60, "reader-fault"), (0x66, "reader-unlicensed"), (0x80, "card-read-failed"),
        (0x81, "card-read-failed"), (0x77, "card-read-failed"),
    ],
)  # fmt: skip
def test_every_status_byte_has_a_name(code: int, wanted: str) -> None:
    with pytest.raises(DeviceError) as fault:
        check_status(bytes([0, 0, code]))
    assert fault.value.code == wanted
    assert isinstance(fault.value, CardError if wanted.startswith("card") else ReaderError)


def test_checksum_is_the_xor_of_all_bytes() -> None:
    assert checksum(b"\x00\x03\x11\xff") == 0xED

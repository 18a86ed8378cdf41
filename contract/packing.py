# SPDX-License-Identifier: Apache-2.0
"""Values to bytes: deterministic CBOR (RFC 8949, 4.2.1), and small payloads compressed with a trained dictionary.

A packed payload is one byte with the dictionary's number (0 = none) and a zstd frame. Unpacking hostile bytes needs
bounded memory and says what is wrong.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import cbor2
import zstandard

from contract.errors import ContractError

MAX_PLAIN = 4 * 1024 * 1024  # bytes of a payload before compression
MAX_DEPTH = 16
NEWEST_DICTIONARY = 1


class PackingError(ContractError):
    """Bytes that are no packed value."""


def to_cbor(value: Any) -> bytes:
    """The one encoding of `value`."""
    return cbor2.dumps(value, canonical=True)


def from_cbor(data: bytes) -> Any:
    """Raises PackingError for anything but exactly one value of plain types, nested at most 16 deep."""
    try:
        value = cbor2.loads(data)
    except (
        cbor2.CBORDecodeError,
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
        MemoryError,
    ) as fault:
        raise PackingError("cbor-malformed", "these bytes are not one CBOR value") from fault
    _check_plain(value, 0)
    return value


def _check_plain(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise PackingError("cbor-malformed", "the value is nested too deep")
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str | int):
                raise PackingError("cbor-malformed", "a key is neither text nor number")
            _check_plain(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _check_plain(part, depth + 1)
    elif not (value is None or isinstance(value, bool | int | float | str | bytes)):
        raise PackingError("cbor-malformed", f"values of type {type(value).__name__} are not used here")


@cache
def _dictionary(number: int) -> zstandard.ZstdCompressionDict | None:
    if number == 0:
        return None
    source = resources.files("contract.dictionary").joinpath(f"{number}.dict")
    if not source.is_file():
        raise PackingError(
            "dictionary-unknown", f"compression dictionary {number} is not known here; update this program"
        )
    return zstandard.ZstdCompressionDict(source.read_bytes())


@cache
def _compressor(number: int) -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=19, dict_data=_dictionary(number), write_dict_id=False, write_checksum=False)


def pack(value: Any, *, dictionary: int = NEWEST_DICTIONARY) -> bytes:
    """CBOR, compressed."""
    plain = to_cbor(value)
    if len(plain) > MAX_PLAIN:
        raise PackingError("payload-too-large", "the application is too large; send pictures as attachments")
    return bytes([dictionary]) + _compressor(dictionary).compress(plain)


def unpack(data: bytes) -> Any:
    """Raises PackingError."""
    if len(data) < 2:
        raise PackingError("payload-malformed", "the payload is empty")
    try:
        size = zstandard.frame_content_size(data[1:])
        if not 0 <= size <= MAX_PLAIN:
            raise PackingError("payload-too-large", "the payload claims to be too large")
        plain = zstandard.ZstdDecompressor(dict_data=_dictionary(data[0])).decompress(
            data[1:], max_output_size=MAX_PLAIN
        )
    except zstandard.ZstdError as fault:
        raise PackingError("payload-malformed", "the payload does not decompress") from fault
    return from_cbor(plain)

# SPDX-License-Identifier: Apache-2.0
"""Values to bytes: deterministic CBOR (RFC 8949, 4.2.1), and small payloads compressed with a trained dictionary.

A packed payload is its dictionary's number (0 = none: one byte up to 127, else two, the first with its high bit set)
and one zstd frame that says its plain size. Unpacking hostile bytes needs bounded memory and says what is wrong.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import cbor2
import zstandard

from contract.errors import ContractError

T = TypeVar("T")
MAX_PLAIN = 4 * 1024 * 1024  # bytes of a payload before compression
MAX_DEPTH = 16
MAX_DICTIONARY = 256 * 1024  # bytes
LAST_DICTIONARY = 0x7FFF
SHIPPED = 1  # the dictionary that comes with this program; what a platform publishes has numbers from 16
FIRST_PUBLISHED = 16
_DICTIONARY_MAGIC = 0xEC30A437  # RFC 8878, 5
_LEVEL = 19
_MAX_WINDOW = 8 * 1024 * 1024


class PackingError(ContractError):
    """Bytes that are no packed value, or too large; a dictionary that is unknown, or none."""


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


class Dictionaries:
    """Compression dictionaries by number: the shipped one, and those that a platform has published.

    A number's bytes never change: what was packed once can be unpacked as long as its dictionary is here. Any thread
    may use it.
    """

    def __init__(self) -> None:
        self._bytes: dict[int, bytes] = {}
        self._own = threading.local()

    def add(self, number: int, data: bytes) -> None:
        """Takes one more. Raises PackingError dictionary-malformed; dictionary-differs when the number has others."""
        if not FIRST_PUBLISHED <= number <= LAST_DICTIONARY:
            raise PackingError("dictionary-malformed", f"a published dictionary has a number from {FIRST_PUBLISHED} on")
        if len(data) > MAX_DICTIONARY or int.from_bytes(data[:4], "little") != _DICTIONARY_MAGIC:
            raise PackingError("dictionary-malformed", "these bytes are no compression dictionary")
        if self._bytes.get(number, data) != data:
            raise PackingError(
                "dictionary-differs", f"dictionary {number} is known with other bytes; publish it under a new number"
            )
        _usable(data)
        self._bytes[number] = data

    def __contains__(self, number: object) -> bool:
        return number in self._bytes or number in (0, SHIPPED)

    @property
    def newest(self) -> int:
        """The highest number."""
        return max(self._bytes, default=SHIPPED)

    def bytes_of(self, number: int) -> bytes:
        """Raises PackingError dictionary-unknown."""
        if number == SHIPPED:
            return _shipped()
        try:
            return self._bytes[number]
        except KeyError:
            raise PackingError(
                "dictionary-unknown", f"compression dictionary {number} is not known here; fetch it from the platform"
            ) from None

    def compressor(self, number: int) -> zstandard.ZstdCompressor:
        """This thread's."""
        return self._of_thread("compressors", number, _compressor)

    def decompressor(self, number: int) -> zstandard.ZstdDecompressor:
        """This thread's."""
        return self._of_thread("decompressors", number, _decompressor)

    def _of_thread(self, kind: str, number: int, make: Callable[[bytes | None], T]) -> T:
        made: dict[int, T] = self._own.__dict__.setdefault(kind, {})
        if number not in made:
            made[number] = make(self.bytes_of(number) if number else None)
        return made[number]


def _compressor(dictionary: bytes | None) -> zstandard.ZstdCompressor:
    data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    if data is not None:
        data.precompute_compress(level=_LEVEL)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=data, write_dict_id=False, write_checksum=False)


def _decompressor(dictionary: bytes | None) -> zstandard.ZstdDecompressor:
    data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return zstandard.ZstdDecompressor(dict_data=data, max_window_size=_MAX_WINDOW)


def _usable(dictionary: bytes) -> None:
    """The library looks into a dictionary only when it is used."""
    try:
        packed = _compressor(dictionary).compress(b"probe")
        whole = _decompressor(dictionary).decompress(packed) == b"probe"
    except (zstandard.ZstdError, MemoryError, ValueError) as fault:
        raise PackingError("dictionary-malformed", "these bytes are no compression dictionary") from fault
    if not whole:
        raise PackingError("dictionary-malformed", "the dictionary does not give back what was packed with it")


@cache
def _shipped() -> bytes:
    return resources.files("contract.dictionary").joinpath(f"{SHIPPED}.dict").read_bytes()


ONLY_SHIPPED = Dictionaries()


def pack(
    value: Any, *, dictionary: int = SHIPPED, dictionaries: Dictionaries = ONLY_SHIPPED, limit: int = MAX_PLAIN
) -> bytes:
    """CBOR, compressed. Raises PackingError payload-too-large, dictionary-unknown."""
    plain = to_cbor(value)
    if len(plain) > limit:
        raise PackingError("payload-too-large", "the application is too large; send pictures as attachments")
    number = bytes([dictionary]) if dictionary < 0x80 else (dictionary | 0x8000).to_bytes(2, "big")
    return number + dictionaries.compressor(dictionary).compress(plain)


def unpack(data: bytes, *, dictionaries: Dictionaries = ONLY_SHIPPED, limit: int = MAX_PLAIN) -> Any:
    """Raises PackingError payload-malformed, payload-too-large, dictionary-unknown, cbor-malformed."""
    width = 2 if data[:1] >= b"\x80" else 1
    number, packed = int.from_bytes(data[:width], "big") & LAST_DICTIONARY, data[width:]
    try:
        if not 0 <= zstandard.frame_content_size(packed) <= limit:
            raise PackingError("payload-too-large", "the payload claims to be too large")
        plain = dictionaries.decompressor(number).decompress(packed, allow_extra_data=False)
    except (zstandard.ZstdError, MemoryError) as fault:
        raise PackingError("payload-malformed", "the payload does not decompress") from fault
    return from_cbor(plain)

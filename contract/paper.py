# SPDX-License-Identifier: Apache-2.0
"""One record on paper: QR texts that are numbered, checked one by one, and put together in any order.

A text is PREFIX and base45 of: the record's short id (first 4 bytes of its SHA-256), total (1), number from 1 (1), a
piece of the record's bytes, and CRC-32 over all before it. All pieces but the last are equally long. Only characters
of a QR code's alphanumeric mode occur, and no more than version 25 holds at level M.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from contract.base45 import Base45Error, decode_base45, encode_base45
from contract.errors import ContractError

PREFIX = "DS1/"
MAX_TEXT = 1451  # alphanumeric characters of a QR code 25-M (ISO/IEC 18004, table 7)
MAX_SYMBOLS = 32
_SHORT_ID = 4
_HEAD = _SHORT_ID + 2
_CHECK = 4
PIECE = (MAX_TEXT - len(PREFIX)) // 3 * 2 - _HEAD - _CHECK  # bytes of a record in one symbol
MAX_RECORD_ON_PAPER = PIECE * MAX_SYMBOLS


class PaperError(ContractError):
    """paper-foreign (no text of ours), paper-version, paper-damaged, paper-other-record, paper-too-large."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One text, read: `number` is from 1 to `total`."""

    record: str
    total: int
    number: int
    piece: bytes


def to_symbols(record: bytes) -> list[str]:
    """The texts of a record's bytes, as few as can be and about equally long. Raises PaperError paper-too-large."""
    if len(record) > MAX_RECORD_ON_PAPER:
        raise PaperError("paper-too-large", f"a record on paper has at most {MAX_RECORD_ON_PAPER} bytes; send it")
    total = max(1, -(-len(record) // PIECE))
    size = -(-len(record) // total)
    short = hashlib.sha256(record).digest()[:_SHORT_ID]
    texts = []
    for number in range(1, total + 1):
        data = short + bytes([total, number]) + record[(number - 1) * size : number * size]
        texts.append(PREFIX + encode_base45(data + zlib.crc32(data).to_bytes(_CHECK, "big")))
    return texts


def read_symbol(text: str) -> Symbol:
    """Raises PaperError paper-foreign, paper-version, paper-damaged."""
    text = text.strip().upper()  # a code scanner that types may find the keyboard's capitals locked
    if len(text) > MAX_TEXT or not (text.startswith("DS") and text[2:3].isdigit() and text[3:4] == "/"):
        raise PaperError("paper-foreign", "this code is not one of a form's; scan the square codes of the form")
    if not text.startswith(PREFIX):
        raise PaperError("paper-version", f"codes that begin with {text[:3]} are not known here; update this program")
    try:
        data = decode_base45(text[len(PREFIX) :])
    except Base45Error as fault:
        raise PaperError("paper-damaged", "the code was misread; scan it again") from fault
    inner, check = data[:-_CHECK], data[-_CHECK:]
    if len(inner) <= _HEAD or zlib.crc32(inner).to_bytes(_CHECK, "big") != check:
        raise PaperError("paper-damaged", "the code was misread; scan it again")
    total, number = inner[_SHORT_ID], inner[_SHORT_ID + 1]
    if not (1 <= number <= total <= MAX_SYMBOLS):
        raise PaperError("paper-damaged", "the code's number is impossible")
    return Symbol(inner[:_SHORT_ID].hex(), total, number, inner[_HEAD:])


class Assembly:
    """Puts the symbols of one record together: the first one added says which record it is."""

    def __init__(self) -> None:
        self._pieces: dict[int, bytes] = {}
        self._record = ""
        self.total = 0

    @property
    def record_id(self) -> str:
        """The record's short id in hex; "" before the first symbol."""
        return self._record

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of the symbols that have not come yet."""
        return tuple(n for n in range(1, self.total + 1) if n not in self._pieces)

    def add(self, text: str) -> bool:
        """False where it was there already. Raises PaperError; paper-other-record when it is of another record."""
        return self.add_symbol(read_symbol(text))

    def add_symbol(self, symbol: Symbol) -> bool:
        """As `add`, for one that was read."""
        if not self._pieces:
            self._record, self.total = symbol.record, symbol.total
        if (symbol.record, symbol.total) != (self._record, self.total):
            raise PaperError("paper-other-record", "this code belongs to another form; scan the codes of one form")
        new = symbol.number not in self._pieces
        if self._pieces.setdefault(symbol.number, symbol.piece) != symbol.piece:
            raise PaperError("paper-other-record", "two different codes have the same number; scan one form only")
        return new

    @property
    def record(self) -> bytes | None:
        """The record's bytes once all symbols are there. Raises PaperError paper-damaged when they do not fit."""
        if not self.total or self.missing:
            return None
        data = b"".join(self._pieces[n] for n in range(1, self.total + 1))
        if hashlib.sha256(data).digest()[:_SHORT_ID].hex() != self._record:
            raise PaperError("paper-damaged", "the codes do not fit together; scan all of them again")
        return data


def sort_symbols(texts: Iterable[str]) -> tuple[list[Assembly], list[PaperError]]:
    """A pile of texts, each put to its record, in the order in which records came first; and what was refused.

    Codes that are not ours are passed over: a form may carry others.
    """
    found: dict[tuple[str, int], Assembly] = {}
    refused = []
    for text in texts:
        try:
            symbol = read_symbol(text)
            found.setdefault((symbol.record, symbol.total), Assembly()).add_symbol(symbol)
        except PaperError as fault:
            if fault.code != "paper-foreign":
                refused.append(fault)
    return list(found.values()), refused

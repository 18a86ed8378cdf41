# SPDX-License-Identifier: Apache-2.0
"""The return: what the platform sends back on a stick to one terminal. Signed by the platform, sealed to the terminal.

Bytes: MAGIC, version (1), CBOR [terminal, created_ms, sealed, signature]. The Ed25519 signature is over CONTEXT + CBOR
[terminal, created_ms, SHA-256 of sealed]; `sealed` is by suite 1 to the terminal's key, bound to CONTEXT + CBOR
[terminal, created_ms]; inside is a packed CBOR map (packing, dictionary 0).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.errors import ContractError
from contract.events import KeyChange, StatementError, read_statement
from contract.packing import PackingError, from_cbor, pack, to_cbor, unpack
from contract.sealing import OpeningKey, PlatformKeys, SealError, SealingKey, open_sealed, seal

MAGIC = b"DSRETURN"
VERSION = 1
MAX_RETURN = 16 * 1024 * 1024  # bytes of the file
MAX_INSIDE = 32 * 1024 * 1024  # bytes of the map before compression
_CONTEXT = b"doorstep return 1"


class ReturnError(ContractError):
    """return-malformed, return-version, return-too-large, return-signature, return-other-terminal, return-seal."""


@dataclass(frozen=True, slots=True)
class Return:
    """The feed's answer (entries, since, cursor, mark, settled) and, where they are new, what is published.

    `catalogue` and `calendar` are whole documents, `dictionary` a compression dictionary's number and bytes.
    """

    terminal: int
    created_ms: int
    since: int
    cursor: int
    mark: str
    settled: int
    entries: tuple[str, ...] = ()
    catalogue: Mapping[str, Any] | None = None
    calendar: Mapping[str, Any] | None = None
    dictionary: tuple[int, bytes] | None = None


def build_return(content: Return, terminal_key: SealingKey, signer: Ed25519PrivateKey) -> bytes:
    """The file's bytes. Raises ReturnError return-too-large: then give fewer entries."""
    inside = {
        "entries": list(content.entries),
        "since": content.since,
        "cursor": content.cursor,
        "mark": content.mark,
        "settled": content.settled,
    }
    if content.catalogue is not None:
        inside["catalogue"] = dict(content.catalogue)
    if content.calendar is not None:
        inside["calendar"] = dict(content.calendar)
    if content.dictionary is not None:
        inside["dictionary"] = list(content.dictionary)
    about = [content.terminal, content.created_ms]
    try:
        packed = pack(inside, dictionary=0, limit=MAX_INSIDE)
    except PackingError as fault:
        raise ReturnError("return-too-large", "a return has fewer entries than that; make several") from fault
    sealed = seal(packed, terminal_key, _CONTEXT + to_cbor(about))
    data = MAGIC + bytes([VERSION]) + to_cbor([*about, sealed, signer.sign(_signed(about, sealed))])
    if len(data) > MAX_RETURN:
        raise ReturnError("return-too-large", "a return has fewer entries than that; make several")
    return data


def return_terminal(data: bytes) -> int:
    """For which terminal a return says it is; nothing else is checked. Raises ReturnError."""
    return int(_outer(data)[0][0])


def open_return(data: bytes, terminal: int, key: OpeningKey, platform: PlatformKeys) -> Return:
    """What the platform sent to this terminal. The entries are statements, still to be read one by one in order.

    Where the platform changed its keys meanwhile, the return carries the change and may be signed by the newer key.
    Raises ReturnError.
    """
    about, sealed, signature = _outer(data)
    if about[0] != terminal:
        raise ReturnError("return-other-terminal", f"this return is for terminal {about[0]:05d}; take it there")
    try:
        inside = unpack(open_sealed(sealed, key, _CONTEXT + to_cbor(about)), limit=MAX_INSIDE)
    except (SealError, PackingError) as fault:
        raise ReturnError("return-seal", f"the return does not open: {fault}") from fault
    content = _read(about, inside)
    _verify(signature, _signed(about, sealed), platform, content.entries)
    return content


def _outer(data: bytes) -> tuple[list[int], bytes, bytes]:
    if len(data) > MAX_RETURN:
        raise ReturnError("return-too-large", f"a return has at most {MAX_RETURN} bytes")
    if data[: len(MAGIC)] != MAGIC or len(data) <= len(MAGIC):
        raise ReturnError("return-malformed", "this is no return")
    if data[len(MAGIC)] != VERSION:
        raise ReturnError("return-version", f"return version {data[len(MAGIC)]} is not known here; update this program")
    try:
        outer = from_cbor(data[len(MAGIC) + 1 :])
    except PackingError as fault:
        raise ReturnError("return-malformed", "the return is cut off or damaged; export it again") from fault
    match outer:
        case [int(terminal), int(created), bytes(sealed), bytes(signature)] if 0 < terminal <= 99_999 and created >= 0:
            return [terminal, created], sealed, signature
    raise ReturnError("return-malformed", "the return has not the parts it should have")


def _signed(about: list[int], sealed: bytes) -> bytes:
    return _CONTEXT + to_cbor([*about, hashlib.sha256(sealed).digest()])


def _verify(signature: bytes, signed: bytes, platform: PlatformKeys, entries: tuple[str, ...]) -> None:
    for key in _keys(platform, entries):
        try:
            key.verify(signature, signed)
            return
        except InvalidSignature:
            continue
    raise ReturnError("return-signature", "the return is not from this terminal's platform")


def _keys(platform: PlatformKeys, entries: tuple[str, ...]) -> Iterator[Ed25519PublicKey]:
    """The platform's signing key, then those that follow from it by the announced changes."""
    yield platform.sign
    for entry in entries:
        try:
            said = read_statement(entry, platform)
        except StatementError:
            continue
        if isinstance(said, KeyChange):
            platform = said.platform
            yield platform.sign


def _read(about: list[int], inside: Any) -> Return:
    match inside:
        case {
            "entries": list(entries), "since": int(since), "cursor": int(cursor), "mark": str(mark),
            "settled": int(settled), **rest,
        } if all(isinstance(e, str) for e in entries) and since >= 0 and cursor >= 0:  # fmt: skip
            catalogue, calendar = (rest.get(name) for name in ("catalogue", "calendar"))
            if isinstance(catalogue, dict | None) and isinstance(calendar, dict | None):
                dictionary = _dictionary(rest.get("dictionary"))
                return Return(
                    about[0], about[1], since, cursor, mark, settled, tuple(entries), catalogue, calendar, dictionary
                )  # fmt: skip
    raise ReturnError("return-malformed", "the return has not the parts it should have")


def _dictionary(part: Any) -> tuple[int, bytes] | None:
    match part:
        case None:
            return None
        case [int(number), bytes(data)]:
            return number, data
    raise ReturnError("return-malformed", "the dictionary in the return is damaged")

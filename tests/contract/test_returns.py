# SPDX-License-Identifier: Apache-2.0
"""Returns: for one terminal, from its platform, also after the platform changed its keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.events import KeyChange, sign_statement
from contract.packing import to_cbor
from contract.returns import MAX_RETURN, Return, ReturnError, build_return, open_return, return_terminal
from contract.sealing import OpeningKey, seal
from tests.contract.sealed import PLATFORM, PLATFORM_SIGN
from tests.contract.test_events import AT, EVENT, RECEIPTS

KEY = OpeningKey.new()
ENTRIES = tuple(sign_statement(s, PLATFORM_SIGN) for s in (RECEIPTS, EVENT))
CONTENT = Return(
    421, 1_795_000_000_000, 3, 9, "ab" * 8, 5, ENTRIES, {"version": "1"}, {"version": "2"}, (16, b"dict")
)  # fmt: skip
DATA = build_return(CONTENT, KEY.public, PLATFORM_SIGN)


@pytest.mark.parametrize("content", [CONTENT, Return(421, 1, 0, 0, "", 0)])
def test_it_comes_back(content: Return) -> None:
    data = build_return(content, KEY.public, PLATFORM_SIGN)
    assert return_terminal(data) == 421
    assert open_return(data, 421, KEY, PLATFORM) == content


def code_of(data: bytes, terminal: int = 421, key: OpeningKey = KEY) -> str:
    with pytest.raises(ReturnError) as refused:
        open_return(data, terminal, key, PLATFORM)
    return refused.value.code


def test_what_is_refused() -> None:
    assert code_of(DATA, 422) == "return-other-terminal"
    assert code_of(DATA, key=OpeningKey.new()) == "return-seal"
    assert code_of(build_return(CONTENT, KEY.public, Ed25519PrivateKey.generate())) == "return-signature"
    assert code_of(b"DSRETURN\x02" + DATA[9:]) == "return-version"
    assert code_of(bytes(MAX_RETURN + 1)) == "return-too-large"
    for broken in (
        b"",
        b"DSRETURN",
        b"DSPARCEL\x01",
        DATA[:9] + to_cbor([421, 1]),
        DATA[:9] + to_cbor([0, 1, b"", b""]),
    ):
        assert code_of(broken) == "return-malformed"


def test_no_cut_and_no_flipped_byte_is_taken() -> None:
    for end in range(0, len(DATA), 7):
        code_of(DATA[:end])
    for place in range(0, len(DATA), 5):
        broken = bytearray(DATA)
        broken[place] ^= 1
        code_of(bytes(broken))


def test_what_is_inside_is_looked_at() -> None:
    from contract.packing import pack
    from contract.returns import _CONTEXT, _signed

    good = {"entries": [], "since": 0, "cursor": 0, "mark": "", "settled": 0}
    about = [421, 1]
    for inside in (
        [], {}, good | {"entries": [1]}, good | {"since": -1}, good | {"catalogue": 1}, good | {"dictionary": [1]},
    ):  # fmt: skip
        sealed = seal(pack(inside, dictionary=0), KEY.public, _CONTEXT + to_cbor(about))
        outer = [*about, sealed, PLATFORM_SIGN.sign(_signed(about, sealed))]
        assert code_of(DATA[:9] + to_cbor(outer)) == "return-malformed"


def test_a_return_after_a_key_change_brings_the_change() -> None:
    new, newer, stranger = (Ed25519PrivateKey.generate() for _ in range(3))
    changes = (
        sign_statement(KeyChange(replace(PLATFORM, sign=new.public_key()), AT), PLATFORM_SIGN),
        sign_statement(KeyChange(replace(PLATFORM, sign=newer.public_key()), AT), new),
    )
    content = replace(CONTENT, entries=(*ENTRIES, *changes))
    for signer in (PLATFORM_SIGN, new, newer):
        assert open_return(build_return(content, KEY.public, signer), 421, KEY, PLATFORM) == content
    assert code_of(build_return(content, KEY.public, stranger)) == "return-signature"
    without = replace(content, entries=(*ENTRIES, changes[1]))
    assert code_of(build_return(without, KEY.public, newer)) == "return-signature"


def test_too_much_is_said_before_it_is_written() -> None:
    with pytest.raises(ReturnError) as refused:
        build_return(replace(CONTENT, catalogue={"x": "y" * (33 * 1024 * 1024)}), KEY.public, PLATFORM_SIGN)
    assert refused.value.code == "return-too-large"

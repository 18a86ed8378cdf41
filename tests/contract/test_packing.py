# SPDX-License-Identifier: Apache-2.0
"""Values to bytes and back."""

from __future__ import annotations

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.packing import PackingError, pack, unpack

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=30) | st.binary(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_whatever_is_packed_comes_back(value: object) -> None:
    assert unpack(pack(value)) == value


def test_a_bomb_is_not_unpacked() -> None:
    bomb = b"\x00" + zstandard.ZstdCompressor().compress(b"\x00" * 50_000_000)
    with pytest.raises(PackingError) as refused:
        unpack(bomb)
    assert refused.value.code == "payload-too-large"

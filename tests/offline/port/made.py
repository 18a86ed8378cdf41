# SPDX-License-Identifier: Apache-2.0
"""Messages of every kind with every kind of value, made from their own declarations."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal

import msgspec
from hypothesis import strategies as st

from offline.port import stage
from offline.port.protocol import Answered, Asked

_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**63), 2**63 - 1),
    str: st.text(max_size=30),
    bytes: st.binary(max_size=60),
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    type(None): st.none(),
}
_PLAIN[Any] = st.one_of(*(_PLAIN[kind] for kind in (int, str, bytes, bool, float, type(None))))

REQUESTS = (*typing.get_args(Asked), *typing.get_args(stage.StageAsked))
ANSWERS = typing.get_args(Answered)
NEWS = typing.get_args(stage.Told)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Of a type that a message may have."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (typing.Union, UnionType):
        return st.one_of(*map(values, inner))
    if origin is tuple:
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    if origin is list:
        return st.lists(values(inner[0]), max_size=3)
    if origin is Mapping:
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=3)
    if isinstance(hint, type) and (dataclasses.is_dataclass(hint) or issubclass(hint, msgspec.Struct)):
        return built(hint)
    raise TypeError(f"no values of {hint} are made here")


def built(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Instances with all their fields."""
    hints = typing.get_type_hints(kind)
    names = kind.__struct_fields__ if issubclass(kind, msgspec.Struct) else [f.name for f in dataclasses.fields(kind)]
    return st.builds(kind, **{name: values(hints[name]) for name in names})

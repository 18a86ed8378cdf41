# SPDX-License-Identifier: Apache-2.0
"""JSON from the other side, read once and strictly: every part is of the type and in the range that is asked for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from offline.errors import AnswerDamaged

_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
MOST_SEQUENCE = 2**63 - 1  # of a sequence, a cursor, an offset: what databases hold


def damaged(what: str) -> AnswerDamaged:
    """`what` is wrong with the answer."""
    return AnswerDamaged(f"the platform's answer is not what the contract says: {what}")


def read_object(body: bytes, most: int) -> Mapping[str, Any]:
    """A JSON object (RFC 8259, UTF-8) of at most `most` bytes whose numbers are finite and whose texts are Unicode.

    Raises AnswerDamaged.
    """
    if len(body) > most:
        raise damaged(f"{len(body)} bytes are too many")
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        if _ESCAPED_SURROGATE.search(text):  # half a character passes json, and nothing after it
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as fault:
        raise damaged("no JSON") from fault
    if not isinstance(value, dict):
        raise damaged("no JSON object")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number beyond all bounds")
    return value


def whole(values: Mapping[str, Any], name: str, least: int = 0, most: int = MOST_SEQUENCE) -> int:
    """A whole number from `least` to `most`. Raises AnswerDamaged."""
    value = values.get(name)
    if type(value) is not int or not least <= value <= most:
        raise damaged(f"{name} is no whole number from {least} to {most}")
    return value


def text(values: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    """A text that is `form` from its first character to its last. Raises AnswerDamaged."""
    value = values.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise damaged(f"{name} is missing or malformed")
    return value


def flag(values: Mapping[str, Any], name: str) -> bool:
    """Raises AnswerDamaged."""
    value = values.get(name)
    if not isinstance(value, bool):
        raise damaged(f"{name} is neither true nor false")
    return value


def members(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object in the object. Raises AnswerDamaged."""
    value = values.get(name)
    if not isinstance(value, dict):
        raise damaged(f"{name} is no object")
    return value


def texts(values: Mapping[str, Any], name: str, most: int) -> tuple[str, ...]:
    """A list of at most `most` texts. Raises AnswerDamaged."""
    value = values.get(name)
    if not isinstance(value, list) or len(value) > most or not all(isinstance(each, str) for each in value):
        raise damaged(f"{name} is no list of at most {most} texts")
    return tuple(value)

# SPDX-License-Identifier: Apache-2.0
"""A point of the contract: a stable number, what it says, how it is looked at, and what to do where it is broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import requests

from contract.errors import ContractError

if TYPE_CHECKING:
    from tests.contract_kit.kit import Kit

FIRST = "G-01"  # where it is broken, nothing else can be looked at
KEPT, BROKEN, NOT_TRIED = "kept", "broken", "not tried"
_NUMBER = re.compile(r"[A-Z]-[0-9]{2}")


class Broken(Exception):
    """The platform does not keep this point; the message says what was seen."""


class NotTried(Exception):
    """This point could not be looked at; the message says what is missing for it."""


Look = Callable[["Kit"], str | None]


@dataclass(frozen=True)
class Point:
    """`look` returns (with a remark or nothing) where the point is kept, and raises Broken or NotTried else."""

    number: str
    title: str
    do: str
    look: Look


@dataclass(frozen=True)
class Finding:
    """What became of a point."""

    point: Point
    outcome: str
    seen: str = ""


POINTS: dict[str, Point] = {}


def point(number: str, title: str, do: str) -> Callable[[Look], Look]:
    """Registers a function as a point. A number is never used for another point, also when its point is dropped."""
    assert _NUMBER.fullmatch(number), number
    assert number not in POINTS, f"{number} is taken"

    def register(look: Look) -> Look:
        POINTS[number] = Point(number, title, do, look)
        return look

    return register


def find(one: Point, kit: Kit) -> Finding:
    """Looks at one point, once. A gateway that does not answer, or answers nonsense, breaks it."""
    if one.number not in kit.found:
        kit.found[one.number] = _find(one, kit)
    return kit.found[one.number]


def before(kit: Kit, *numbers: str) -> None:
    """Looks at other points first: what comes now would spoil them."""
    for number in numbers:
        find(POINTS[number], kit)


def _find(one: Point, kit: Kit) -> Finding:
    if kit.speaks and one.number != FIRST:
        return Finding(one, NOT_TRIED, kit.speaks)
    try:
        return Finding(one, KEPT, one.look(kit) or "")
    except Broken as seen:
        return Finding(one, BROKEN, str(seen))
    except NotTried as why:
        return Finding(one, NOT_TRIED, str(why))
    except requests.RequestException as fault:
        return Finding(one, BROKEN, f"no answer: {type(fault).__name__}: {fault}")
    except OSError as fault:
        return Finding(one, BROKEN, f"the connection failed: {fault}")
    except ContractError as fault:
        return Finding(one, BROKEN, f"{fault.code}: {fault}")


def must(kept: object, seen: str) -> None:
    """Raises Broken with what was seen where `kept` is false."""
    if not kept:
        raise Broken(seen)


def broken(seen: str) -> NoReturn:
    """Raises Broken."""
    raise Broken(seen)


def same(found: object, wanted: object, what: str) -> None:
    """Raises Broken where the two differ."""
    if found != wanted:
        raise Broken(f"{what}: {_short(found)} instead of {_short(wanted)}")


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By number."""
    return sorted(findings, key=lambda finding: finding.point.number)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 300 else text[:300] + "..."

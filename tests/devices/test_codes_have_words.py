# SPDX-License-Identifier: Apache-2.0
"""Every state has its remedy, and every code that a device can raise has words at the terminal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import devices
from devices.base import NAMES, REMEDIES, State, status
from devices.printer.ipp import reasons_state
from devices.remedies import WORDS
from kiosk.i18n.camera_words import camera_fault
from kiosk.i18n.device_words import device_name, remedy_words, state_word
from kiosk.i18n.messages import text_of
from kiosk.i18n.print_words import why_not_printed

SOURCES = sorted(Path(devices.__file__).parent.rglob("*.py"))
ERRORS = ("CardError", "ReaderError", "PrintFailed", "ScanFailed", "PinRefused", "CardRefused", "DeviceError")
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
SET_UP = {"profile-wrong", "driver-broken", "voice-missing", "font-missing"}  # no resident meets them: set-up and demo


def raised(path: Path) -> Iterator[tuple[str, str]]:
    """Class and code of every error built in a module; the codes of a table or variable it is built from too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, []).append(node.value)
    for error, given in _built(tree):
        for part in ast.walk(given):
            if isinstance(part, ast.Name):
                for value in values.get(part.id, []):
                    yield from ((error, code) for code in _codes(value))
        yield from ((error, code) for code in _codes(given))


def _built(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            yield node.func.id, node.args[0]
        elif isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id in ERRORS for b in node.bases):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "__init__":
                    yield node.bases[0].id, call.args[0]  # type: ignore[attr-defined]


def _codes(value: ast.expr) -> Iterator[str]:
    """In a table the codes are told from keys by standing beside their words."""
    tuples = [t for t in ast.walk(value) if isinstance(t, ast.Tuple)]
    for place in tuples or [value]:
        for part in place.elts if isinstance(place, ast.Tuple) else _outcomes(place):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and CODE.match(part.value):
                yield part.value


def _outcomes(value: ast.expr) -> Iterator[ast.expr]:
    """Of `a if b else c`, a and c; what b compares with is no code."""
    if isinstance(value, ast.IfExp):
        yield from _outcomes(value.body)
        yield from _outcomes(value.orelse)
    elif isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from _outcomes(part)
    else:
        yield value


PRINTERS = {("PrintFailed", reasons_state([reason])[1]) for reason in ("media-jam", "media-empty", "cover-open")}
FOUND = sorted({pair for path in SOURCES for pair in raised(path)} | PRINTERS)
LAST_RESORT = text_of("a code that nobody knows")


def test_the_search_finds_what_is_raised() -> None:
    codes = {code for _, code in FOUND}
    assert {"reader-absent", "card-check-digit", "card-rejected", "reader-unlicensed", "timeout", "jam"} <= codes
    assert {"scanner-busy", "pin-malformed", "profile-wrong", "corners-wrong"} <= codes
    assert len(codes) > 25


@pytest.mark.parametrize(("error", "code"), FOUND)
def test_every_code_has_words(error: str, code: str) -> None:
    if code in SET_UP:
        return
    if error == "ScanFailed":
        assert text_of(f"scan-{code}") != LAST_RESORT
        assert text_of(f"camera-{code}") != LAST_RESORT
        assert camera_fault(code)
    elif error == "PrintFailed":
        assert why_not_printed(code)
    else:
        assert text_of(f"staff-card-{code}") != LAST_RESORT
        if not code.startswith("pin-"):  # a PIN is asked of staff only
            assert text_of(code) != LAST_RESORT


@pytest.mark.parametrize("code", sorted({code for error, code in FOUND if error == "PrintFailed"}))
def test_what_stops_a_printer_is_told_apart_where_it_can_be_mended(code: str) -> None:
    by_hand = {"out-of-paper", "jam", "cover-open", "printer-absent"}
    others = {why_not_printed(other) for other in by_hand - {code}}
    assert why_not_printed(code) not in others


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_word_and_what_is_wrong_a_remedy(state: State) -> None:
    for device in NAMES.values():
        found = status(device, state)
        assert device_name(device)
        assert state_word(found)
        assert (found.remedy == "") == (state in (State.READY, State.BUSY))
        assert bool(remedy_words(found)) == bool(found.remedy) == bool(WORDS[found.remedy])


def test_no_two_things_have_the_same_words() -> None:
    assert len({state_word(status("printer", s)) for s in State}) == len(State)
    assert len({remedy_words(status("printer", s)) for s in State if s in REMEDIES}) == len(set(REMEDIES.values()))
    assert len({device_name(d) for d in NAMES.values()}) == len(NAMES)
    assert set(WORDS) == {"", *REMEDIES.values()}

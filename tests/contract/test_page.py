# SPDX-License-Identifier: Apache-2.0
"""docs/parcel.md says what the code does: its numbers, names and codes are compared."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from contract import event_body, packing, paper, sealing
from contract.events import EVENT_TYPES, Event, case_state
from contract.ids import uuid7
from contract.parcel import FrameType
from contract.record import Kind

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "parcel.md").read_text(encoding="utf-8")
MODULES = (
    "header",
    "record",
    "ids",
    "sealing",
    "attachment",
    "packing",
    "parcel",
    "events",
    "event_body",
    "hpke",
    "returns",
    "paper",
    "base45",
    "tracking",
)
SOURCES = {name: (ROOT / "contract" / f"{name}.py").read_text(encoding="utf-8") for name in MODULES}


def table(first: str) -> list[list[str]]:
    """The cells of the table whose head begins with this cell."""
    rows = PAGE.split(f"\n| {first} |", 1)[1].split("\n\n")[0].split("\n")[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize(("limit", "value", "where"), table("limit"))
def test_limits(limit: str, value: str, where: str) -> None:
    module, name = where.strip("`").rsplit(".", 1)
    assert getattr(importlib.import_module(module), name) == int(value), limit


def test_no_limit_is_left_out() -> None:
    named = {row[2].strip("`").rsplit(".", 1)[1] for row in table("limit")}
    for source in SOURCES.values():
        assert set(re.findall(r"^(MAX_[A-Z_]+) =", source, re.M)) - named <= {"MAX_RECORD_ON_PAPER"}


def test_contexts() -> None:
    listed = {row[0].strip("`") for row in table("context")}
    used = {text for source in SOURCES.values() for text in re.findall(r'CONTEXT = b"(.*?)"', source)}
    assert used == listed
    assert not any(a != b and a.startswith(b) for a in listed for b in listed)


def test_suites() -> None:
    rows = table("suite")
    assert [int(row[0]) for row in rows] == list(sealing.SUITES)
    for number, _, size, adds in rows:
        assert int(size.split()[0]) == sealing.KEY_SIZE[int(number)]
        assert int(adds.split()[0]) == sealing.OVERHEAD[int(number)]


def test_kinds_frames_events_and_dictionaries() -> None:
    assert [row[1] for row in table("kind")] == [str(kind) for kind in Kind]
    assert [int(row[0]) for row in table("kind")] == list(range(1, len(Kind) + 1))
    assert [int(row[0]) for row in table("type")] == [int(kind) for kind in FrameType]
    assert table("dictionary")[1][0] == str(packing.SHIPPED)
    assert table("dictionary")[3][0] == f"{packing.FIRST_PUBLISHED}-{packing.LAST_DICTIONARY}"
    assert f"`{paper.PREFIX}`" in PAGE
    assert f"up to a multiple of {event_body.STEP} bytes" in PAGE
    assert {row[0] for row in table("event")} == set(EVENT_TYPES)
    for kind, then in table("event"):
        state = case_state([Event(1, uuid7(), "", kind, "")])
        assert state == ("waiting" if then == "as before" else then.split()[0])


def test_codes() -> None:
    listed = {code for row in table("code") for code in row[0].split(", ")}
    raised = {c for s in SOURCES.values() for c in re.findall(r'Error\(\s*"([a-z0-9]+(?:-[a-z0-9]+)+)"', s)}
    raised |= {"record-seal"}  # chosen beside the others that opening a record may give
    assert raised == listed

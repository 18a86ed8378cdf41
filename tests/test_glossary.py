# SPDX-License-Identifier: Apache-2.0
"""docs/glossary.md is the code's language: each word that names a module has one, and near-twins have none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "glossary.md").read_text("utf-8")
PACKAGES = ("contract", "devices", "offline", "printing", "gateway", "kiosk")
FILES = sorted(path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MODULES = [path.parent if path.name == "__init__.py" else path for path in FILES]
Row = tuple[str, ...]


def rows(first: str) -> list[Row]:
    """The bodies of all tables whose head begins with this cell."""
    found: list[Row] = []
    for table in re.findall(rf"^\| {first} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.M):
        found += [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()]
    return found


WORDS, TWINS = rows("word"), rows("not")


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_tables_are_read() -> None:
    assert len(WORDS) > 80
    assert len(TWINS) > 10
    assert {len(row) for row in WORDS + TWINS} == {4}


def test_no_word_stands_twice() -> None:
    words = [word for row in WORDS for word in row[0].split(", ")]
    assert sorted(words) == sorted(set(words))


def test_every_word_is_there_in_both_languages() -> None:
    assert not [row[0] for row in WORDS if not re.search(r"[\u4e00-\u9fff]", row[1]) or not row[2]]


@pytest.mark.parametrize("named", sorted({name for row in WORDS for cell in row[2:] for name in quoted(cell)}))
def test_each_word_that_names_a_module_has_one(named: str) -> None:
    package, _, name = named.partition(": ")
    assert package in PACKAGES, named
    # in whatever room of the package it stands; a room of plain files (a dictionary) counts
    rooms = {path.stem for path in MODULES if path.parts[0] == package}
    assert name in rooms, f"docs/glossary.md names {named}, which is not there: correct the page"


def twins(row: Row) -> set[str]:
    """Modules whose name has one of the row's words in it, where they may not."""
    within = set(quoted(row[2])) or set(PACKAGES)
    return {
        str(path) for path in MODULES if path.parts[0] in within and set(quoted(row[0])) & set(path.stem.split("_"))
    }


@pytest.mark.parametrize("row", TWINS, ids=lambda row: row[0])
def test_near_twins_name_no_module(row: Row) -> None:
    before = set(quoted(row[3]))
    assert not twins(row) - before, f"call it {row[1]} (docs/glossary.md)"
    assert not before - twins(row), "it has gone: take it off the list in docs/glossary.md"

# SPDX-License-Identifier: Apache-2.0
"""Toner, ink and paper of a printer, as IPP tells them: printer-supply, printer-input-tray, markers (PWG 5100.13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LOW = 10  # percent; a cartridge lasts some hundred sheets from there
_WASTE = ("waste",)


@dataclass(frozen=True, slots=True)
class Supply:
    """One cartridge. `level` in percent; None where the printer does not know."""

    name: str
    level: int | None

    @property
    def low(self) -> bool:
        """Worth a new one at hand."""
        return self.level is not None and self.level <= LOW and not any(w in self.name.lower() for w in _WASTE)


def supplies(names: Iterable[object], levels: Iterable[object]) -> tuple[Supply, ...]:
    """The two lists belong together; levels -1 to -3 mean unknown. What is no number is unknown too."""
    found = []
    for name, level in zip(names, levels, strict=False):
        known = level if isinstance(level, int) and not isinstance(level, bool) and 0 <= level <= 100 else None
        found.append(Supply(str(name), known))
    return tuple(found)


def described(rows: Iterable[str]) -> tuple[Supply, ...]:
    """Of printer-supply, rows of "class=...;type=toner;level=7;colorantname=black;". Waste tanks are left out."""
    found = []
    for row in map(_fields, rows):
        if row.get("class") == "supplyThatIsConsumed":
            name = " ".join(filter(None, (row.get("type"), row.get("colorantname"))))
            found.append(Supply(name, _level(row.get("level"))))
    return tuple(found)


def has_paper(rows: Iterable[str]) -> bool | None:
    """Of printer-input-tray: whether any tray has paper; None where no tray says."""
    known = None
    for row in map(_fields, rows):
        if row.get("mediafeed", "0") == "0":
            continue  # a tray without a medium: "auto", or a slot for single sheets
        if row.get("level") != "0":
            return True
        known = False
    return known


def _fields(row: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in row.split(";") if "=" in part)


def _level(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and int(text) <= 100 else None


def low_words(found: Iterable[Supply]) -> str:
    """For the status: "Black Toner 7 %"; "" where nothing is low."""
    return ", ".join(f"{one.name} {one.level} %" for one in found if one.low)

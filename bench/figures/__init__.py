# SPDX-License-Identifier: Apache-2.0
"""What a measurement found, kept for the one table in which all of them stand (`python -m bench.figures`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

PLACE = Path(__file__).resolve().parents[2] / "build" / "figures"


@dataclass(frozen=True, slots=True)
class Figure:
    """A row: what was done, what we want, ours, the best other in the same run, what cannot be beaten, whether ours
    reaches the aim (None where nothing is aimed at)."""

    work: str
    aim: str
    ours: str
    beside: str = "-"
    limit: str = "-"
    met: bool | None = None


def keep(name: str, figures: Iterable[Figure]) -> None:
    """Replaces what the measurement of that name had found before."""
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / f"{name}.json").write_text(json.dumps([asdict(f) for f in figures], indent=1), "utf-8")


def kept(name: str) -> list[Figure]:
    """Nothing where it was not measured."""
    try:
        return [Figure(**row) for row in json.loads((PLACE / f"{name}.json").read_text("utf-8"))]
    except FileNotFoundError:
        return []

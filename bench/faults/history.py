# SPDX-License-Identifier: Apache-2.0
"""What was promised to the outside, and whether it was kept: the checker knows nothing of how the terminal works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Promise:
    """An application that was confirmed: which line it came from, and the answer."""

    line: int
    record_id: str
    code: str


@dataclass(slots=True)
class History:
    """Codes that were given out, by line; confirmations; what went wrong."""

    given: dict[str, int] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    unpromised: int = 0

    def gave(self, line: int, code: str) -> None:
        """A number was given out."""
        if code in self.given:
            self.twice.append(f"code {code} was given to line {self.given[code]} and to line {line}")
        self.given[code] = line

    def confirmed(self, promise: Promise) -> None:
        """The outside was told that it is safe."""
        if self.given.get(promise.code) != promise.line:
            self.twice.append(f"line {promise.line} was confirmed under {promise.code}, which it was not given")
        self.promises[promise.code] = promise

    def check_arrived(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """`rows`: all that the platform holds, with tracking_code, record_id and attachments."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            if row["tracking_code"] in self.given:
                found.setdefault(row["tracking_code"], []).append(row)
        for code, promise in self.promises.items():
            if promise.record_id not in [r["record_id"] for r in found.get(code, [])]:
                self.missing.append(f"line {promise.line}, code {code}: confirmed, not at the platform")
        for code, same in found.items():
            if len(same) > 1:
                self.duplicates.append(f"code {code} is at the platform {len(same)} times")
            if not all(a["complete"] for row in same for a in row["attachments"]):
                self.missing.append(f"code {code}: a picture is not at the platform")
        ids = Counter(row["record_id"] for same in found.values() for row in same)
        self.duplicates += [f"record {one} is at the platform {n} times" for one, n in ids.items() if n > 1]
        self.unpromised = len(set(found) - set(self.promises))

    @property
    def violations(self) -> list[str]:
        """Everything that must not be."""
        return [*self.missing, *self.duplicates, *self.twice, *self.failures]

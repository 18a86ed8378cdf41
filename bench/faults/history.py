# SPDX-License-Identifier: Apache-2.0
"""What was promised to the outside, and whether it was kept: the checker knows nothing of how the terminal works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Promise:
    """An application that was confirmed: which line it came from, and the answer."""

    line: int
    record_id: str
    code: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record as the platform opened it. `line` is read out of the sealed application; -1 where nothing could be."""

    record_id: str
    code: str
    terminal: int
    sequence: int
    line: int
    refusal: str = ""
    whole: bool = True  # with all its pictures


@dataclass(slots=True)
class History:
    """Codes that were given out, by line; confirmations; what went wrong."""

    given: dict[str, int] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    arrived: int = 0
    unpromised: int = 0

    def gave(self, line: int, code: str) -> None:
        """A number was given out."""
        if code in self.given:
            self.wrong.append(f"code {code} was given to line {self.given[code]} and to line {line}")
        self.given[code] = line

    def confirmed(self, promise: Promise) -> None:
        """The outside was told that it is safe."""
        if self.given.get(promise.code) != promise.line:
            self.wrong.append(f"line {promise.line} was confirmed under {promise.code}, which it was not given")
        self.promises[promise.code] = promise

    def check_arrived(self, rows: Iterable[Arrived]) -> None:
        """`rows`: all that the platform holds."""
        found: dict[str, list[Arrived]] = {}
        for row in rows:
            found.setdefault(row.code, []).append(row)
            self._check_one(row)
        for code, promise in self.promises.items():
            if promise.record_id not in [r.record_id for r in found.get(code, [])]:
                self.missing.append(f"line {promise.line}, code {code}: confirmed, not at the platform")
        every = [row for same in found.values() for row in same]
        for what, times in (
            ("code", Counter(r.code for r in every)),
            ("line", Counter(r.line for r in every)),
            ("record", Counter(r.record_id for r in every)),
        ):
            self.duplicates += [f"{what} {one} is at the platform {n} times" for one, n in times.items() if n > 1]
        self._check_sequences(every)
        self.arrived = len(every)
        self.unpromised = len(set(found) - set(self.promises))

    def _check_one(self, row: Arrived) -> None:
        if row.refusal:
            self.failures.append(f"code {row.code}: the platform refused it: {row.refusal}")
        elif self.given.get(row.code) != row.line:
            told = self.given.get(row.code)
            self.wrong.append(f"code {row.code} was given to line {told}, the platform has line {row.line} under it")
        if not row.whole:
            self.missing.append(f"code {row.code}: a picture is not at the platform")

    def _check_sequences(self, rows: list[Arrived]) -> None:
        """A terminal numbers its records 1, 2, 3 ...: a gap would be a record that somebody took away."""
        for terminal in {r.terminal for r in rows}:
            numbers = sorted(r.sequence for r in rows if r.terminal == terminal)
            if numbers != list(range(1, len(numbers) + 1)):
                odd = next(n for n, have in enumerate(numbers, 1) if have != n)
                self.wrong.append(f"terminal {terminal}: its sequence is broken at number {odd}")

    @property
    def violations(self) -> list[str]:
        """Everything that must not be."""
        return [*self.missing, *self.duplicates, *self.wrong, *self.failures]

# SPDX-License-Identifier: Apache-2.0
"""When a promise falls due. Working days come from a table sent by the platform: no library knows next year's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contract.errors import ContractError
from contract.items import Limit


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Years the table covers, weekdays off in them, and weekend days worked instead."""

    version: str
    years: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]

    def to_dict(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "version": self.version,
            "years": sorted(self.years),
            "holidays": [d.isoformat() for d in sorted(self.holidays)],
            "workdays": [d.isoformat() for d in sorted(self.workdays)],
        }

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> WorkCalendar:
        """Raises ContractError calendar-malformed."""
        try:
            return WorkCalendar(
                str(values["version"]),
                frozenset(int(y) for y in values["years"]),
                frozenset(date.fromisoformat(str(d)) for d in values["holidays"]),
                frozenset(date.fromisoformat(str(d)) for d in values["workdays"]),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise ContractError("calendar-malformed", "the working-day table is damaged; keep the old one") from fault

    def is_working(self, day: date) -> bool:
        """Weekends are off, where the table says nothing else."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`estimated` when a year on the way is not in the table."""

    day: date
    estimated: bool


def due(start: date, limit: Limit, calendar: WorkCalendar) -> Deadline:
    """The last day of a limit that begins to run on the day after `start`."""
    if limit.unit == "calendar":
        return Deadline(start + timedelta(days=limit.days), False)
    day, left, estimated = start, limit.days, False
    while left > 0:
        day += timedelta(days=1)
        estimated = estimated or day.year not in calendar.years
        left -= calendar.is_working(day)
    return Deadline(day, estimated)

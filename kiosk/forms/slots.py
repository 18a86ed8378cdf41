# SPDX-License-Identifier: Apache-2.0
"""The single values a page asks for: groups taken apart, a table's row as a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contract.checking import evaluate
from contract.fields import Field

SPECIAL = ("signature",)
"""Types that no form page draws: the sign screen does."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one value lives: the item's field, perhaps a row of its table, perhaps parts of a group inside.

    `path` is written as in contract.checking.Problem: "mobile", "contact.name", "members[0].idno".
    """

    root: Field
    field: Field
    row: int | None = None
    parts: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path of the value, as problems name it."""
        row = "" if self.row is None else f"[{self.row}]"
        return ".".join((self.root.id + row, *self.parts))

    @property
    def locked(self) -> bool:
        """Whether the value comes from the card and is only shown."""
        return self.field.locked

    def read(self, values: Mapping[str, Any]) -> Any:
        """The value among bare `values`, or None."""
        here = values.get(self.root.id)
        if self.row is not None:
            here = here[self.row] if isinstance(here, list) and self.row < len(here) else None
        for part in self.parts:
            here = here.get(part) if isinstance(here, Mapping) else None
        return here

    def write(self, values: Mapping[str, Any], data: Any) -> Any:
        """The whole new value of the item's field with `data` put in; empty parts are left out."""
        if self.row is None:
            return _put(values.get(self.root.id), self.parts, data)
        rows = list(values.get(self.root.id) or [])
        while len(rows) <= self.row:
            rows.append({})
        rows[self.row] = _put(rows[self.row], self.parts, data)
        return rows


def _put(here: Any, parts: tuple[str, ...], data: Any) -> Any:
    if not parts:
        return data
    made = dict(here) if isinstance(here, Mapping) else {}
    inner = _put(made.get(parts[0]), parts[1:], data)
    if is_empty(inner):
        made.pop(parts[0], None)
    else:
        made[parts[0]] = inner
    return made


def is_empty(data: Any) -> bool:
    """Whether nothing was given."""
    return data is None or data == "" or data == [] or data == {}


def slots_of(fields: Iterable[Field], values: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The slots of a page's fields, groups taken apart, hidden ones left out."""
    found: list[Slot] = []
    for field in fields:
        if field.type not in SPECIAL and (not field.visible or evaluate(field.visible, values)):
            found += _apart(Slot(field, field), values)
    return tuple(found)


def row_slots(table: Field, row: int, values: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The slots of one row of a table."""
    found: list[Slot] = []
    present = Slot(table, table, row).read(values) or {}
    for child in table.fields:
        if not child.visible or evaluate(child.visible, present):
            found += _apart(Slot(table, child, row, (child.id,)), values)
    return tuple(found)


def _apart(slot: Slot, values: Mapping[str, Any]) -> list[Slot]:
    if slot.field.type != "group":
        return [slot]
    present = slot.read(values) or {}
    found: list[Slot] = []
    for child in slot.field.fields:
        if not child.visible or evaluate(child.visible, present):
            found += _apart(Slot(slot.root, child, slot.row, (*slot.parts, child.id)), values)
    return found


def asked_by(slot: Slot) -> bool:
    """Whether the form is wrong without this value: a part of an optional group is optional."""
    return slot.field.required and (slot.row is not None or slot.root.required)

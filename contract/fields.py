# SPDX-License-Identifier: Apache-2.0
"""A form's parts. One definition drives screen, paper, check and gateway."""

from __future__ import annotations

from dataclasses import dataclass

FIELD_TYPES = (
    *("text", "name", "id_number", "code", "codes", "date", "date_range", "money", "integer", "decimal"),
    *("digits", "phone", "group", "table", "image", "signature", "area"),
)
PREFILLS = ["card.name", "card.id_number", "card.sex", "card.ethnic", "card.birth", "card.address", "station.area"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a code list."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Media:
    """What an image must be: pixels it is meant for, and the most bytes."""

    width: int
    height: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Field:
    """One value asked for. `visible` is a CEL expression over the values; empty means always."""

    id: str
    label: str
    type: str
    required: bool = True
    locked: bool = False
    prefill: str | None = None
    help: str = ""
    question: str = ""
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    max_today: bool = False
    min_today: bool = False
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    masked: bool = False
    visible: str = ""
    media: Media | None = None
    unit: str = ""

    def choice_label(self, code: str) -> str:
        """The Chinese of a code, or the code itself."""
        return next((c.label for c in self.choices if c.code == code), code)


@dataclass(frozen=True, slots=True)
class Page:
    """One screen of a form: a question and 1-3 fields."""

    id: str
    title: str
    fields: tuple[str, ...]

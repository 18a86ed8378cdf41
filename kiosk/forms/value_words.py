# SPDX-License-Identifier: Apache-2.0
"""A value in words on the screen. Whole values are put in words as on paper; half-typed ones as far as they go."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QCoreApplication

from contract.fields import Field
from kiosk.forms.slots import is_empty
from kiosk.frame.page import PageContext
from printing.values import display_value

translate = QCoreApplication.translate

_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def value_words(field: Field, data: Any, context: PageContext) -> str:
    """What was given, in words; "" for nothing."""
    if is_empty(data):
        return ""
    if field.type in ("date", "date_range"):
        return _days(data)
    if field.type in ("id_number", "digits") and isinstance(data, str):
        return group_digits(field, data)
    return display_value(field, data, context.catalogue, context.language)


def fits(field: Field, data: Any) -> bool:
    """Whether `data` has the shape by which it can be put in words: it may come from a platform, unchecked."""
    if is_empty(data):
        return True
    match field.type, data:
        case "group", dict():
            return all(fits(child, data.get(child.id)) for child in field.fields)
        case "table", list():
            return all(isinstance(row, dict) and all(fits(c, row.get(c.id)) for c in field.fields) for row in data)
        case "codes", list():
            return all(isinstance(code, str) for code in data)
        case "date_range", {"from": str(), "to": str()}:
            return True
        case "phone", {"number": str()}:
            return True
        case "phone", dict():
            return "number" not in data and isinstance(data.get("contact", ""), str)
        case "image", dict():
            return True
        case "group" | "table" | "codes" | "date_range" | "phone" | "image", _:
            return False
    return field.type == "signature" or isinstance(data, str | int | float)


def _days(data: Any) -> str:
    if isinstance(data, dict):
        first, last = day_words(str(data.get("from") or "")), day_words(str(data.get("to") or ""))
        return translate("Values", "{first} 到 {last}").format(first=first or "……", last=last or "……")
    return day_words(str(data))


def day_words(text: str) -> str:
    """ "1942-03-05" as 1942年3月5日; a year alone or a year and month as far as they go."""
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    year, month, day = found.groups()
    if day:
        return translate("Values", "{year}年{month}月{day}日").format(year=year, month=int(month), day=int(day))
    if month:
        return translate("Values", "{year}年{month}月").format(year=year, month=int(month))
    return translate("Values", "{year}年").format(year=year)


def group_digits(field: Field, digits: str) -> str:
    """Digits in groups that people read out: 138 0013 8000, 990123 1942 0305 0022, 6223 0912 3456."""
    if field.type == "id_number":
        return _cut(digits, (6, 4, 4, 4))
    if field.type == "phone" or (digits.startswith("1") and field.pattern.startswith("1")):
        return _cut(digits, (3, 4, 4))
    if field.type == "digits" and (field.min_length or 0) >= 12:
        return _cut(digits, (4,) * 8)
    return digits


def _cut(text: str, sizes: tuple[int, ...]) -> str:
    parts, start = [], 0
    for size in sizes:
        if text[start : start + size]:
            parts.append(text[start : start + size])
        start += size
    if text[start:]:
        parts.append(text[start:])
    return " ".join(parts)

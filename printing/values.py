# SPDX-License-Identifier: Apache-2.0
"""The one way a value is put in words: on the review screen, on the form, on the receipt."""

from __future__ import annotations

import re
from typing import Any

from contract.fields import Field
from contract.identity import mask_id
from contract.items import Catalogue, Limit

_WORDS = {
    "zh": {
        "none": "没有手机", "contact": "联系人", "picture": "照片一张", "signed": "已签名", "to": "至", "sum": "合计",
        "empty": "未填", "and": "、", "part": "；", "colon": "：",
    },
    "en": {
        "none": "no mobile phone", "contact": "contact", "picture": "one photo", "signed": "signed", "to": "to",
        "sum": "total", "empty": "not given", "and": ", ", "part": "; ", "colon": ": ",
    },
}  # fmt: skip


def display_value(field: Field, value: Any, catalogue: Catalogue, language: str = "zh", masked: bool = False) -> str:
    """`value` for people; `masked` hides the middle of numbers that identify. A table gives a line a row."""
    word = _WORDS[language]
    if value in (None, "", [], {}):
        return word["empty"]
    match field.type, value:
        case "code", str():
            return catalogue.text(field.choice_label(value), language)
        case "codes", list():
            return word["and"].join(catalogue.text(field.choice_label(str(c)), language) for c in value)
        case "area", str():
            return catalogue.area_name(value)
        case "date", str():
            return display_date(value, language)
        case "date_range", {"from": first, "to": last}:
            return f"{display_date(first, language)} {word['to']} {display_date(last, language)}"
        case "phone", {"number": number}:
            return mask_number(str(number)) if masked else group_phone(str(number))
        case "phone", dict():
            contact = value.get("contact")
            return word["none"] + (f"{word['part']}{word['contact']} {contact}" if contact and not masked else "")
        case "image", dict():
            return word["picture"]
        case "signature", _:
            return word["signed"]
        case "group", dict():
            return word["part"].join(
                _part(c, value, catalogue, language, masked) for c in field.fields if c.id in value
            )
        case "table", list():
            return "\n".join(
                word["part"].join(_part(c, row, catalogue, language, masked) for c in field.fields if c.id in row)
                for row in value
            )
        case "id_number", str():
            return mask_id(value) if masked else value
        case "digits", str() if field.masked and masked:
            return mask_number(value)
        case "digits", str() if field.masked:
            return re.sub(r"(.{4})(?=.)", r"\1 ", value)
    unit = catalogue.text(field.unit, language)
    return f"{value}{' ' if language == 'en' and unit else ''}{unit}"


def _part(field: Field, row: dict[str, Any], catalogue: Catalogue, language: str, masked: bool) -> str:
    label = catalogue.text(field.label, language)
    return f"{label}{_WORDS[language]['colon']}{display_value(field, row[field.id], catalogue, language, masked)}"


def display_date(iso: str, language: str = "zh") -> str:
    """2026-11-23 as 2026年11月23日."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d).*", iso)
    if not found or language == "en":
        return iso[:10]
    year, month, day = found.groups()
    return f"{year}年{int(month)}月{int(day)}日"


def group_phone(number: str) -> str:
    """138 0013 8000."""
    return f"{number[:3]} {number[3:7]} {number[7:]}" if len(number) == 11 else number


def mask_number(number: str) -> str:
    """A phone or account number on a receipt."""
    return "*" * max(len(number) - 4, 0) + number[-4:]


def display_limit(limit: Limit, language: str = "zh") -> str:
    """A time limit in words."""
    if limit.days == 0:
        return "当场办好" if language == "zh" else "while you wait"
    if language == "zh":
        return f"{limit.days} 个{'工作日' if limit.unit == 'working' else '自然日'}"
    return f"{limit.days} {'working' if limit.unit == 'working' else 'calendar'} days"

# SPDX-License-Identifier: Apache-2.0
"""Fictional people, and values and intake lines of theirs that pass the items' checks.

For `doorstep intake --example`, the demo, importers, tests and the training of the dictionary.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from contract.fields import Field
from contract.identity import Identity, check_id_number, make_id_number
from contract.items import Area, Catalogue, ServiceItem
from contract.prefill import prefill

REGION = "990123"  # fictional
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗𠮷"
_GIVEN = "秀英桂兰玉梅建国志强国华春花德福有财明丽永红小军海燕长顺凤霞金凤文斌"
_REASONS = (
    "家里老人常年生病，医药费太高，收入又少，生活困难，请求帮助。",
    "去年秋天摔伤了腿，不能下地干活，孩子还在上学，日子过不下去。",
    "两个老人都过了七十岁，没有别的收入，房子漏雨，想请政府帮一把。",
)
_TEXTS = ("示例村东头", "河边老屋旁", "示例市第一医院", "村道以北", "家政或者保洁", "示例省示例市")
_ADULT, _OLDEST = 18, 95


def person(rng: random.Random, today: date, *, least_age: int = _ADULT, most_age: int = _OLDEST) -> Identity:
    """A fictional person, with a valid check digit."""
    birth = today.replace(year=today.year - rng.randint(least_age, most_age), day=1) - timedelta(
        days=rng.randint(1, 360)
    )
    number = make_id_number(REGION, birth, rng.randint(1, 999))
    name = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2, 2))))
    if rng.random() < 0.03:
        name = "买买提·" + rng.choice(_GIVEN) + "江"
    issued = today - timedelta(days=rng.randint(30, 3000))
    long_term = today.year - birth.year >= 46 + 9
    return Identity(
        name=name,
        id_number=number,
        sex=check_id_number(number).sex,
        ethnic=rng.choice(("01", "01", "01", "01", "03", "11")),
        birth=birth.isoformat(),
        address=f"示例省示例市示例县示例镇示例村{rng.randint(1, 9)}组{rng.randint(1, 120)}号",
        issuer="示例县公安局",
        valid_from=issued.isoformat(),
        valid_to=None if long_term else (issued + timedelta(days=3650)).isoformat(),
    )


def _least_age(item: ServiceItem) -> int:
    for least in (80, 60):
        if f"age>={least}" in item.eligibility.replace(" ", ""):
            return least
    return _ADULT


def example_values(
    item: ServiceItem, rng: random.Random, today: date, areas: tuple[Area, ...] = ()
) -> tuple[Identity, dict[str, Any]]:
    """An applicant and values that pass the item's check; pictures are left out (they need a file)."""
    identity = person(rng, today, least_age=_least_age(item))
    village = _villages(areas)[0] if areas else "990123101201"
    values: dict[str, Any] = {}
    for f in item.fields:
        if f.type in ("signature", "image"):
            continue
        given = prefill(f, identity, village)
        values[f.id] = _MAKE[f.type](f, rng, today) if given is None else given
    if "house_n" in values and "members" in values:
        values["house_n"] = len(values["members"])
    return identity, values


def example_line(
    item: ServiceItem, rng: random.Random, today: date, catalogue: Catalogue | None = None
) -> dict[str, Any]:
    """One line for intake: every required material is answered, to be brought later."""
    identity, values = example_values(item, rng, today, catalogue.areas if catalogue else ())
    return {
        "item": item.id,
        "identity": identity.to_dict() | {"assurance": "document-copy"},
        "values": values,
        "materials": [
            {"material": m.id, "how": "generated" if m.ecert == "gen" else "later"}
            for m in item.materials
            if m.required
        ],
        "staff": "示例代办员",
        "agent": None,
    }


def _villages(areas: tuple[Area, ...]) -> list[str]:
    found: list[str] = []
    for area in areas:
        found += _villages(area.children) if area.children else [area.code]
    return found


def _past(rng: random.Random, today: date, days: int = 2000) -> str:
    return (today - timedelta(days=rng.randint(1, days))).isoformat()


def _text(f: Field, rng: random.Random, _today: date) -> str:
    if f.pattern:  # the one pattern in use: a disability certificate
        return (
            make_id_number(REGION, date(1960 + rng.randint(0, 30), 1, 5), rng.randint(1, 999))
            + f"{rng.randint(1, 7)}{rng.randint(1, 4)}"
        )
    return rng.choice(_REASONS) if (f.min_length or 0) >= 10 else rng.choice(_TEXTS)


def _digits(f: Field, rng: random.Random, _today: date) -> str:
    if f.pattern:
        return f"139{rng.randint(0, 99_999_999):08d}"
    size = f.min_length or 8
    return "62" + "".join(str(rng.randint(0, 9)) for _ in range(max(size, min(19, f.max_length or size)) - 2))


def _number(f: Field, rng: random.Random) -> float:
    least = f.minimum or 0
    return rng.uniform(max(least, 1), min(f.maximum or 3000, 3000))


def _group(f: Field, rng: random.Random, today: date) -> dict[str, Any]:
    return {child.id: _MAKE[child.type](child, rng, today) for child in f.fields}


def _phone(_f: Field, rng: random.Random, _today: date) -> dict[str, Any]:
    if rng.random() < 0.2:
        return {"none": True}
    return {"number": f"138{rng.randint(0, 99_999_999):08d}"}


def _id_number(_f: Field, rng: random.Random, today: date) -> str:
    return person(rng, today).id_number


def _date_range(_f: Field, rng: random.Random, today: date) -> dict[str, str]:
    first, last = sorted((_past(rng, today, 9000), _past(rng, today, 9000)))
    return {"from": first, "to": last}


def _table(f: Field, rng: random.Random, today: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    numbers: set[str] = set()
    for _ in range(rng.randint(1, 4)):
        row = _group(f, rng, today)
        if str(row.get("idno", len(rows))) not in numbers:
            numbers.add(str(row.get("idno", len(rows))))
            rows.append(row)
    return rows


_MAKE: Mapping[str, Callable[[Field, random.Random, date], Any]] = {
    "text": _text,
    "name": lambda _f, rng, today: person(rng, today).name,
    "id_number": _id_number,
    "code": lambda f, rng, _today: rng.choice(f.choices).code,
    "codes": lambda f, rng, _today: [rng.choice(f.choices).code],
    "date": lambda _f, rng, today: _past(rng, today),
    "date_range": _date_range,
    "money": lambda f, rng, _today: f"{_number(f, rng):.2f}",
    "integer": lambda f, rng, _today: round(_number(f, rng)),
    "decimal": lambda f, rng, _today: f"{_number(f, rng):.1f}",
    "digits": _digits,
    "phone": _phone,
    "group": _group,
    "table": _table,
    "area": lambda _f, _rng, _today: "990123101201",
}

# SPDX-License-Identifier: Apache-2.0
"""Is what was filled in right and complete? The same answer on screen, at intake and at the gateway."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as part
from datetime import date
from typing import Any

from contract.errors import ContractError
from contract.fields import Field
from contract.identity import check_id_number, check_name
from contract.items import ServiceItem

_MONEY = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_PHONE = re.compile(r"(1\d{10}|0\d{9,11})", re.ASCII)
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
"""Of attachments."""
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. `field` is a path like members[0].idno; `params` fill the sentence shown for `code`."""

    field: str
    code: str
    message: str
    params: Mapping[str, str] = part(default_factory=dict)


class _WrongError(Exception):
    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}


def evaluate(expression: str, facts: Mapping[str, Any]) -> bool:
    """A CEL expression over `facts`; False where it names something unknown or is no truth value."""
    from cel import evaluate as cel_evaluate  # 20 ms to load: only where an expression is met

    try:
        return cel_evaluate(expression, dict(facts)) is True
    except (RuntimeError, ValueError, TypeError):
        return False


def compiles(expression: str) -> bool:
    """Whether an expression is well-formed CEL."""
    from cel import compile as cel_compile

    try:
        cel_compile(expression)
    except (RuntimeError, ValueError):
        return False
    return True


def eligible(item: ServiceItem, facts: Mapping[str, Any]) -> bool:
    """The item's hint for who it is for; a hint only, never a refusal. `facts`: age, disabled, veteran, ..."""
    return evaluate(item.eligibility, facts)


def visible_fields(item: ServiceItem, values: Mapping[str, Any]) -> tuple[Field, ...]:
    """The item's fields that are asked for, given the other values."""
    return tuple(f for f in item.fields if not f.visible or evaluate(f.visible, values))


def check_values(
    item: ServiceItem,
    values: Mapping[str, Any],
    *,
    today: date,
    partial: bool = False,
    only: Iterable[str] | None = None,
) -> list[Problem]:
    """All problems of `values`. `partial` leaves out what is merely missing; `only` checks just these fields.

    A value that the item does not list is a problem as well (unknown-field). Signatures are the application's.
    """
    asked = visible_fields(item, values)
    wanted = {f.id for f in asked} if only is None else set(only)
    problems = [
        Problem(name, "unknown-field", f"the item does not ask for {name}")
        for name in values
        if only is None and name not in {f.id for f in item.fields}
    ]
    for f in asked:
        if f.id in wanted and f.type != "signature":
            problems += _check_field(f, f.id, values.get(f.id), today, partial)
    if not problems:
        problems += _check_across(values, wanted)
    return problems


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _check_field(f: Field, path: str, value: Any, today: date, partial: bool) -> list[Problem]:
    if _empty(value):
        if f.required and not partial:
            return [Problem(path, "required", f"{path} is missing")]
        return []
    if f.type == "group":
        return _check_group(f, path, value, today, partial)
    if f.type == "table":
        return _check_table(f, path, value, today, partial)
    try:
        _CHECKS[f.type](f, value, today)
    except _WrongError as wrong:
        return [Problem(path, wrong.code, f"{path}: {wrong}", wrong.params)]
    except ContractError as wrong:
        return [Problem(path, wrong.code, f"{path}: {wrong}")]
    return []


def _check_group(f: Field, path: str, value: Any, today: date, partial: bool) -> list[Problem]:
    if not isinstance(value, dict):
        return [Problem(path, "malformed", f"{path} is a group of values")]
    problems = [
        Problem(f"{path}.{name}", "unknown-field", f"{path} has no part {name}")
        for name in value
        if name not in {child.id for child in f.fields}
    ]
    for child in f.fields:
        if not child.visible or evaluate(child.visible, value):
            problems += _check_field(child, f"{path}.{child.id}", value.get(child.id), today, partial)
    return problems


def _check_table(f: Field, path: str, value: Any, today: date, partial: bool) -> list[Problem]:
    if not isinstance(value, list) or len(value) > 50:
        return [Problem(path, "malformed", f"{path} is a list of at most 50 rows")]
    problems: list[Problem] = []
    for number, row in enumerate(value):
        problems += _check_group(f, f"{path}[{number}]", row, today, partial)
    for child in (c for c in f.fields if c.type == "id_number"):
        seen: set[str] = set()
        for number, row in enumerate(value):
            given = row.get(child.id) if isinstance(row, dict) else None
            if given and given in seen:
                problems.append(
                    Problem(f"{path}[{number}].{child.id}", "duplicate-id", "this person is already listed")
                )
            if given:
                seen.add(given)
    return problems


def _check_across(values: Mapping[str, Any], wanted: set[str]) -> list[Problem]:
    number, birth, sex = values.get("idno"), values.get("birth"), values.get("sex")
    problems = []
    if isinstance(number, str) and {"idno", "birth", "sex"} & wanted and len(number) == 18:
        parts = check_id_number(number)
        if isinstance(birth, str) and birth != parts.birth.isoformat():
            problems.append(Problem("birth", "birth-differs", "the birth date differs from the ID number"))
        if isinstance(sex, str) and sex in "12" and sex != parts.sex and number[0] != "9":
            problems.append(Problem("sex", "sex-differs", "the sex differs from the ID number"))
    rows, count = values.get("members"), values.get("house_n")
    if isinstance(rows, list) and isinstance(count, int) and {"members", "house_n"} & wanted and len(rows) != count:
        problems.append(
            Problem(
                "members", "rows-mismatch", f"{count} people are stated and {len(rows)} listed",
                {"stated": str(count), "listed": str(len(rows))},
            )
        )  # fmt: skip
    return problems


def _text(f: Field, value: Any, _today: date) -> None:
    if not isinstance(value, str):
        raise _WrongError("malformed", "text is wanted")
    size = len(value.strip())
    if f.min_length is not None and size < f.min_length:
        raise _WrongError("too-short", f"at least {f.min_length} characters are wanted", least=f.min_length, given=size)
    if f.max_length is not None and len(value) > f.max_length:
        raise _WrongError("too-long", f"at most {f.max_length} characters fit", most=f.max_length, given=len(value))
    if f.pattern and not re.fullmatch(f.pattern, value):
        raise _WrongError("pattern", "the value has not the form wanted")
    if any(ord(c) < 32 and c not in "\n\t" for c in value):
        raise _WrongError("malformed", "control characters have no place in a form")


def _name(f: Field, value: Any, today: date) -> None:
    _text(f, value, today)
    check_name(value)


def _id_number(_f: Field, value: Any, today: date) -> None:
    if not isinstance(value, str):
        raise _WrongError("malformed", "text is wanted")
    if check_id_number(value).birth > today:
        raise _WrongError("id-birth-date", "the birth date inside the ID number is in the future")


def _digits(f: Field, value: Any, today: date) -> None:
    _text(f, value, today)
    if not re.fullmatch(r"\d+", value, re.ASCII):
        raise _WrongError("not-digits", "only digits are wanted")


def _code(f: Field, value: Any, _today: date) -> None:
    if not isinstance(value, str) or value not in {c.code for c in f.choices}:
        raise _WrongError("not-a-choice", "this is none of the choices")


def _codes(f: Field, value: Any, today: date) -> None:
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        raise _WrongError("malformed", "a list of different choices is wanted")
    for one in value:
        _code(f, one, today)


def _as_date(value: Any) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _WrongError("date-invalid", "there is no such day")


def _date(f: Field, value: Any, today: date) -> None:
    day = _as_date(value)
    if f.max_today and day > today:
        raise _WrongError("date-future", "the day is still to come")
    if f.min_today and day < today:
        raise _WrongError("date-past", "the day has passed")
    if day.year < 1900:
        raise _WrongError("date-invalid", "the day is too long ago")


def _date_range(f: Field, value: Any, today: date) -> None:
    if not isinstance(value, dict) or set(value) != {"from", "to"}:
        raise _WrongError("malformed", "a first and a last day are wanted")
    _date(f, value["from"], today)
    _date(f, value["to"], today)
    if value["from"] > value["to"]:
        raise _WrongError("range-order", "the first day is after the last")


def _bounds(f: Field, number: float) -> None:
    if f.minimum is not None and number < f.minimum:
        raise _WrongError("below-minimum", f"at least {f.minimum:g} is wanted", least=f"{f.minimum:g}")
    if f.maximum is not None and number > f.maximum:
        raise _WrongError("above-maximum", f"at most {f.maximum:g} is possible", most=f"{f.maximum:g}")


def _money(f: Field, value: Any, _today: date) -> None:
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise _WrongError("number-invalid", "an amount like 1234.50 is wanted")
    _bounds(f, float(value))


def _decimal(f: Field, value: Any, _today: date) -> None:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise _WrongError("number-invalid", "a number like 12.5 is wanted")
    _bounds(f, float(value))


def _integer(f: Field, value: Any, _today: date) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _WrongError("number-invalid", "a whole number is wanted")
    _bounds(f, value)


def _phone(_f: Field, value: Any, _today: date) -> None:
    match value:
        case {"number": str(number)} if len(value) == 1:
            if not re.fullmatch(r"1\d{10}", number, re.ASCII):
                raise _WrongError("phone-invalid", "a mobile number has 11 digits and begins with 1", given=len(number))
        case {"none": True, **rest} if set(rest) <= {"contact"}:
            contact = rest.get("contact", "")
            if not isinstance(contact, str) or len(contact) > 80:
                raise _WrongError("malformed", "the contact is text of at most 80 characters")
        case _:
            raise _WrongError("malformed", 'a phone is {"number": ...} or {"none": true}')


def _image(_f: Field, value: Any, _today: date) -> None:
    match value:
        case {"attachment": str(digest), "media_type": str(kind)} if len(value) == 2:
            if not _DIGEST.fullmatch(digest) or kind not in MEDIA_TYPES:
                raise _WrongError("malformed", "the picture is not named by its digest and type")
        case _:
            raise _WrongError("malformed", "a picture is wanted")


def _area(_f: Field, value: Any, _today: date) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{12}", value, re.ASCII):
        raise _WrongError("not-a-choice", "a place is chosen down to its village")


_CHECKS: Mapping[str, Callable[[Field, Any, date], None]] = {
    "text": _text,
    "name": _name,
    "id_number": _id_number,
    "code": _code,
    "codes": _codes,
    "date": _date,
    "date_range": _date_range,
    "money": _money,
    "integer": _integer,
    "decimal": _decimal,
    "digits": _digits,
    "phone": _phone,
    "image": _image,
    "area": _area,
}

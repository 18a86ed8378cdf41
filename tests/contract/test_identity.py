# SPDX-License-Identifier: Apache-2.0
"""Numbers, names and validity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contract.identity import (
    Identity,
    IdentityError,
    age_on,
    check_id_number,
    check_name,
    check_uscc,
    check_validity,
    make_id_number,
    mask_id,
    mask_name,
)

PERSON = Identity(
    "王秀英", "990123194203050022", "2", "01", "1942-03-05", "示例村3组12号", "示例县公安局", "2012-05-01", None
)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",  # GB 11643, example
        "810000199408230021",
        "830000199201300022",
        "932682198501010017",
        "911124198108030024",
        "990123194203050022",
    ],
)
def test_right_numbers_pass(number: str) -> None:
    assert check_id_number(number).number == number
    assert check_id_number(number.lower()).number == number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("99012319420305002", "id-length"),
        ("9901231942030500２2", "id-characters"),
        ("99012319420230002X", "id-birth-date"),
        ("990123194203050023", "id-check-digit"),
    ],
)
def test_wrong_numbers_are_named(number: str, code: str) -> None:
    with pytest.raises(IdentityError) as refused:
        check_id_number(number)
    assert refused.value.code == code


def test_every_made_number_is_right() -> None:
    for sequence in range(200):
        parts = check_id_number(make_id_number("990123", date(1960, 2, 29), sequence))
        assert parts.birth == date(1960, 2, 29)
        assert parts.sex == ("1" if sequence % 2 else "2")


@pytest.mark.parametrize("name", ["王秀英", "\U00020bb7野", "买买提·艾力", "\U0003106c\U0002a6d6", "\ue863"])
def test_names_stay_as_they_are(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", " 王", "王\n英", "王1", "王" * 51, "<b>"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(IdentityError):
        check_name(name)


def test_masks_hide_what_they_should() -> None:
    assert mask_id("990123194203050022") == "9901**********0022"
    assert [mask_name(n) for n in ("王", "王英", "王秀英")] == ["*", "王*", "王*英"]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "12441500196720244T"])
def test_social_credit_codes(code: str) -> None:
    assert check_uscc(code) == code
    with pytest.raises(IdentityError):
        check_uscc(code[:17] + ("0" if code[17] != "0" else "1"))


def test_validity() -> None:
    today = date(2026, 11, 23)
    check_validity(PERSON, today)
    for change, code in (
        ({"valid_to": "2026-11-22"}, "card-expired"),
        ({"valid_from": "2026-11-24"}, "card-not-yet-valid"),
    ):
        with pytest.raises(IdentityError) as refused:
            check_validity(replace(PERSON, **change), today)
        assert refused.value.code == code


def test_age_counts_whole_years() -> None:
    assert age_on(date(1942, 11, 24), date(2026, 11, 23)) == 83
    assert age_on(date(1942, 11, 23), date(2026, 11, 23)) == 84


def test_an_identity_travels_whole() -> None:
    assert Identity.from_dict(PERSON.to_dict()) == PERSON
    for broken in ({}, {**PERSON.to_dict(), "more": "x"}, {**PERSON.to_dict(), "name": 3}):
        with pytest.raises(IdentityError):
            Identity.from_dict(broken)

# SPDX-License-Identifier: Apache-2.0
"""What was filled in: right, complete, and nothing that is not asked for."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contract.application import Agent, Application, Consent, MaterialAnswer, Value, check_application
from contract.checking import check_values, eligible, evaluate
from contract.sample import sample_catalogue
from contract.sample.people import example_line, example_values, person

TODAY = date(2026, 11, 23)
ITEMS = sorted(sample_catalogue().items)
PICTURE = {"attachment": "ab" * 32, "media_type": "image/jpeg"}


def filled(item_id: str, seed: int = 1) -> Application:
    item = sample_catalogue().item(item_id)
    identity, values = example_values(item, random.Random(seed), TODAY, sample_catalogue().areas)
    values |= {f.id: PICTURE for f in item.fields if f.type == "image"}
    return Application(
        item.id, item.version, item.content_hash, "004210001372", identity,
        {k: Value(v, "resident") for k, v in values.items()},
        tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
        Consent("1", "2026-11-23T09:41:00+08:00", True, True), "2026-11-23T09:52:00+08:00",
        signature={"width": 8, "height": 3, "strokes": [[[1, 1, 0, 0.5]]]},
    )  # fmt: skip


@pytest.mark.parametrize("item_id", ITEMS)
def test_examples_of_every_item_pass(item_id: str) -> None:
    item = sample_catalogue().item(item_id)
    for seed in range(5):
        application = filled(item_id, seed)
        assert check_application(item, application, today=TODAY) == []
        assert Application.from_payload(application.to_payload()) == application


@pytest.mark.parametrize("item_id", ITEMS)
def test_every_required_value_is_missed(item_id: str) -> None:
    item = sample_catalogue().item(item_id)
    missed = {p.field for p in check_values(item, {}, today=TODAY) if p.code == "required"}
    assert missed == {f.id for f in item.fields if f.required and f.type != "signature"}
    assert check_values(item, {}, today=TODAY, partial=True) == []


@pytest.mark.parametrize(
    ("item_id", "name", "value", "code"),
    [
        ("old80", "idno", "990123194203050023", "id-check-digit"),
        ("old80", "name", "王\t英", "name-invalid"),
        ("old80", "mobile", {"number": "2380013800"}, "phone-invalid"),
        ("old80", "bank_no", "62230912", "too-short"),
        ("old80", "bank_no", "6223a91234567890", "not-digits"),
        ("old80", "bank", "moon", "not-a-choice"),
        ("old80", "contact", {"name": "李明"}, "required"),
        ("old80", "birth", "1942-02-30", "date-invalid"),
        ("old80", "birth", "2942-02-03", "date-future"),
        ("old80", "birth", "1942-03-06", "birth-differs"),
        ("old80", "amount", "5", "unknown-field"),
        ("dibao", "income_m", "-5", "number-invalid"),
        ("dibao", "house_n", 21, "above-maximum"),
        ("dibao", "house_n", True, "number-invalid"),
        ("dibao", "reason", "太短", "too-short"),
        ("dibao", "reason", "长" * 501, "too-long"),
        ("dibao", "income_src", ["farm", "farm"], "malformed"),
        ("dibao", "members", "nobody", "malformed"),
        ("med-remote", "dates", {"from": "2026-12-02", "to": "2026-12-01"}, "range-order"),
        ("disab-allow", "disab_no", "123", "pattern"),
        ("homestead", "plot_area", "0", "below-minimum"),
        ("old-card", "photo", {"attachment": "x", "media_type": "image/jpeg"}, "malformed"),
        ("pension-join", "live_area", "99", "not-a-choice"),
    ],
)
def test_wrong_values_are_named(item_id: str, name: str, value: Any, code: str) -> None:
    item = sample_catalogue().item(item_id)
    values = filled(item_id).data() | {name: value}
    if name == "birth":
        values["idno"] = "990123194203050022"
        values["sex"] = "2"
    assert code in {p.code for p in check_values(item, values, today=TODAY)}


def test_no_phone_is_an_answer() -> None:
    item = sample_catalogue().item("old80")
    values = filled("old80").data() | {"mobile": {"none": True, "contact": "李明 13800138000"}}
    assert check_values(item, values, today=TODAY) == []


def test_people_are_listed_once_and_counted() -> None:
    item = sample_catalogue().item("dibao")
    values = filled("dibao").data()
    row = values["members"][0]
    twice = values | {"members": [row, row], "house_n": 2}
    assert {p.code for p in check_values(item, twice, today=TODAY)} == {"duplicate-id"}
    short = values | {"house_n": len(values["members"]) + 1}
    assert {p.code for p in check_values(item, short, today=TODAY)} == {"rows-mismatch"}


def test_nothing_may_be_demanded_that_the_item_does_not_list() -> None:
    item = sample_catalogue().item("old80")
    application = filled("old80")
    extra = replace(application, materials=(*application.materials, MaterialAnswer("court", "later")))
    assert {p.code for p in check_application(item, extra, today=TODAY)} == {"unknown-material"}


def test_materials_signature_and_consent_are_looked_for() -> None:
    item = sample_catalogue().item("old80")
    application = filled("old80")
    for change, code in (
        ({"materials": ()}, "required"),
        (
            {"materials": (MaterialAnswer("idcard", "scanned"), MaterialAnswer("bankcard", "later"))},
            "attachment-missing",
        ),
        ({"signature": None}, "signature-empty"),
        ({"consent": replace(application.consent, given=False)}, "required"),
    ):
        problems = check_application(item, replace(application, **change), today=TODAY)  # type: ignore[arg-type]
        assert {p.code for p in problems} == {code}


def test_agents_and_guardians() -> None:
    item = sample_catalogue().item("old80")
    application = filled("old80")
    other = Agent(person(random.Random(9), TODAY), "20", "高龄津贴申领", "代为申请", None)
    assert check_application(item, replace(application, agent=other), today=TODAY) == []
    same = replace(other, identity=application.applicant)
    assert {p.code for p in check_application(item, replace(application, agent=same), today=TODAY)} == {
        "agent-is-applicant"
    }
    alone = sample_catalogue().item("idcard-renew")
    assert {p.code for p in check_application(alone, replace(filled("idcard-renew"), agent=other), today=TODAY)} == {
        "agent-not-allowed"
    }


def test_hints_are_only_hints() -> None:
    item = sample_catalogue().item("old80")
    assert eligible(item, {"age": 84})
    assert not eligible(item, {"age": 50})
    assert not eligible(item, {})
    assert not evaluate("1 +", {})


def test_the_same_seed_gives_the_same_line() -> None:
    item = sample_catalogue().item("dibao")
    assert example_line(item, random.Random(4), TODAY) == example_line(item, random.Random(4), TODAY)

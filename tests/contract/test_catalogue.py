# SPDX-License-Identifier: Apache-2.0
"""The catalogue: read whole, refused whole; deltas."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contract.catalogue import (
    CatalogueError,
    apply_delta,
    catalogue_delta,
    document_hash,
    load_catalogue,
    parse_catalogue,
)
from contract.errors import ContractError
from contract.sample import sample_catalogue


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(dict(sample_catalogue().document))


def refusals(document: dict[str, Any]) -> str:
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(document)
    return " | ".join(f"{p.path}: {p.message}" for p in refused.value.problems)


def test_the_sample_has_thirty_items_in_full() -> None:
    catalogue = sample_catalogue()
    assert len(catalogue.items) == 30
    for item in catalogue.items.values():
        assert item.legal_basis
        assert item.process
        assert item.complaint[0].startswith("12345")
        assert item.fields[0].id == "name"
        assert all(1 <= len(page.fields) <= 3 for page in item.pages)
        placed = [name for page in item.pages for name in page.fields]
        assert sorted(placed) == sorted(f.id for f in item.fields if f.type != "signature")


def test_no_item_is_online_only(document: dict[str, Any]) -> None:
    document["items"][0]["track"] = "online-only"
    assert "online-only" in refusals(document)


def test_an_unknown_field_type_refuses_the_whole(document: dict[str, Any]) -> None:
    document["fields"]["reason"]["type"] = "hologram"
    assert "field type 'hologram' is unknown" in refusals(document)


def test_a_forbidden_village_proof_is_refused(document: dict[str, Any]) -> None:
    document["materials"]["hukou"]["name"] = "村委会出具的亲属关系证明"
    assert "which rules forbid" in refusals(document)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["departments"]["mca"].update(uscc="1199012399900011XY"), "check character"),
        (lambda d: d["items"].append(copy.deepcopy(d["items"][0])), "used twice"),
        (lambda d: d["items"][0].update(department="nobody"), "no department"),
        (lambda d: d["items"][0].update(eligibility="age >="), "no CEL"),
        (
            lambda d: d["items"][0]["materials"].append({"id": "moon", "form": "O", "copies": 1, "required": True}),
            "moon",
        ),
        (lambda d: d["items"][0]["fields"].append("moon"), "no field moon"),
        (lambda d: d["pages"][0]["fields"].append("mobile"), "too long"),
        (lambda d: d["fields"]["bank"].pop("choices"), "needs its list"),
        (lambda d: d.pop("forbidden"), "required"),
    ],
)
def test_what_else_is_refused(document: dict[str, Any], change: Any, said: str) -> None:
    change(document)
    assert said in refusals(document)


@pytest.mark.parametrize("text", ["[1, 2", "- 1", "\x00", "a: &a [*a]"])
def test_what_is_no_document(text: str) -> None:
    with pytest.raises(CatalogueError):
        parse_catalogue(text)


def test_a_delta_leads_from_one_version_to_the_next(document: dict[str, Any]) -> None:
    new = copy.deepcopy(document)
    new["version"] = "2026.12.1"
    new["items"][3]["promised"]["days"] = 7
    del new["items"][5]
    delta = catalogue_delta(document, new)
    assert len(delta["items"]) == 1
    assert document_hash(apply_delta(document, delta)) == document_hash(new)


def test_a_delta_for_another_version_is_refused(document: dict[str, Any]) -> None:
    new = copy.deepcopy(document)
    new["version"] = "2026.12.1"
    delta = catalogue_delta(document, new)
    document["items"].pop()
    with pytest.raises(ContractError) as refused:
        apply_delta(document, delta)
    assert refused.value.code == "catalogue-delta"


def test_an_item_has_its_own_hash(document: dict[str, Any]) -> None:
    before = load_catalogue(document)
    document["items"][3]["fee"] = "10元"
    after = load_catalogue(document)
    changed = [i for i in before.items if before.items[i].content_hash != after.items[i].content_hash]
    assert changed == [document["items"][3]["id"]]

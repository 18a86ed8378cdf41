# SPDX-License-Identifier: Apache-2.0
"""Reading a catalogue: JSON Schema, then the linter; refused whole or taken whole. And deltas between versions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from contract.checking import compiles
from contract.codes import CODE_LISTS
from contract.errors import ContractError
from contract.fields import FIELD_TYPES, PREFILLS, Choice, Field, Media, Page
from contract.identity import IdentityError, check_uscc
from contract.items import Area, Catalogue, Department, LegalBasis, Limit, Material, ServiceItem
from contract.packing import to_cbor

_CERTIFIES = re.compile(r"(村委会|村民委员会|居委会|居民委员会|村|社区|居村)[^，。；]{0,12}(证明|出具|开具|盖章)")


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """What is wrong, and where in the document."""

    path: str
    message: str


class CatalogueError(ContractError):
    """A catalogue that is not taken; the one before stays in force."""

    def __init__(self, problems: tuple[CatalogueProblem, ...]) -> None:
        lines = "; ".join(f"{p.path}: {p.message}" for p in problems[:5])
        more = f" and {len(problems) - 5} more" if len(problems) > 5 else ""
        super().__init__("catalogue-refused", f"the catalogue is refused, the old one stays. {lines}{more}")
        self.problems = problems


def document_hash(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a document's canonical bytes."""
    return hashlib.sha256(to_cbor(document)).hexdigest()


def parse_catalogue(text: str | bytes) -> Catalogue:
    """A catalogue from YAML or JSON. Raises CatalogueError."""
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        document = yaml.load(text, Loader=loader)
    except yaml.YAMLError as fault:
        where = str(getattr(fault, "problem_mark", "") or "").strip() or "document"
        raise CatalogueError((CatalogueProblem(where, "this is neither YAML nor JSON"),)) from fault
    if not isinstance(document, dict):
        raise CatalogueError((CatalogueProblem("document", "a map is wanted"),))
    return load_catalogue(document)


def load_catalogue(document: Mapping[str, Any], *, trusted: bool = False) -> Catalogue:
    """Checks and builds. Raises CatalogueError with all problems.

    `trusted` leaves the checks out, for a document that was checked when it came and kept under authentication.
    """
    if not trusted:
        problems = tuple(_schema_problems(document)) or tuple(_lint(document))
        if problems:
            raise CatalogueError(problems)
    fields = {name: _field(name, spec) for name, spec in document["fields"].items()}
    departments = {
        name: Department(name, d["name"], d["uscc"], d.get("phone", "")) for name, d in document["departments"].items()
    }
    items = {spec["id"]: _item(spec, document, fields, departments) for spec in document["items"]}
    return Catalogue(
        document["version"],
        document_hash(document),
        document["area_code"],
        tuple(document["area_path"]),
        items,
        departments,
        tuple(_area(a) for a in document["areas"]),
        tuple(document["forbidden"]),
        document.get("translations", {}),
        document,
    )


def _area(spec: Mapping[str, Any]) -> Area:
    return Area(spec["code"], spec["name"], tuple(_area(a) for a in spec.get("children", ())))


def _field(name: str, spec: Mapping[str, Any]) -> Field:
    choices = spec.get("choices", {})
    listed = CODE_LISTS[choices] if isinstance(choices, str) else choices
    plain = {k: v for k, v in spec.items() if k not in ("choices", "fields", "media")}
    return Field(
        id=name,
        choices=tuple(Choice(str(code), label) for code, label in listed.items()),
        fields=tuple(_field(child, s) for child, s in spec.get("fields", {}).items()),
        media=Media(**spec["media"]) if "media" in spec else None,
        **plain,
    )


def _item(
    spec: Mapping[str, Any],
    document: Mapping[str, Any],
    fields: Mapping[str, Field],
    departments: Mapping[str, Department],
) -> ServiceItem:
    asked = [*document["base_fields"], *(f for f in spec["fields"] if f not in document["base_fields"])]
    chosen = tuple(fields[name] for name in asked)
    department = departments[spec["department"]]
    complaint = (*document["complaint"], *([f"{department.name} {department.phone}"] if department.phone else []))
    named = document["materials"]
    return ServiceItem(
        id=spec["id"],
        base_code=spec["base_code"],
        impl_code=spec["impl_code"],
        local_code=spec.get("local_code", ""),
        name=spec["name"],
        plain_name=spec["plain_name"],
        department=department,
        owner_level=spec["owner_level"],
        intake_levels=tuple(spec["intake_levels"]),
        category=spec["category"],
        case_type=spec["case_type"],
        legal_basis=tuple(LegalBasis(b["text"], b["confidence"]) for b in spec["legal_basis"]),
        conditions=spec["conditions"],
        process=tuple(spec["process"]),
        statutory=Limit(**spec["statutory"]),
        promised=Limit(**spec["promised"]),
        fee=spec["fee"],
        visits=spec["visits"],
        track=spec["track"],
        offline=spec["offline"],
        depth=spec["depth"],
        life_event=spec["life_event"],
        eligibility=spec["eligibility"],
        materials=tuple(
            Material(m["id"], named[m["id"]]["name"], named[m["id"]]["ecert"], m["form"], m["copies"], m["required"])
            for m in spec["materials"]
        ),
        fields=chosen,
        pages=_pages(document["pages"], chosen),
        agent_allowed=spec["agent_allowed"],
        minor=spec.get("minor", False),
        urgent=spec.get("urgent", False),
        complaint=complaint,
        version=document["version"],
        effective=document["effective"],
        content_hash=document_hash({"item": spec, "fields": {f: document["fields"][f] for f in asked}}),
    )


def _pages(templates: list[Mapping[str, Any]], fields: tuple[Field, ...]) -> tuple[Page, ...]:
    """The catalogue's questions that this item's fields need, in their order. Signatures have their own screen."""
    have = {f.id for f in fields if f.type != "signature"}
    pages = [
        Page(t["id"], t["title"], tuple(name for name in t["fields"] if name in have))
        for t in templates
        if have & set(t["fields"])
    ]
    placed = {name for page in pages for name in page.fields}
    left = [f for f in fields if f.id in have - placed]
    return (*pages, *(Page(f.id, f.question or f.label, (f.id,)) for f in left))


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # 60 ms to load: only where a document comes in

    source = resources.files("contract.schema").joinpath("catalogue.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(source))


def _schema_problems(document: Mapping[str, Any]) -> Iterator[CatalogueProblem]:
    for error in sorted(_validator().iter_errors(document), key=lambda e: list(map(str, e.absolute_path))):
        yield CatalogueProblem(".".join(str(p) for p in error.absolute_path) or "document", error.message[:200])


def _lint(document: Mapping[str, Any]) -> Iterator[CatalogueProblem]:
    for name, department in document["departments"].items():
        try:
            check_uscc(department["uscc"])
        except IdentityError as fault:
            yield CatalogueProblem(f"departments.{name}.uscc", str(fault))
    for name, spec in document["fields"].items():
        yield from _lint_field(f"fields.{name}", spec)
    yield from _lint_materials(document)
    for template in document["pages"]:
        for name in template["fields"]:
            if name not in document["fields"]:
                yield CatalogueProblem(f"pages.{template['id']}", f"there is no field {name}")
    for name in document["base_fields"]:
        if name not in document["fields"]:
            yield CatalogueProblem("base_fields", f"there is no field {name}")
    seen: set[str] = set()
    for spec in document["items"]:
        yield from _lint_item(spec, document, seen)


def _lint_field(path: str, spec: Mapping[str, Any]) -> Iterator[CatalogueProblem]:
    if spec["type"] not in FIELD_TYPES:
        yield CatalogueProblem(path, f"field type {spec['type']!r} is unknown; known are {', '.join(FIELD_TYPES)}")
    if spec["type"] in ("code", "codes"):
        choices = spec.get("choices")
        if not choices or (isinstance(choices, str) and choices not in CODE_LISTS):
            yield CatalogueProblem(path, "a choice needs its list")
    if spec["type"] in ("group", "table") and not spec.get("fields"):
        yield CatalogueProblem(path, "a group needs its parts")
    if spec.get("prefill", PREFILLS[0]) not in PREFILLS:
        yield CatalogueProblem(path, f"prefill {spec['prefill']!r} is unknown")
    if spec.get("visible") and not compiles(spec["visible"]):
        yield CatalogueProblem(path, "the visibility expression is no CEL")
    for name, child in spec.get("fields", {}).items():
        yield from _lint_field(f"{path}.{name}", child)


def _lint_materials(document: Mapping[str, Any]) -> Iterator[CatalogueProblem]:
    """No village may be asked for a proof that rules forbid (民发〔2020〕20号)."""
    for name, material in document["materials"].items():
        text = material["name"]
        if not _CERTIFIES.search(text):
            continue
        for forbidden in document["forbidden"]:
            if forbidden in text:
                yield CatalogueProblem(
                    f"materials.{name}", f"{text!r} asks the village to certify {forbidden!r}, which rules forbid"
                )


def _lint_item(spec: Mapping[str, Any], document: Mapping[str, Any], seen: set[str]) -> Iterator[CatalogueProblem]:
    path = f"items.{spec['id']}"
    if spec["id"] in seen:
        yield CatalogueProblem(path, "the id is used twice")
    seen.add(spec["id"])
    if spec["department"] not in document["departments"]:
        yield CatalogueProblem(path, f"there is no department {spec['department']}")
    elif not spec["impl_code"].startswith(document["departments"][spec["department"]]["uscc"]):
        yield CatalogueProblem(path, "the implementation code does not begin with the department's code")
    if spec["base_code"] not in spec["impl_code"]:
        yield CatalogueProblem(path, "the implementation code does not hold the base code")
    for name in spec["fields"]:
        if name not in document["fields"]:
            yield CatalogueProblem(path, f"there is no field {name}")
    used: set[str] = set()
    for material in spec["materials"]:
        if material["id"] not in document["materials"]:
            yield CatalogueProblem(path, f"there is no material {material['id']}")
        if material["id"] in used:
            yield CatalogueProblem(path, f"material {material['id']} is asked for twice")
        used.add(material["id"])
    if not compiles(spec["eligibility"]):
        yield CatalogueProblem(path, "the eligibility expression is no CEL")


def catalogue_delta(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What turns document `old` into `new`: whole items by id, other parts by name."""
    before = {spec["id"]: spec for spec in old["items"]}
    return {
        "from": old["version"],
        "hash": document_hash(new),
        "parts": {k: v for k, v in new.items() if k != "items" and old.get(k) != v},
        "gone": sorted(set(old) - set(new)),
        "order": [spec["id"] for spec in new["items"]],
        "items": [spec for spec in new["items"] if before.get(spec["id"]) != spec],
    }


def apply_delta(old: Mapping[str, Any], delta: Mapping[str, Any]) -> dict[str, Any]:
    """Raises ContractError catalogue-delta when it is not for this document or does not end where it should."""
    try:
        items = {spec["id"]: spec for spec in [*old["items"], *delta["items"]]}
        new = {k: v for k, v in old.items() if k not in delta["gone"]} | dict(delta["parts"])
        new["items"] = [items[name] for name in delta["order"]]
        fits = delta["from"] == old["version"] and document_hash(new) == delta["hash"]
    except (KeyError, TypeError) as fault:
        raise ContractError("catalogue-delta", "the delta is damaged; fetch the whole catalogue") from fault
    if not fits:
        raise ContractError("catalogue-delta", "the delta does not fit; fetch the whole catalogue")
    return new

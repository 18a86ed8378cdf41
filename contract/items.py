# SPDX-License-Identifier: Apache-2.0
"""Service items (事项) and the catalogue of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.codes_english import ENGLISH
from contract.errors import ContractError
from contract.fields import Field, Page

WORKING, CALENDAR = "working", "calendar"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit; `unit` is "working" or "calendar" days; 0 days means while you wait."""

    days: int
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """`confidence`: V law read, L one locality or summary, R recalled, S invented for the sample."""

    text: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Department:
    """The body in charge, with its unified social credit code and telephone."""

    id: str
    name: str
    uscc: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """A document an item asks for.

    `ecert`: have, part, need, gen (from certificates always, in part, never; made here).
    `form`: O original shown, C copy or scan, E electronic, P paper signed. Not `required` means conditional.
    """

    id: str
    name: str
    ecert: str
    form: str
    copies: int
    required: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the station's tree of places; leaves are villages (12-digit codes)."""

    code: str
    name: str
    children: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """One thing a resident can apply for, with everything published about it."""

    id: str
    base_code: str
    impl_code: str
    local_code: str
    name: str
    plain_name: str
    department: Department
    owner_level: int
    intake_levels: tuple[int, ...]
    category: str
    case_type: str
    legal_basis: tuple[LegalBasis, ...]
    conditions: str
    process: tuple[str, ...]
    statutory: Limit
    promised: Limit
    fee: str
    visits: int
    track: str
    offline: str
    depth: str
    life_event: str
    eligibility: str
    materials: tuple[Material, ...]
    fields: tuple[Field, ...]
    pages: tuple[Page, ...]
    agent_allowed: bool
    minor: bool
    urgent: bool
    complaint: tuple[str, ...]
    version: str
    effective: str
    content_hash: str

    def field(self, field_id: str) -> Field:
        """Raises ContractError unknown-field."""
        for field in self.fields:
            if field.id == field_id:
                return field
        raise ContractError("unknown-field", f"item {self.id} has no field {field_id}")

    def material(self, material_id: str) -> Material:
        """Raises ContractError unknown-material."""
        for material in self.materials:
            if material.id == material_id:
                return material
        raise ContractError("unknown-material", f"item {self.id} asks for no {material_id}")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All items of one version. `document` is the source it was read from, `translations` Chinese -> English."""

    version: str
    content_hash: str
    area_code: str
    area_path: tuple[str, ...]
    items: Mapping[str, ServiceItem]
    departments: Mapping[str, Department]
    areas: tuple[Area, ...]
    forbidden: tuple[str, ...]
    translations: Mapping[str, str]
    document: Mapping[str, Any]

    def item(self, item_id: str) -> ServiceItem:
        """Raises ContractError unknown-item."""
        try:
            return self.items[item_id]
        except KeyError:
            raise ContractError("unknown-item", f"the catalogue {self.version} has no item {item_id}") from None

    def text(self, source: str, language: str = "zh") -> str:
        """A published Chinese text in `language` ("zh" or "en"); the source itself where no translation is."""
        if language != "en":
            return source
        return self.translations.get(source) or ENGLISH.get(source, source)

    def area_name(self, code: str) -> str:
        """The path of names of a place, or the code where it is not in the tree."""

        def walk(areas: tuple[Area, ...], path: str) -> str | None:
            for area in areas:
                if area.code == code:
                    return path + area.name
                if found := walk(area.children, path + area.name):
                    return found
            return None

        return walk(self.areas, "") or code

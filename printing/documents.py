# SPDX-License-Identifier: Apache-2.0
"""What is printed, as values; nothing here draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from contract.application import Application, MaterialAnswer
from contract.deadlines import WorkCalendar, due
from contract.identity import mask_id, mask_name
from contract.items import Catalogue, ServiceItem
from contract.tracking import tracking_url
from printing.values import display_date, display_limit, display_value

COLLECT_LATER = "later"


@dataclass(frozen=True, slots=True)
class ReceiptDoc:
    """The receipt, A4 or 80 mm. `sent` False: still waiting on the terminal. `summary`: masked (label, value)."""

    station: str
    phone: str
    terminal: str
    tracking_code: str
    qr_text: str
    item_name: str
    department: str
    applicant_masked: str
    id_masked: str
    confirmed_at: datetime
    promised: str
    due: str | None
    to_bring: tuple[str, ...]
    sent: bool
    guide_version: str
    complaint: str
    copy: bool = False
    summary: tuple[tuple[str, str], ...] = ()
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class FormDoc:
    """An item's application form: filled in, or blank (`application` None).

    `symbols`: QR texts of the sealed record (contract.paper), once it is registered.
    """

    item: ServiceItem
    application: Application | None
    catalogue: Catalogue
    tracking_code: str | None
    qr_text: str
    station: str
    place_date: str
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistDoc:
    """The personal list of what to bring (查询一单)."""

    item: ServiceItem
    catalogue: Catalogue
    station: str
    phone: str
    printed_at: date
    answers: Mapping[str, MaterialAnswer] = field(default_factory=dict)
    tracking_code: str | None = None
    qr_text: str = ""
    language: str = "zh"


def receipt_copy(
    item: ServiceItem,
    catalogue: Catalogue,
    calendar: WorkCalendar,
    *,
    station: str,
    phone: str,
    terminal: int,
    public_url: str,
    tracking_code: str,
    applicant_masked: str,
    confirmed_at: datetime,
    sent: bool,
) -> ReceiptDoc:
    """The receipt once more from what a terminal still knows: same number, a copy, without what was filled in."""
    deadline = due(confirmed_at.date(), item.promised, calendar)
    about = "约 " if deadline.estimated else ""
    limit = display_limit(item.promised, "zh")
    return ReceiptDoc(
        station=station,
        phone=phone,
        terminal=f"{terminal:05d}",
        tracking_code=tracking_code,
        qr_text=tracking_url(public_url, tracking_code),
        item_name=item.name,
        department=item.department.name,
        applicant_masked=applicant_masked,
        id_masked="",
        confirmed_at=confirmed_at,
        promised=f"受理后 {limit}内办好" if item.promised.days else f"受理后{limit}",
        due=about + display_date(deadline.day.isoformat(), "zh") if item.promised.days else None,
        to_bring=(),
        sent=sent,
        guide_version=item.version,
        complaint=catalogue.text(item.complaint[0], "zh"),
        copy=True,
    )


def receipt_document(
    item: ServiceItem,
    application: Application,
    catalogue: Catalogue,
    calendar: WorkCalendar,
    *,
    station: str,
    phone: str,
    terminal: int,
    public_url: str,
    confirmed_at: datetime,
    sent: bool,
    copy: bool = False,
    language: str = "zh",
) -> ReceiptDoc:
    """The receipt of a registered application. It never says "accepted": that is the platform's word."""
    deadline = due(confirmed_at.date(), item.promised, calendar)
    about = ("约 " if language == "zh" else "about ") if deadline.estimated else ""
    later = [m.material for m in application.materials if m.how == COLLECT_LATER]
    zh = language == "zh"
    limit = display_limit(item.promised, language)
    return ReceiptDoc(
        station=station,
        phone=phone,
        terminal=f"{terminal:05d}",
        tracking_code=application.tracking_code,
        qr_text=tracking_url(public_url, application.tracking_code),
        item_name=catalogue.text(item.name, language),
        department=catalogue.text(item.department.name, language),
        applicant_masked=mask_name(application.applicant.name),
        id_masked=mask_id(application.applicant.id_number),
        confirmed_at=confirmed_at,
        promised=(f"受理后 {limit}内办好" if zh else f"Done within {limit} of acceptance")
        if item.promised.days
        else ("受理后" if zh else "Done ") + limit,
        due=about + display_date(deadline.day.isoformat(), language) if item.promised.days else None,
        to_bring=tuple(catalogue.text(item.material(m).name, language) for m in later),
        sent=sent,
        guide_version=item.version,
        complaint=catalogue.text(item.complaint[0], language),
        copy=copy,
        summary=_summary(item, application, catalogue, language),
        language=language,
    )


def _summary(
    item: ServiceItem, application: Application, catalogue: Catalogue, language: str
) -> tuple[tuple[str, str], ...]:
    lines = []
    for part in item.fields:
        value = application.values.get(part.id)
        if value is None or part.type == "signature" or part.id in ("name", "idno"):
            continue
        if part.type == "table" and isinstance(value.data, list):
            text = f"{len(value.data)} 项" if language == "zh" else f"{len(value.data)} entries"
        elif part.type == "group" and part.fields and any(c.type in ("name", "id_number") for c in part.fields):
            text = "已填写" if language == "zh" else "given"
        else:
            text = display_value(part, value.data, catalogue, language, masked=True)
        lines.append((catalogue.text(part.label, language), text))
    return tuple(lines)

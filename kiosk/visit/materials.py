# SPDX-License-Identifier: Apache-2.0
"""The materials, and the pages scanned for them and for a form's pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import assert_never

from contract.application import MaterialAnswer
from contract.checking import Problem
from kiosk.visit import application, drafts, effects, form, intents
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.visit import Visit

MaterialsIntent = (
    intents.AnswerMaterial | intents.ScanMaterial | intents.ScanImage | intents.DropScan | intents.SheetsLoaded
)


def answer_material(core: Core, intent: intents.AnswerMaterial) -> None:
    """How a material is given."""
    visit = core.visit
    if not _asks(visit, intent.material_id):
        return
    before = visit.materials.get(intent.material_id)
    attachments = intent.attachments
    if intent.how == "scanned" and not attachments and before is not None:
        attachments = before.attachments
    visit.materials[intent.material_id] = MaterialAnswer(intent.material_id, intent.how, attachments)
    visit.shown.pop(f"materials.{intent.material_id}", None)
    visit.message = None
    drafts.keep_if_chosen(core)


def _asks(visit: Visit, material_id: str) -> bool:
    return visit.item is not None and any(m.id == material_id for m in visit.item.materials)


def is_asked(visit: Visit, target: str) -> bool:
    """Whether the item has this material ("m:ID") or field ("f:ID")."""
    kind, _, name = target.partition(":")
    return _asks(visit, name) if kind == "m" else form.field_of(visit, name) is not None


def scan_material(core: Core, intent: intents.ScanMaterial) -> None:
    """What lies in the scanner is this material."""
    if _asks(core.visit, intent.material_id):
        _scan(core, f"m:{intent.material_id}")


def scan_image(core: Core, intent: intents.ScanImage) -> None:
    """What lies in the scanner is this picture."""
    if form.field_of(core.visit, intent.field_id) is not None:
        _scan(core, f"f:{intent.field_id}")


def _scan(core: Core, target: str) -> None:
    if core.visit.scanning:
        return
    core.visit.scanning = target
    core.visit.message = None
    core.do(effects.Scan(target))


def scan_done(core: Core, intent: intents.ScanDone) -> None:
    """Sheets arrived, prepared and kept; or the scanner or the picture failed."""
    visit = core.visit
    if visit.scanning == intent.target:
        visit.scanning = ""
    if intent.code or not intent.sheets:
        core.say(f"scan-{intent.code or 'empty'}", "fault")
        return
    kind, _, name = intent.target.partition(":")
    for sheet in intent.sheets:
        visit.sheets[sheet.digest] = sheet
    if kind == "m" and _asks(visit, name):
        held = visit.materials.get(name)
        before = held.attachments if held is not None and held.how == "scanned" else ()
        digests = tuple(dict.fromkeys((*before, *(s.digest for s in intent.sheets))))
        answer_material(core, intents.AnswerMaterial(name, "scanned", digests))
    elif kind == "f":
        sheet = intent.sheets[-1]
        form.set_value(core, intents.SetValue(name, {"attachment": sheet.digest, "media_type": sheet.media_type}))


def drop_scan(core: Core, intent: intents.DropScan) -> None:
    """A page that came out badly."""
    visit = core.visit
    answer = visit.materials.get(intent.material_id)
    if answer is None:
        return
    left = tuple(d for d in answer.attachments if d != intent.digest)
    visit.sheets.pop(intent.digest, None)
    if left:
        visit.materials[intent.material_id] = dataclasses.replace(answer, attachments=left)
    else:
        del visit.materials[intent.material_id]
    drafts.keep_if_chosen(core)


def sheets_loaded(core: Core, intent: intents.SheetsLoaded) -> None:
    """Previews of a resumed draft."""
    for sheet in intent.sheets:
        core.visit.sheets[sheet.digest] = sheet


def leave_materials(core: Core) -> None:
    """Back from the materials to the form's last page, or to where something was put right from."""
    visit = core.visit
    if visit.return_to is not None:
        target, visit.return_to = visit.return_to, None
        core.go(target)
        return
    pages = form.live_pages(visit)
    visit.page_index = max(len(pages) - 1, 0)
    core.go(Screen.FORM if pages else Screen.APPLYFOR)


def after_materials(core: Core) -> None:
    """On, when every required material has its answer."""
    visit = core.visit
    missing: Mapping[str, Problem] = {
        p.field: p for p in application.standing_in_the_way(core, signature=False) if p.field.startswith("materials.")
    }
    visit.shown = dict(missing)
    if missing:
        core.say("materials-incomplete")
        return
    target, visit.return_to = visit.return_to or Screen.CHECK, None
    core.go(target)


def handle(core: Core, intent: MaterialsIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.AnswerMaterial():
            answer_material(core, intent)
        case intents.ScanMaterial():
            scan_material(core, intent)
        case intents.ScanImage():
            scan_image(core, intent)
        case intents.DropScan():
            drop_scan(core, intent)
        case intents.SheetsLoaded():
            sheets_loaded(core, intent)
        case _:
            assert_never(intent)

# SPDX-License-Identifier: Apache-2.0
"""From a wish to print to bytes or raster. Runs on the render thread; knows station and catalogue from the terminal."""

from __future__ import annotations

import dataclasses
import logging
from datetime import datetime
from typing import TYPE_CHECKING

from contract.application import Application
from contract.items import ServiceItem
from contract.tracking import tracking_url
from kiosk.station import Station
from kiosk.visit import effects
from kiosk.visit.view import CaseView, Submitted
from offline.client.port import Port
from offline.clock import Clock, SystemClock
from offline.errors import OfflineError
from offline.port.messages import AskRecord

if TYPE_CHECKING:
    from PIL.Image import Image

    from printing.documents import ReceiptDoc

log = logging.getLogger(__name__)


class PrintoutMaker:
    """Values in, paper out."""

    def __init__(self, station: Station, port: Port, clock: Clock | None = None) -> None:
        self._station = station
        self._port = port
        self._clock = clock or SystemClock()

    def strip(self, wish: effects.Print) -> Image:
        """The 80 mm receipt."""
        from printing.receipt.raster import render_receipt_strip

        return render_receipt_strip(self._receipt(wish))

    def document(self, wish: effects.Print) -> tuple[str, bytes]:
        """An A4 paper: the name of the print job (no personal data) and its PDF."""
        from printing.documents import ChecklistDoc, FormDoc
        from printing.pdf.checklist import render_checklist
        from printing.pdf.form import render_form
        from printing.pdf.receipt import render_receipt
        from printing.values import display_date

        assert wish.item is not None
        code = wish.submitted.tracking_code if wish.submitted else None
        enrolment = self._station.require()
        catalogue = self._station.catalogue
        if wish.kind == "receipt":
            return f"doorstep-receipt-{code}", render_receipt(self._receipt(wish))
        if wish.kind in ("form", "blank-form"):
            application = _numbered(wish.application, code) if wish.kind == "form" else None
            form = FormDoc(
                item=wish.item,
                application=application,
                catalogue=catalogue,
                tracking_code=code,
                qr_text=tracking_url(enrolment.public_url, code) if code else "",
                station=enrolment.name,
                place_date=display_date(self._clock.now().date().isoformat()),
                symbols=self._symbols(wish),
            )
            return f"doorstep-form-{code or wish.item.id}", render_form(form)
        answers = {m.material: m for m in wish.application.materials} if wish.application else {}
        checklist = ChecklistDoc(
            item=wish.item,
            catalogue=catalogue,
            answers=answers,
            station=enrolment.name,
            phone=enrolment.phone,
            printed_at=self._clock.now().date(),
            tracking_code=code,
            qr_text=tracking_url(enrolment.public_url, code) if code else "",
            language=wish.application.language if wish.application else "zh",
        )
        return f"doorstep-checklist-{code or wish.item.id}", render_checklist(checklist)

    def _symbols(self, wish: effects.Print) -> tuple[str, ...]:
        """The sealed record for the form's end; none before it is registered. The form comes out in any case."""
        from contract.paper import PaperError, to_symbols

        if wish.kind != "form" or wish.submitted is None:
            return ()
        try:
            record = self._port.ask(AskRecord(wish.submitted.record_id)).data
            return tuple(to_symbols(record)) if record is not None else ()
        except (OfflineError, OSError, PaperError) as fault:
            log.warning("the form carries no codes: %s", getattr(fault, "code", type(fault).__name__))
            return ()

    def case_strip(self, case: CaseView) -> Image:
        """A copy of a case's receipt, 80 mm."""
        from printing.receipt.raster import render_receipt_strip

        return render_receipt_strip(self._case(case))

    def case_document(self, case: CaseView) -> tuple[str, bytes]:
        """The same on A4."""
        from printing.pdf.receipt import render_receipt

        return f"doorstep-receipt-{case.tracking_code}", render_receipt(self._case(case))

    def _case(self, case: CaseView) -> ReceiptDoc:
        from printing.documents import receipt_copy

        enrolment = self._station.require()
        return receipt_copy(
            self._station.catalogue.items[case.item_id],
            self._station.catalogue,
            self._station.calendar,
            station=enrolment.name,
            phone=enrolment.phone,
            terminal=enrolment.terminal,
            public_url=enrolment.public_url,
            tracking_code=case.tracking_code,
            applicant_masked=case.applicant_masked,
            confirmed_at=datetime.fromisoformat(case.confirmed_at),
            sent=case.received_at is not None,
        )

    def _receipt(self, wish: effects.Print) -> ReceiptDoc:
        from printing.documents import receipt_document

        item, application, submitted = _complete(wish)
        enrolment = self._station.require()
        return receipt_document(
            item,
            _numbered(application, submitted.tracking_code),
            self._station.catalogue,
            self._station.calendar,
            station=enrolment.name,
            phone=enrolment.phone,
            terminal=enrolment.terminal,
            public_url=enrolment.public_url,
            confirmed_at=datetime.fromisoformat(submitted.confirmed_at),
            sent=wish.sent,
            copy=wish.copy,
            language=application.language,
        )


def _complete(wish: effects.Print) -> tuple[ServiceItem, Application, Submitted]:
    """A receipt exists only for what is on disk."""
    assert wish.item is not None
    assert wish.application is not None
    assert wish.submitted is not None
    return wish.item, wish.application, wish.submitted


def _numbered(application: Application | None, code: str | None) -> Application:
    assert application is not None
    return dataclasses.replace(application, tracking_code=code or "")

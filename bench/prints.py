# SPDX-License-Identifier: Apache-2.0
"""Papers: milliseconds to render each, the first time in a process (fonts are loaded then) and after that.

Beside it, as a measure of the machine: an empty A4 page of the same library. Each kind has a process of its own.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from random import Random

NEXT = 9
ITEM = "old80"


def empty() -> Callable[[], int]:
    """A page with nothing on it, by the same library."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    def render() -> int:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4)
        canvas.showPage()
        canvas.save()
        return len(out.getvalue())

    return render


def paper(kind: str) -> Callable[[], int]:
    """Renders one paper of a filled application; gives its bytes or, of the strip, its rows."""
    from contract.application import Application, Consent, MaterialAnswer, Value
    from contract.sample import sample_calendar, sample_catalogue
    from contract.sample.people import example_values
    from printing.documents import ChecklistDoc, FormDoc, receipt_document

    catalogue = sample_catalogue()
    item = catalogue.item(ITEM)
    identity, values = example_values(item, Random(7), date(2026, 11, 23))
    made = Application(
        item.id, item.version, item.content_hash, "004210001372", identity,
        {k: Value(v, "resident") for k, v in values.items()},
        tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
        Consent("1", "2026-11-23T09:41:00+08:00", True, True), "2026-11-23T09:52:00+08:00",
        signature={"width": 800, "height": 300, "strokes": [[[10, 10, 0, 0.5], [700, 280, 90, 0.5]]]},
    )  # fmt: skip
    url = "https://example.org"
    receipt = receipt_document(
        item, made, catalogue, sample_calendar(), station="示例村便民服务点", phone="12345", terminal=421,
        public_url=url, confirmed_at=datetime(2026, 11, 23, 9, 52), sent=False,
    )  # fmt: skip
    form = FormDoc(item, made, catalogue, made.tracking_code, f"{url}/t/{made.tracking_code}", "示例村", "2026年")
    checklist = ChecklistDoc(item, catalogue, "示例村", "12345", date(2026, 11, 23))

    def render() -> int:
        if kind == "strip":
            from printing.receipt.raster import render_receipt_strip

            return render_receipt_strip(receipt).height
        if kind == "receipt":
            from printing.pdf.receipt import render_receipt

            return len(render_receipt(receipt))
        if kind == "form":
            from printing.pdf.form import render_form

            return len(render_form(form))
        from printing.pdf.checklist import render_checklist

        return len(render_checklist(checklist))

    return render


def measure(kind: str) -> dict[str, float]:
    """In a process of its own."""
    render = empty() if kind == "empty" else paper(kind)
    times = []
    size = 0
    for _ in range(1 + NEXT):
        began = time.perf_counter()
        size = render()
        times.append((time.perf_counter() - began) * 1000)
    return {"first": times[0], "next": statistics.median(times[1:]), "worst": max(times[1:]), "size": size}


def main() -> None:
    """Measures and prints."""
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
        return
    names = {"empty": "an empty page", "strip": "80 mm receipt", "receipt": "A4 receipt", "form": "form, filled in",
             "checklist": "checklist"}  # fmt: skip
    found = {}
    for kind in names:
        done = subprocess.run([sys.executable, __file__, kind], capture_output=True, check=True, text=True)
        found[kind] = json.loads(done.stdout)
    base = found["empty"]["next"]
    print(f"{'':18}{'first ms':>10}{'next ms':>10}{'worst next':>12}{'x empty page':>14}{'bytes or rows':>15}")
    for kind, name in names.items():
        f = found[kind]
        print(
            f"{name:18}{f['first']:10.1f}{f['next']:10.1f}{f['worst']:12.1f}{f['next'] / base:14.1f}{f['size']:15.0f}"
        )


if __name__ == "__main__":
    main()

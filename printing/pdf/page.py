# SPDX-License-Identifier: Apache-2.0
"""What all A4 pages share: margins, heading with QR, footer with page x of y, tables with thin lines."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from contract.tracking import group_code
from printing.codes import qr_image
from printing.fonts import PDF_CHAIN
from printing.pdf.text import draw_text, markup, register

MM = 72 / 25.4
MARGIN = 20 * MM
BODY, SMALL, TITLE = 11.5, 9.5, 20.0  # points
INK, RULE, WASH = "#1D2A30", "#8B9196", "#F1F1EF"
QR_SIDE = 27 * MM
_LEADING = 1.45


class A4:
    """Collects parts, then makes the PDF. `qr_text` empty leaves the code out."""

    def __init__(self, title: str, *, subtitle: str, qr_text: str, tracking_code: str | None, footer: str) -> None:
        self._title = title
        self._subtitle = subtitle
        self._qr = qr_text
        self._code = tracking_code
        self._footer = footer
        self._story: list[Any] = []

    def heading(self, text: str) -> None:
        """A section's name."""
        self._space(4 * MM)
        self._story.append(self._paragraph(text, 13.5))
        self._space(1.6 * MM)

    def text(self, text: str, size: float = BODY) -> None:
        """A paragraph."""
        self._story.append(self._paragraph(text, size))
        self._space(1.2 * MM)

    def _space(self, height: float) -> None:
        from reportlab.platypus import Spacer

        self._story.append(Spacer(1, height))

    def _paragraph(self, text: str, size: float = BODY) -> Any:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.platypus import Paragraph

        style = ParagraphStyle(
            "body",
            fontName=register(PDF_CHAIN[0]),
            fontSize=size,
            leading=size * _LEADING,
            textColor=INK,
            wordWrap="CJK",
        )
        return Paragraph(markup(text), style)

    def table(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        header: bool = False,
        labels: Sequence[int] = (0,),
        height: float | None = None,
    ) -> None:
        """Rows of text; `widths` are shares, `labels` the columns that name things, `height` a row's least points."""
        from reportlab.platypus import Table

        if not rows:
            return
        total = 170 * MM
        share = sum(widths)
        cells = [
            [self._paragraph(cell, SMALL if header and r == 0 else BODY) for cell in row] for r, row in enumerate(rows)
        ]
        style: list[Any] = [
            ("GRID", (0, 0), (-1, -1), 0.5, RULE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 6),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ]
        style += [("BACKGROUND", (c, 0), (c, -1), WASH) for c in labels]
        if header:
            style.append(("BACKGROUND", (0, 0), (-1, 0), WASH))
        heights = [None if header and r == 0 else height for r in range(len(rows))] if height else None
        self._story.append(
            Table(
                cells, [total * w / share for w in widths], heights, repeatRows=int(header), style=style, splitInRow=1
            )
        )  # fmt: skip

    def flowable(self, part: Any) -> None:
        """Any reportlab part."""
        self._story.append(part)

    def block(self, add: Callable[[], None]) -> list[Any]:
        """The parts that `add` puts on the page, given back instead of kept: to be held together with others."""
        before, self._story = self._story, []
        add()
        made, self._story = self._story, before
        return made

    def render(self) -> bytes:
        """The PDF."""
        from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

        out = io.BytesIO()
        top = 20 * MM + (QR_SIDE + 9 * MM if self._qr else 24 * MM)
        first = Frame(MARGIN, 22 * MM, 170 * MM, 297 * MM - 22 * MM - top, 0, 0, 0, 0, id="first")
        rest = Frame(MARGIN, 22 * MM, 170 * MM, 297 * MM - 22 * MM - 30 * MM, 0, 0, 0, 0, id="rest")
        document = BaseDocTemplate(out, pagesize=(210 * MM, 297 * MM), title=self._title, author="", creator="Doorstep")
        document.addPageTemplates(
            [
                PageTemplate("first", [first], onPage=self._first_page, autoNextPageTemplate="rest"),
                PageTemplate("rest", [rest], onPage=self._next_page),
            ]
        )
        document.build(self._story, canvasmaker=_numbered(self._footer))
        return out.getvalue()

    def _first_page(self, canvas: Any, _document: Any) -> None:
        from reportlab.lib.utils import ImageReader

        canvas.setFillColor(INK)
        top = 297 * MM - 20 * MM
        size = TITLE if len(self._title) <= 16 else TITLE * 16 / len(self._title)
        if self._qr:
            image = ImageReader(qr_image(self._qr, 8).convert("L"))
            canvas.drawImage(image, 190 * MM - QR_SIDE, top - QR_SIDE, QR_SIDE, QR_SIDE)
            if self._code:
                draw_text(
                    canvas, 190 * MM - QR_SIDE / 2, top - QR_SIDE - 3.4 * MM, group_code(self._code), 10, align="center"
                )
            middle = (MARGIN + 190 * MM - QR_SIDE) / 2
            draw_text(
                canvas,
                middle,
                top - 14 * MM,
                self._title,
                min(size, TITLE * 12 / max(len(self._title), 12)),
                align="center",
            )
            draw_text(canvas, middle, top - 22 * MM, self._subtitle, 10.5, align="center")
        else:
            draw_text(canvas, 105 * MM, top - 9 * MM, self._title, size, align="center")
            draw_text(canvas, 105 * MM, top - 16.5 * MM, self._subtitle, 10.5, align="center")

    def _next_page(self, canvas: Any, _document: Any) -> None:
        canvas.setFillColor(INK)
        code = f"  {group_code(self._code)}" if self._code else ""
        draw_text(canvas, MARGIN, 297 * MM - 20 * MM, f"{self._title}{code}", 10)
        canvas.setStrokeColor(RULE)
        canvas.line(MARGIN, 297 * MM - 23 * MM, 190 * MM, 297 * MM - 23 * MM)


def _numbered(footer: str) -> Any:
    """A canvas that knows, when it is saved, how many pages there are."""
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFillColor(INK)
                draw_text(self, MARGIN, 13 * MM, footer, 9)
                draw_text(self, 190 * MM, 13 * MM, f"第 {number} 页，共 {len(self._pages)} 页", 9, align="right")
                super().showPage()
            super().save()

    return Numbered

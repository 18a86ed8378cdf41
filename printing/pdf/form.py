# SPDX-License-Identifier: Apache-2.0
"""An item's application form: filled in with provenance and signature, or blank for the pen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.application import Application
from contract.codes import RELATION
from contract.fields import Field
from contract.items import Material
from printing.documents import FormDoc
from printing.pdf.page import A4, INK, MM, RULE
from printing.pdf.symbols import add_symbols
from printing.values import display_date, display_value

SOURCES = {
    "card": "身份证",
    "certificate": "电子证照",
    "resident": "本人填写",
    "staff": "工作人员",
    "earlier": "以前申请",
    "paper": "纸质表",
}
ANSWERS = {
    "shown": "已验原件",
    "scanned": "已扫描",
    "certificate": "电子证照",
    "generated": "现场生成",
    "later": "以后补交",
    "not-needed": "不需要",
}
FORMS = {"O": "验原件", "C": "复印件或扫描", "E": "电子", "P": "纸质签名"}
_BLANK_ROW = 12 * MM
_ASSURANCE = {"card": "已读身份证", "staff-witnessed": "工作人员见证，未核验", "document-copy": "凭证件录入，未核验"}


def render_form(doc: FormDoc) -> bytes:
    """A4 pages."""
    application = doc.application
    page = A4(
        doc.item.name + "申请表",
        subtitle=f"{doc.item.department.name}    指南版本 {doc.item.version}",
        qr_text=doc.qr_text,
        tracking_code=doc.tracking_code,
        footer=f"{doc.station}  {doc.place_date}",
    )
    if application is None:
        _blank(page, doc)
    else:
        _filled(page, doc, application)
    _declaration(page, doc, application)
    add_symbols(page, doc.symbols, doc.tracking_code or "")
    return page.render()


def _filled(page: A4, doc: FormDoc, application: Application) -> None:
    rows = [("项目", "内容", "来源")]
    for field in doc.item.fields:
        value = application.values.get(field.id)
        if field.type in ("signature", "table") or value is None:
            continue
        rows.append((field.label, display_value(field, value.data, doc.catalogue), SOURCES[value.source]))
    page.heading("申请人填写")
    page.table(rows, (4, 10.4, 2.6), header=True)
    for field in doc.item.fields:
        value = application.values.get(field.id)
        if field.type == "table" and value is not None:
            _table(page, doc, field, value.data)
    _people(page, application)
    answers = {answer.material: answer for answer in application.materials}
    page.heading("材料")
    lines = [("材料", "要求", "办理情况")]
    for material in doc.item.materials:
        answer = answers.get(material.id)
        said = ANSWERS[answer.how] if answer else ("未提供" if material.required else "不需要")
        if answer and answer.attachments:
            said += f"，{len(answer.attachments)} 页"
        lines.append((material.name, _wanted(material), said))
    page.table(lines, (8, 4.6, 4.4), header=True)


def _table(page: A4, doc: FormDoc, field: Field, rows: list[Mapping[str, Any]]) -> None:
    page.heading(field.label)
    head = [child.label for child in field.fields]
    body = [[display_value(c, row[c.id], doc.catalogue) if c.id in row else "" for c in field.fields] for row in rows]
    page.table([head, *body], _column_widths(field), header=True, labels=())


def _column_widths(field: Field) -> list[float]:
    shares = {"id_number": 5.2, "name": 2.6, "text": 4.0, "money": 2.6, "decimal": 2.4}
    return [shares.get(child.type, 2.6) for child in field.fields]


def _people(page: A4, application: Application) -> None:
    rows = [("身份核验", _ASSURANCE[application.applicant.assurance])]
    if agent := application.agent:
        who = "监护人" if agent.kind == "guardian" else "代办人"
        rows += [
            (who, f"{agent.identity.name}  {agent.identity.id_number}（{_ASSURANCE[agent.identity.assurance]}）"),
            ("与申请人关系", RELATION.get(agent.relation, agent.relation)),
            ("代办事项和权限", f"{agent.matter}；{agent.power}" + (f"；至 {agent.until}" if agent.until else "")),
        ]
    if application.staff:
        rows.append(("经办工作人员", application.staff.name))
    page.heading("办理人员")
    page.table(rows, (4, 13))


def _blank(page: A4, doc: FormDoc) -> None:
    rows = []
    for field in doc.item.fields:
        if field.type in ("signature", "table"):
            continue
        rows.append((field.label, _hint(field)))
    page.heading("申请人填写")
    page.table(rows, (4, 13), height=None)
    for field in doc.item.fields:
        if field.type == "table":
            page.heading(field.label)
            head = [child.label for child in field.fields]
            page.table(
                [head, *[[" "] * len(head) for _ in range(5)]],
                _column_widths(field), header=True, labels=(), height=_BLANK_ROW,
            )  # fmt: skip
    page.heading("材料（备齐的打勾）")
    page.table(
        [("□", m.name, _wanted(m)) for m in doc.item.materials] or [("", "不需要材料", "")], (1, 11, 5), labels=()
    )


def _hint(field: Field) -> str:
    """What stands in a blank cell: boxes for choices, and room for the pen."""
    if field.type in ("code", "codes") and len(field.choices) <= 10:
        return "    ".join(f"□ {c.label}" for c in field.choices)
    if field.type == "group":
        return "\n".join(f"{child.label}：{_hint(child)}" for child in field.fields)
    if field.type == "phone":
        return "\n□ 没有手机"
    if field.type == "date":
        return "        年      月      日"
    if field.type == "date_range":
        return "        年      月      日  至          年      月      日"
    if field.type == "image":
        return "（照片另附）\n"
    if (field.max_length or 0) >= 200:
        return "\n\n\n\n\n"
    return f"\n{' ' * 60}{field.unit}" if field.unit else "\n"


def _wanted(material: Material) -> str:
    text = f"{FORMS[material.form]}，{material.copies} 份"
    return text if material.required else text + "（有才需要）"


def _declaration(page: A4, doc: FormDoc, application: Application | None) -> None:
    """On one page with the signature: nobody signs a sheet that does not say what for."""
    from reportlab.platypus import KeepTogether

    page.flowable(KeepTogether(page.block(lambda: _declare(page, doc, application))))


def _declare(page: A4, doc: FormDoc, application: Application | None) -> None:
    page.heading("申请人声明")
    page.text("以上内容由本人提供并核对，真实、完整。本人同意有关部门为办理本事项核对上述信息。")
    day = display_date(application.created_at) if application else "        年      月      日"
    page.flowable(_signature_box(application.signature if application else None, day))
    page.text(" ", 4)
    page.text(f"监督投诉：{'；'.join(doc.item.complaint)}", 10)


def _signature_box(signature: Mapping[str, Any] | None, day: str) -> Any:
    from reportlab.platypus import Flowable

    from printing.pdf.text import draw_text

    class Box(Flowable):  # type: ignore[misc]  # reportlab has no types
        def wrap(self, width: float, _height: float) -> tuple[float, float]:
            return width, 26 * MM

        def draw(self) -> None:
            self.canv.setStrokeColor(RULE)
            self.canv.rect(0, 0, 170 * MM, 26 * MM)
            self.canv.setFillColor(INK)
            draw_text(self.canv, 4 * MM, 11 * MM, "签名：", 12)
            draw_text(self.canv, 166 * MM, 4 * MM, day, 11, align="right")
            if signature and signature.get("strokes"):
                _draw_strokes(self.canv, signature, 22 * MM, 3 * MM, 84 * MM, 20 * MM)

    return Box()


def _draw_strokes(canvas: Any, signature: Mapping[str, Any], x: float, y: float, width: float, height: float) -> None:
    """The signature as lines, its own proportions kept."""
    scale = min(width / max(float(signature["width"]), 1), height / max(float(signature["height"]), 1))
    canvas.setStrokeColor(INK)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    canvas.setLineWidth(1.1)
    for stroke in signature["strokes"]:
        if not stroke:
            continue
        path = canvas.beginPath()
        for number, point in enumerate(stroke):
            px, py = x + point[0] * scale, y + height - point[1] * scale
            (path.lineTo if number else path.moveTo)(px, py)
        if len(stroke) == 1:
            path.lineTo(x + stroke[0][0] * scale + 0.3, y + height - stroke[0][1] * scale)
        canvas.drawPath(path, stroke=1, fill=0)

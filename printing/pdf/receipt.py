# SPDX-License-Identifier: Apache-2.0
"""The A4 receipt with a summary of the application; numbers that identify are masked."""

from __future__ import annotations

from contract.tracking import group_code
from printing.documents import ReceiptDoc
from printing.pdf.page import A4, BODY

_ZH = {
    "title": "办事回执", "copy": "办事回执（补打）",
    "waiting": "本机已登记，还没上报。有网后自动上报，不用您再来。",
    "sent": "本机已登记，已上报平台，等待受理。", "code": "编号（全程一码）", "item": "办理事项", "dept": "办理部门",
    "who": "申请人", "id": "身份号码", "at": "登记时间", "limit": "办理时限", "due": "预计办好", "bring": "还要补交",
    "track": "查进度", "track_how": "在本机放身份证，扫右上角的码，或打 {phone} 报编号。", "summary": "填写内容摘要",
    "free": "登记日期从这一天算起。任何人不得就登记和打印收费。",
    "sign": "是否受理以平台通知为准。监督投诉：{complaint}",
    "foot": "{station}  终端 {terminal}  指南版本 {version}",
}  # fmt: skip
_EN = {
    "title": "Receipt", "copy": "Receipt (copy)",
    "waiting": "Registered on this terminal; it will be sent by itself.",
    "sent": "Registered and sent to the platform; waiting for acceptance.",
    "code": "Tracking code", "item": "Service",
    "dept": "Department", "who": "Applicant", "id": "ID number", "at": "Registered", "limit": "Time limit",
    "due": "Expected by", "bring": "Still to bring", "track": "Check progress",
    "track_how": "Lay your card on this terminal, scan the code above, or call {phone} and give the code.",
    "summary": "What you filled in", "free": "Nobody may charge for registering or printing.",
    "sign": "Acceptance is for the platform to say. Complaints: {complaint}",
    "foot": "{station}  terminal {terminal}  guide {version}",
}  # fmt: skip


def render_receipt(doc: ReceiptDoc) -> bytes:
    """One page, more only where the summary is long."""
    word = _ZH if doc.language == "zh" else _EN
    foot = word["foot"].format(station=doc.station, terminal=doc.terminal, version=doc.guide_version)
    page = A4(
        word["copy"] if doc.copy else word["title"],
        subtitle=doc.station,
        qr_text=doc.qr_text,
        tracking_code=doc.tracking_code,
        footer=foot,
    )
    page.text(word["sent"] if doc.sent else word["waiting"], 14)
    rows = [
        (word["code"], group_code(doc.tracking_code)),
        (word["item"], doc.item_name),
        (word["dept"], doc.department),
        (word["who"], doc.applicant_masked),
        *([(word["id"], doc.id_masked)] if doc.id_masked else []),
        (word["at"], f"{doc.confirmed_at:%Y-%m-%d %H:%M}"),
        (word["limit"], doc.promised),
    ]
    if doc.due:
        rows.append((word["due"], doc.due))
    if doc.to_bring:
        rows.append((word["bring"], "、".join(doc.to_bring) if doc.language == "zh" else ", ".join(doc.to_bring)))
    rows.append((word["track"], word["track_how"].format(phone=doc.phone)))
    page.table(rows, (4, 13))
    if doc.summary:
        page.heading(word["summary"])
        page.table(doc.summary, (4, 13))
    page.text(" ", 5)
    page.text(word["free"], BODY - 1)
    page.text(word["sign"].format(complaint=doc.complaint), BODY - 1)
    return page.render()

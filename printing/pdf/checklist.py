# SPDX-License-Identifier: Apache-2.0
"""The personal checklist (查询一单): what to bring, how long, what it costs, how often to come, where to complain."""

from __future__ import annotations

from contract.items import Material
from printing.documents import ChecklistDoc
from printing.pdf.page import A4
from printing.values import display_date, display_limit

_TRACK = {
    "online": "可以全程网上办，也可以交纸质表",
    "both": "网上、纸质都可以",
    "paper": "到窗口办，这里帮您备料、打表",
}
_DEPTH = {"full": "没有网络也能在这里登记", "draft": "要有网络才能办完", "guide": "这里提供指南和打印"}
_HAVE = {
    "have": "可从电子证照取得，您同意就不用带",
    "part": "有的地方可从电子证照取得，带上更稳妥",
    "need": "请带来，可在这里扫描",
    "gen": "在这里当场生成、打印",
}


def render_checklist(doc: ChecklistDoc) -> bytes:
    """One or two A4 pages."""
    item = doc.item
    page = A4(
        item.name + "：要带什么",
        subtitle=f"{item.department.name}    指南版本 {item.version}",
        qr_text=doc.qr_text,
        tracking_code=doc.tracking_code,
        footer=f"{doc.station}  {display_date(doc.printed_at.isoformat())}  电话 {doc.phone}",
    )
    page.heading("要带的材料（带齐一样，打一个勾）")
    rows = [("□", m.name, _how(doc, m)) for m in item.materials]
    page.table(rows or [("", "不需要材料", "")], (1, 7, 9), labels=())
    page.heading("办这件事")
    page.table(
        [
            ("谁能办", item.conditions),
            ("多久办好", f"承诺 {display_limit(item.promised)}，法定 {display_limit(item.statutory)}"),
            ("收费", item.fee),
            ("跑几次", "不用再跑" if item.visits == 0 else f"{item.visits} 次"),
            ("怎么办", f"{_TRACK[item.track]}。{_DEPTH[item.offline]}。"),
            ("步骤", "\n".join(f"{n}. {step}" for n, step in enumerate(item.process, 1))),
            ("依据", "；".join(basis.text for basis in item.legal_basis)),
            ("监督投诉", "；".join(item.complaint)),
        ],
        (3, 14),
    )
    page.text(" ", 4)
    page.text("除上面列出的，任何人不得另要材料。不会用手机、不会上网，都可以在这里由工作人员帮您办。", 11)
    return page.render()


def _how(doc: ChecklistDoc, material: Material) -> str:
    answer = doc.answers.get(material.id)
    if answer is not None and answer.how != "later":
        return "已经有了"
    text = _HAVE[material.ecert]
    if material.copies > 1:
        text += f"，{material.copies} 份"
    return text if material.required else f"符合这种情况才要。{text}"

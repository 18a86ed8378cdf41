# SPDX-License-Identifier: Apache-2.0
"""Pages from templates; everything inserted is escaped."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

STATES = {
    "waiting": "等待上报",
    "received": "已收到，待受理",
    "accepted": "已受理",
    "correction": "待补正",
    "processing": "办理中",
    "paused": "暂停计时",
    "finished": "已办结",
    "rejected": "不予受理",
    "refused": "退回，无法打开",
}
KINDS = {
    "application": "申请",
    "correction": "补正",
    "withdrawal": "撤回",
    "rating": "评价",
    "complaint": "投诉",
    "handover": "交接",
    "journal": "日志",
}
SOURCES = {
    "card": "身份证",
    "certificate": "电子证照",
    "resident": "本人填写",
    "staff": "工作人员录入",
    "earlier": "以前的申请",
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
ACT_WORDS = {"accept": "受理", "correct": "要求补正", "process": "开始办理", "finish": "办结", "reject": "不予受理"}

_environment = Environment(
    loader=PackageLoader("gateway.desk", "templates"), autoescape=True, undefined=StrictUndefined
)
_environment.globals |= {
    "STATES": STATES,
    "KINDS": KINDS,
    "SOURCES": SOURCES,
    "ANSWERS": ANSWERS,
    "ACT_WORDS": ACT_WORDS,
}
_environment.filters["code"] = lambda code: " ".join(code[i : i + 4] for i in range(0, len(code), 4))
_environment.filters["moment"] = lambda at: str(at)[:16].replace("T", " ")


def render(name: str, **values: Any) -> str:
    """A page."""
    return _environment.get_template(name).render(**values)

# SPDX-License-Identifier: Apache-2.0
"""How a material is given, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from contract.application import MaterialAnswer
from contract.items import Material

tr = QCoreApplication.translate


def answer_words(material: Material, answer: MaterialAnswer | None) -> str:
    """What became of a material so far, in a few words."""
    if answer is None:
        return tr("Materials", "请选怎么交") if material.required else tr("Materials", "有就交，没有就选“不需要”")
    match answer.how:
        case "shown":
            return (
                tr("Materials", "已经读过，不用复印")
                if material.id == "idcard"
                else tr("Materials", "工作人员看过原件")
            )
        case "scanned":
            return tr("Materials", "扫了 {count} 页").format(count=len(answer.attachments))
        case "certificate":
            return tr("Materials", "用电子证照，您已同意")
        case "generated":
            return tr("Materials", "机器打印，您签字就行")
        case "not-needed":
            return tr("Materials", "不需要")
        case _:
            return tr("Materials", "以后补交")


def answer_source(answer: MaterialAnswer | None) -> str:
    """Where a material came from, in a word, for the review."""
    match answer.how if answer is not None else "":
        case "scanned":
            return tr("Materials", "扫描")
        case "certificate":
            return tr("Materials", "电子证照")
        case "shown":
            return tr("Materials", "原件")
        case "generated":
            return tr("Materials", "本机打印")
        case _:
            return ""


def answer_icon(answer: MaterialAnswer | None) -> str:
    """A picture for the state."""
    match answer.how if answer is not None else "":
        case "":
            return "file-plus"
        case "scanned":
            return "scan"
        case "certificate":
            return "certificate"
        case "generated":
            return "printer"
        case "later":
            return "clock"
        case "not-needed":
            return "minus"
        case _:
            return "circle-check"

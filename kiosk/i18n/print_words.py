# SPDX-License-Identifier: Apache-2.0
"""How papers and printers stand, in the words residents read."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

tr = QCoreApplication.translate


def paper_name(kind: str) -> str:
    """What a paper is called."""
    match kind:
        case "strip":
            return tr("Papers", "小票")
        case "receipt" | "case-receipt":
            return tr("Papers", "回执")
        case "form" | "blank-form":
            return tr("Papers", "申请表")
        case _:
            return tr("Papers", "材料清单")


def why_not_printed(code: str) -> str:
    """What is the matter with the printer, as a statement."""
    match code:
        case "out-of-paper":
            return tr("Papers", "打印机没有纸了")
        case "jam":
            return tr("Papers", "打印机卡纸了")
        case "cover-open":
            return tr("Papers", "打印机的盖子开着")
        case "printer-absent":
            return tr("Papers", "打印机没有接上")
        case _:
            return tr("Papers", "打印机没有打出来")

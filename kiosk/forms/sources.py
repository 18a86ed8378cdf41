# SPDX-License-Identifier: Apache-2.0
"""Where a value came from, in a word or two."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from contract.application import Value

tr = QCoreApplication.translate


def source_words(value: Value | None) -> str:
    """身份证, 您填写, 工作人员 ...; "" for no value."""
    if value is None:
        return ""
    match value.source:
        case "card":
            return tr("Sources", "身份证")
        case "certificate":
            return tr("Sources", "电子证照")
        case "staff":
            return tr("Sources", "工作人员")
        case "earlier":
            return tr("Sources", "预先填好")
        case "paper":
            return tr("Sources", "纸质材料")
        case _:
            return tr("Sources", "您填写")

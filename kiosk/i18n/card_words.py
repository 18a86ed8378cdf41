# SPDX-License-Identifier: Apache-2.0
"""What can be the matter with a card or its reader, in plain words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

tr = QCoreApplication.translate


def sentence(code: str) -> str:
    """The sentence for `code`, or ""."""
    match code:
        case "id-check-digit":
            return tr("CardWords", "身份证号码对不上，可能没读好。请拿起来再放一次；还不行，请叫工作人员。")
        case "id-length" | "id-characters" | "id-birth-date":
            return tr("CardWords", "身份证号码不完整或不对。请再核对一遍。")
        case "name-invalid":
            return tr("CardWords", "姓名里有不能用的字符。请写汉字，少数民族姓名中间用“·”。")
        case "card-expired":
            return tr("CardWords", "身份证过期了，要尽快换新的，换证不要钱。今天可以先填好存着；要交，请工作人员确认。")
        case "card-not-yet-valid":
            return tr("CardWords", "这张身份证还没到生效日期。可以先填好存着；要交，请工作人员确认。")
        case "card-draft-only":
            return tr("CardWords", "可以先填好存着。要交申请，请工作人员确认身份证。")
        case "card-accepted":
            return tr("CardWords", "好了，{name} 接受了这张身份证，申请上会写明。")
        case "card-wait":
            return tr("CardWords", "还没读到身份证。请把证平放在感应区，别拿开；没带，就点“没带身份证”。")
        case "card-lift":
            return tr("CardWords", "请把身份证拿起来，再放一次。")
        case "other-card":
            return tr("CardWords", "这是另一个人的身份证。要给另一个人办，请先办完或回首页。")
        case "reader-silent" | "reader-timeout" | "card-silent":
            return tr("CardWords", "读卡器没有回应。请拿起来再放一次；还不行，点“没带身份证”，工作人员帮您登记。")
        case "reader-absent" | "absent":
            return tr("CardWords", "读卡器没接上。点“没带身份证”，工作人员帮您登记。")
        case "card-unreadable" | "card-damaged" | "card-read-failed":
            return tr("CardWords", "身份证没读出来。请放平，别和手机、公交卡叠在一起，再试一次。")
        case _:
            return ""

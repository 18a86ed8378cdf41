# SPDX-License-Identifier: Apache-2.0
"""What a value still needs, in plain words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

tr = QCoreApplication.translate


def sentence(code: str) -> str:
    """The sentence for `code`, or ""; names in braces are filled in from the problem's params."""
    match code:
        case "required":
            return tr("CheckWords", "这里还没有填。")
        case "too-short":
            return tr("CheckWords", "至少写 {least} 个字。")
        case "too-long":
            return tr("CheckWords", "最多写 {most} 个字。")
        case "pattern" | "malformed":
            return tr("CheckWords", "写法不对，请再看一下。")
        case "not-a-choice":
            return tr("CheckWords", "请从列出的里面选一个。")
        case "date-invalid":
            return tr("CheckWords", "没有这一天，请再看一下。")
        case "date-future":
            return tr("CheckWords", "不能晚于今天。")
        case "date-past":
            return tr("CheckWords", "不能早于今天。")
        case "range-order":
            return tr("CheckWords", "开始日期要在结束日期前面。")
        case "number-invalid" | "not-digits":
            return tr("CheckWords", "请填数字。")
        case "below-minimum":
            return tr("CheckWords", "这个数太小了。")
        case "above-maximum":
            return tr("CheckWords", "这个数太大了。")
        case "phone-invalid":
            return tr("CheckWords", "电话号码不对。手机号是11位；没有手机，点“我没有手机”。")
        case "duplicate-id":
            return tr("CheckWords", "这个人前面已经写过了。")
        case "rows-mismatch":
            return tr("CheckWords", "前面说有 {stated} 口人，这里写了 {listed} 个。")
        case "birth-differs":
            return tr("CheckWords", "出生日期和身份证号码对不上。")
        case "sex-differs":
            return tr("CheckWords", "性别和身份证号码对不上。")
        case "attachment-missing":
            return tr("CheckWords", "还没有扫。")
        case "identity-differs":
            return tr("CheckWords", "和身份证上的不一样。")
        case "agent-is-applicant":
            return tr("CheckWords", "代办人和申请人是同一个人。")
        case _:
            return ""

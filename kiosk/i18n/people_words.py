# SPDX-License-Identifier: Apache-2.0
"""Who may do what, and whose card or number it was, in plain words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

tr = QCoreApplication.translate


def sentence(code: str) -> str:
    """The sentence for `code`, "" where it is none of these."""
    match code:
        case "agent-not-allowed":
            return tr("Messages", "这件事要本人来办。")
        case "same-person":
            return tr("Messages", "这和刚才是同一个人。请放另一个人的身份证。")
        case "not-a-child":
            return tr("Messages", "这位已满18岁，请返回选“替别人办”。")
        case "guardian-too-young":
            return tr("Messages", "监护人要年满18岁。")
        case "guardian-required":
            return tr("Messages", "不满8岁的孩子，要由爸爸妈妈或其他监护人来办。请监护人放上身份证。")
        case "guardian-consent":
            return tr("Messages", "不满18岁，要监护人同意。请监护人放上身份证。")
        case "second-person-missing":
            return tr("Messages", "还要另一个人的身份证，或者请工作人员输入。")
        case "staff-needed":
            return tr("Messages", "没带身份证，要工作人员在场核对。请点“叫工作人员”。")
        case "staff-wrong-pin":
            return tr("Messages", "名字或密码不对，还可以试 {remaining} 次。")
        case "staff-card-pin-wrong":
            return tr("Messages", "卡的密码不对，还可以试 {remaining} 次。")
        case "staff-card-pin-blocked":
            return tr("Messages", "这张卡的密码锁住了，要到发卡的地方解开。可以用名字和密码解锁。")
        case "staff-card-unknown":
            return tr("Messages", "这张卡没有在这台机器上登记。可以用名字和密码解锁。")
        case "staff-card-card-gone":
            return tr("Messages", "卡拿走了。请再插一次。")
        case "staff-locked":
            return tr("Messages", "错的次数太多，请等 {remaining} 秒再试。")
        case _:
            return ""

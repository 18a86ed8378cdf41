# SPDX-License-Identifier: Apache-2.0
"""Codes of machine, devices, store and checks in the words residents read. No blame, always a way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from kiosk.i18n import card_words, check_words, people_words, scan_words

if TYPE_CHECKING:
    from contract.checking import Problem
    from kiosk.visit.view import Message

tr = QCoreApplication.translate


def message_text(message: Message) -> str:
    """The sentence for a message; for a code that nobody foresaw, one that is still true and helps."""
    return text_of(message.code, dict(message.params))


def problem_text(problem: Problem) -> str:
    """What is wrong with one value, in a sentence without the field's name."""
    return text_of(problem.code, dict(problem.params))


def text_of(code: str, params: dict[str, str] | None = None) -> str:
    """The sentence for `code`."""
    for sentence in (card_words.sentence, check_words.sentence, people_words.sentence, scan_words.sentence, _sentence):
        found = sentence(code)
        if found:
            return _fill(found, params or {})
    return _family(code)


def _fill(sentence: str, params: dict[str, str]) -> str:
    for name, value in params.items():
        sentence = sentence.replace("{" + name + "}", value)
    return sentence


def _family(code: str) -> str:
    known: tuple[tuple[str, Callable[[], str]], ...] = (
        ("intake-", lambda: tr("Messages", "这台机器现在不能登记申请。可以先看指南、打印清单，或者叫工作人员。")),
        ("submit-", lambda: tr("Messages", "没有登记上。填的都还在，请叫工作人员看一下机器。")),
        ("draft-", lambda: tr("Messages", "草稿这次没存上。请接着办完，先别离开。")),
        ("scan-", lambda: tr("Messages", "没有扫上。请放平再扫一次，或者选“以后补交”。")),
        ("camera-", lambda: tr("Messages", "摄像头没有拍成。请再拍一次，或者选“以后补交”。")),
        ("staff-card-", lambda: tr("Messages", "卡没有读成。请拔出来再插一次，或者用名字和密码解锁。")),
        ("staff-", lambda: tr("Messages", "没有解锁。")),
        ("tracking-", lambda: tr("Messages", "编号不对，请对照回执再输一次。")),
        ("id-", lambda: tr("Messages", "身份证信息读得不对。请拿起来再放一次，或者叫工作人员。")),
        ("card-", lambda: tr("Messages", "身份证没读出来。请拿起来再放一次，或者叫工作人员。")),
        ("reader-", lambda: tr("Messages", "读卡器没有回应。可以点“没带身份证”，让工作人员帮您登记。")),
    )
    for start, words in known:
        if code.startswith(start):
            return words()
    return tr("Messages", "这一步没有办成。请再试一次，或者叫工作人员。")


def _sentence(code: str) -> str:
    match code:
        case "item-paper-only":
            return tr("Messages", "这件事要用纸办。可以在这里打印材料清单和空白表，带齐了去窗口，一样收。")
        case "item-needs-network":
            return tr("Messages", "这件事要联网才能办，现在网络不通。可以先打印材料清单，网络好了再来。")
        case "draft-only-offline":
            return tr("Messages", "网络不通，这件事现在只能先填好存着。网络好了放同一张身份证，接着交。")
        case "consent-refused":
            return tr("Messages", "没有收集您的任何信息。可以打印空白表，用纸办，一样收。")
        case "unknown-item":
            return tr("Messages", "这件事刚刚不在目录里了。请重新选一下。")
        case "intake-disk-full":
            return tr("Messages", "这台机器存满了，现在不能登记申请。请叫工作人员。可以先看指南、打印清单。")
        case "intake-not-enrolled" | "intake-no-catalogue":
            return tr("Messages", "这台机器还没有接好平台，现在不能登记申请。请叫工作人员。")
        case "submit-disk-full":
            return tr("Messages", "机器存满了，没有登记上，也没有打回执。填的都还在，请叫工作人员。")
        case "submit-disk-failed":
            return tr("Messages", "机器的硬盘出了问题，没有登记上，也没有打回执。请叫工作人员。")
        case "page-incomplete":
            return tr("Messages", "标出来的地方还要填一下。")
        case "materials-incomplete":
            return tr("Messages", "还有材料没有选怎么交。没带来的，选“以后补交”就行。")
        case "check-incomplete":
            return tr("Messages", "还有几处要补，点一下就能去改。")
        case "signature-empty":
            return tr("Messages", "请先在框里签上名字。")
        case "draft-resumed":
            return tr("Messages", "上次填的都在，请接着办。")
        case "no-cases":
            return tr("Messages", "这张身份证在这台机器上没有办过事。别处办的，可以打12345问。")
        case "case-not-found":
            return tr("Messages", "这台机器上没有这个编号。请对照回执再输一次。")
        case "tracking-length":
            return tr("Messages", "编号是12位数字，在回执上面。")
        case "tracking-check":
            return tr("Messages", "编号里有一位不对，请对照回执再看一遍。")
        case "complaint-empty":
            return tr("Messages", "请先说说是什么事。")
        case "complaint-kept":
            return tr("Messages", "已经收下了，会转给负责的部门。")
        case "card-unresponsive":
            return tr("Messages", "卡没有反应。请拔出来再插一次，或者叫工作人员。")
        case _:
            return ""

# SPDX-License-Identifier: Apache-2.0
"""Devices in the words of the person who looks after the terminal: what they are, how they are, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from kiosk.visit.view import DeviceTest

tr = QCoreApplication.translate

ICONS = {
    "id-card": "id",
    "smart-card": "credit-card",
    "printer": "printer",
    "receipt-printer": "receipt",
    "scanner": "scan",
    "document-camera": "camera",
    "code-scanner": "hand-finger",
    "speech": "volume",
}


def device_name(device: str) -> str:
    """What it is called."""
    match device:
        case "id-card":
            return tr("Devices", "身份证读卡器")
        case "smart-card":
            return tr("Devices", "社保卡读卡器")
        case "printer":
            return tr("Devices", "打印机")
        case "receipt-printer":
            return tr("Devices", "小票打印机")
        case "scanner":
            return tr("Devices", "扫描仪")
        case "document-camera":
            return tr("Devices", "摄像头")
        case "code-scanner":
            return tr("Devices", "扫码器")
        case _:
            return tr("Devices", "朗读")


def state_word(status: DeviceStatus) -> str:
    """How it is, in a word."""
    match status.state.value:
        case "ready":
            return tr("Devices", "正常")
        case "busy":
            return tr("Devices", "正在用")
        case "absent":
            return tr("Devices", "没接上")
        case "out-of-paper":
            return tr("Devices", "没纸了")
        case "paper-low":
            return tr("Devices", "纸快没了")
        case "jam":
            return tr("Devices", "卡纸了")
        case "cover-open":
            return tr("Devices", "盖子开着")
        case _:
            return tr("Devices", "有毛病")


def remedy_words(status: DeviceStatus) -> str:
    """What to do, or "" where all is well."""
    match status.remedy:
        case "check-cable":
            return tr("Devices", "看看电源开了没有，线插紧了没有。接好了会自己认出来。")
        case "add-paper":
            return tr("Devices", "请放纸，没打出来的可以再打一次。")
        case "add-paper-soon":
            return tr("Devices", "还能打，请备好纸。")
        case "clear-jam":
            return tr("Devices", "打开盖子，慢慢抽出卡住的纸，再盖好。")
        case "close-cover":
            return tr("Devices", "把盖子盖严，听到响声。")
        case "restart-device":
            return tr("Devices", "关掉再打开；还不行，请打维修电话。")
        case _:
            return ""


def try_words(device: str) -> str:
    """What its test does; "" where there is none."""
    match device:
        case "id-card" | "smart-card":
            return tr("Devices", "读一张卡试试")
        case "printer" | "receipt-printer":
            return tr("Devices", "打一张试试")
        case "scanner":
            return tr("Devices", "扫一页试试")
        case "document-camera":
            return tr("Devices", "拍一张试试")
        case "speech":
            return tr("Devices", "念一句试试")
        case _:
            return ""


def test_words(test: DeviceTest) -> str:
    """How the test went."""
    if test.state == "running":
        return tr("Devices", "正在试……")
    if test.state == "done":
        if test.device in ("id-card", "smart-card"):
            return tr("Devices", "读到了：{name}").format(name=test.detail)
        if test.device == "scanner":
            return tr("Devices", "扫到 {count} 页，没有存。").format(count=test.detail)
        if test.device == "document-camera":
            return tr("Devices", "拍到了，没有存。")
        if test.device == "speech":
            return tr("Devices", "念了一句。没听见，请看音量和喇叭。")
        return tr("Devices", "打好了，请看纸。")
    match test.detail:
        case "no-card":
            return tr("Devices", "没有卡。请先放上卡，再点试试。")
        case "no-pages":
            return tr("Devices", "扫描仪里没有纸。")
        case "out-of-paper":
            return tr("Devices", "没纸了。")
        case "jam":
            return tr("Devices", "卡纸了。")
        case "cover-open":
            return tr("Devices", "盖子开着。")
        case _:
            return tr("Devices", "没有成（{code}）。").format(code=test.detail)

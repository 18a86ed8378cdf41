# SPDX-License-Identifier: Apache-2.0
"""How a case stands, in the words residents read. Accepted is said only when the platform said it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

tr = QCoreApplication.translate


def state_words(state: str, outbox: str) -> str:
    """The state in a few words; `outbox` tells whether the record has left the terminal."""
    known = event_words(state)
    if known:
        return known
    if outbox == "parked":
        return tr("Cases", "平台没有收下，请叫工作人员")
    return tr("Cases", "已送到") if outbox == "delivered" else tr("Cases", "已登记，等待上报")


def event_words(kind: str) -> str:
    """What an event of the platform means; "" for what is no event."""
    match kind:
        case "received":
            return tr("Cases", "已送到")
        case "accepted":
            return tr("Cases", "已受理")
        case "correction":
            return tr("Cases", "要补正")
        case "processing":
            return tr("Cases", "正在审核")
        case "paused":
            return tr("Cases", "暂停计时")
        case "finished" | "result":
            return tr("Cases", "已办好")
        case "rejected":
            return tr("Cases", "没有通过")
        case "message":
            return tr("Cases", "部门留言")
        case _:
            return ""


def state_kind(state: str, outbox: str) -> tuple[str, str]:
    """The kind of badge (done, waiting, info) and the picture for a state."""
    if state == "correction" or outbox == "parked":
        return "waiting", "alert-circle"
    if state in ("finished", "accepted"):
        return "done", "circle-check"
    if state == "rejected":
        return "waiting", "circle-x"
    return "info", "clock"


def moment(iso: str) -> str:
    """ "11月23日 09:52", in the machine's own time."""
    try:
        at = datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return iso
    return tr("Cases", "{month}月{day}日 {time}").format(month=at.month, day=at.day, time=at.strftime("%H:%M"))

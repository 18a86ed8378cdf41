# SPDX-License-Identifier: Apache-2.0
"""How far sending has got, in the words of a village clerk: no rates nobody asked for, no seconds nobody can know."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from kiosk.i18n.desk_words import amount, counted

if TYPE_CHECKING:
    from kiosk.frame.state import NetState

tr = QCoreApplication.translate
TROUBLES = ("disk-full", "disk-failed", "vault-damaged", "answer-damaged", "sync-silent", "internal")
WORTH_TELLING = 15  # seconds; what ends sooner needs no estimate


def about(seconds: int) -> str:
    """An estimate only as exact as it is: minutes, then fives of minutes, then half hours."""
    if seconds < 50:
        return tr("Sync", "不到 1 分钟")
    minutes = round(seconds / 60)
    if minutes <= 1:
        return tr("Sync", "大约 1 分钟")
    if minutes <= 10:
        return tr("Sync", "大约 {count} 分钟").format(count=minutes)
    if minutes < 55:
        return tr("Sync", "大约 {count} 分钟").format(count=round(minutes / 5) * 5)
    halves = round(seconds / 1800)
    if halves > 20:
        return tr("Sync", "10 个小时以上")
    if halves == 2:
        return tr("Sync", "大约 1 个小时")
    hours, half = divmod(halves, 2)
    if half:
        return tr("Sync", "大约 {count} 个半小时").format(count=hours)
    return tr("Sync", "大约 {count} 个小时").format(count=hours)


def time_left(state: NetState) -> str:
    """How long it will take, or "" where nothing is under way or it is nearly done."""
    if state.phase == "sending" and state.seconds_left is not None and state.seconds_left >= WORTH_TELLING:
        return about(state.seconds_left)
    return ""


def in_trouble(state: NetState) -> bool:
    """Whether something is wrong that time and a network do not mend: staff are to see it, whatever waits."""
    return state.phase != "sending" and state.problem in TROUBLES


def head_words(state: NetState) -> str:
    """How sending stands."""
    if in_trouble(state):
        return _trouble_head(state.problem)
    if state.link == "down":
        match state.problem:
            case "captive-portal":
                return tr("Sync", "网络要先登录")
            case "tls":
                return tr("Sync", "连上的不是平台")
            case "no-answer":
                return tr("Sync", "平台没有回应")
            case "platform-away":
                return tr("Sync", "平台暂时停了")
            case _:
                return tr("Sync", "网络不通")
    if not state.waiting and not state.files:
        return tr("Sync", "都上报了")
    if state.phase == "sending":
        return tr("Sync", "正在上报")
    if state.held_back and not state.waiting:
        return tr("Sync", "申请都报了，材料先等着")
    return tr("Sync", "等着上报")


def left_words(state: NetState) -> str:
    """What has still to leave: items and bytes."""
    if not state.waiting and not state.files:
        return ""
    return tr("Sync", "还有 {what}").format(what=counted(state.waiting, state.files, state.bytes_left))


def why_words(state: NetState, now: datetime) -> str:
    """Why it waits and what to do; or when the platform was last heard."""
    if in_trouble(state):
        return _trouble_why(state.problem)
    if state.link == "down":
        return _why_down(state)
    match state.held_back if state.files else "":
        case "quiet":
            return tr("Sync", "开了省流量：申请照常上报，材料等省流量关了再传。")
        case "hours":
            return tr("Sync", "材料等到定好的钟点再传，申请照常上报。")
        case "budget":
            return tr("Sync", "今天的流量用完了，材料明天接着传，申请照常上报。")
    if state.phase == "sending":
        go_on = tr("Sync", "断了网会从断的地方接着传，不用守着。")
        if state.rate < 1000:
            return go_on
        return tr("Sync", "每秒 {size}。{more}").format(size=amount(state.rate), more=go_on)
    if state.waiting or state.files:
        return tr("Sync", "平台正忙或者还没答应，过一会儿自己再传。") if state.problem else tr("Sync", "马上就传。")
    return tr("Sync", "{when}和平台对过。").format(when=_when(state.last_contact, now)) if state.last_contact else ""


def _trouble_head(problem: str) -> str:
    match problem:
        case "disk-full":
            return tr("Sync", "这台机器存满了")
        case "disk-failed" | "vault-damaged":
            return tr("Sync", "这台机器存不进去了")
        case "answer-damaged":
            return tr("Sync", "平台的回答不对")
        case "sync-silent":
            return tr("Sync", "上报停住了")
        case _:
            return tr("Sync", "上报出了毛病")


def _trouble_why(problem: str) -> str:
    match problem:
        case "disk-full":
            return tr("Sync", "存好的都还在。请人腾出一些空间，腾出来就接着上报。")
        case "disk-failed" | "vault-damaged":
            return tr("Sync", "请人看看这台机器的硬盘，看好之前先别收件。")
        case "answer-damaged":
            return tr("Sync", "毛病在平台那边，过一会儿自己再传。一直这样，就打电话告诉平台。")
        case "sync-silent":
            return tr("Sync", "都好好存在这台机器上。请把这台机器重启一下；还不行，就用U盘带走。")
        case _:
            return tr("Sync", "已经记下来了，过一会儿自己再传。一直这样，就请人看看这台机器。")


def _why_down(state: NetState) -> str:
    match state.problem:
        case "captive-portal":
            return tr("Sync", "在路由器或热点的页面上登录一次，就会自己上报。")
        case "tls":
            return tr("Sync", "看看这台机器的日期和时间对不对，再找人看看网络。什么都没有发出去。")
        case "no-answer":
            return tr("Sync", "网络是通的，平台可能在维护，过一会儿自己再传。")
        case "platform-away":
            return tr("Sync", "网络是通的，平台那边暂时停了，好了会自己再传，这里不用管。")
    if state.waiting or state.files:
        return tr("Sync", "都好好存在这台机器上，有网就自动上报。等不及就用U盘带走。")
    return tr("Sync", "可以照常办理，先存在这台机器上，有网就自动上报。")


def parked_words(state: NetState) -> str:
    """What the platform did not take, or ""."""
    if not state.parked:
        return ""
    return tr("Sync", "有 {count} 份平台没有收，请打电话问问平台。").format(count=state.parked)


def _when(iso: str, now: datetime) -> str:
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return ""
    at = at.astimezone().replace(tzinfo=None) if at.tzinfo else at
    clock = at.strftime("%H:%M")
    if at.date() == now.date():
        return tr("Sync", "今天 {clock} ").format(clock=clock)
    return tr("Sync", "{month}月{day}日 {clock} ").format(month=at.month, day=at.day, clock=clock)

# SPDX-License-Identifier: Apache-2.0
"""The questions and notices of the frame, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from kiosk.frame.dialog import DialogSpec
from kiosk.frame.page import ActionSpec
from kiosk.visit import intents

if TYPE_CHECKING:
    from kiosk.visit.view import DraftOffer, VisitView

translate = QCoreApplication.translate
TAKE_CARD, BROKEN = "take-card", "broken"


def back_action(back: Callable[[], None]) -> ActionSpec:
    """The 返回 of the action row."""
    text = translate("Shell", "返回")
    return ActionSpec(text, "arrow-left", run=back, kind="secondary")


def has_work(view: VisitView) -> bool:
    """Whether leaving now would throw away something that was given or typed."""
    return view.submitted is None and (view.identity is not None or bool(view.values))


def leave_for_home(view: VisitView) -> DialogSpec:
    """Leave, and what becomes of what was filled in."""
    keep = ActionSpec(translate("Shell", "存好，回首页"), "lock", intent=intents.KeepDraft(True), kind="secondary")
    return DialogSpec(
        key="leave",
        title=translate("Shell", "这件事还没有办完"),
        text=translate("Shell", "要回首页吗？已经填的可以加密存在这台机器上，下次放同一张身份证接着办。"),
        icon="home",
        actions=(
            ActionSpec(translate("Shell", "接着办"), "arrow-right", icon_after=True),
            *((keep,) if view.identity is not None and view.item is not None else ()),
            ActionSpec(translate("Shell", "不存，回首页"), "trash", intent=intents.KeepDraft(False), kind="secondary"),
        ),
    )


def still_there(view: VisitView) -> DialogSpec:
    """Nobody has touched the screen for a while: count down, and say what will happen."""
    if has_work(view):
        text = translate("Shell", "时间到了就回到首页。填了的会照您选的存好或清掉，别人看不到。")
    else:
        text = translate("Shell", "时间到了就回到首页，屏幕上的内容会清掉。")
    return DialogSpec(
        key="idle",
        title=translate("Shell", "您还在吗？"),
        text=text,
        countdown=view.idle_left,
        actions=(
            ActionSpec(translate("Shell", "我还在"), "hand-finger", intent=intents.IAmHere()),
            ActionSpec(translate("Shell", "不办了"), "door-exit", intent=intents.FinishVisit(), kind="secondary"),
        ),
    )


def staff_called(phone: str, unlock: Callable[[], None]) -> DialogSpec:
    """Staff are on their way; staff themselves go on from here."""
    text = translate("Shell", "请等一下，有人来帮您。您填的都还在。")
    if phone:
        text += translate("Shell", "也可以打 {phone}。").format(phone=phone)
    return DialogSpec(
        key="staff-called",
        title=translate("Shell", "已经叫了工作人员"),
        text=text,
        icon="user-question",
        actions=(
            ActionSpec(translate("Shell", "知道了"), "check"),
            ActionSpec(translate("Shell", "我是工作人员"), "lock-open", kind="secondary", run=unlock),
        ),
    )


def draft_offer(offer: DraftOffer) -> DialogSpec:
    """This card has something unfinished here."""
    text = translate("Shell", "上次的“{item}”没有办完，都还存着。要接着办吗？")
    return DialogSpec(
        key="draft",
        title=translate("Shell", "有一件没办完的事"),
        text=text.format(item=offer.item_name),
        icon="file-pencil",
        actions=(
            ActionSpec(
                translate("Shell", "接着上次的办"), "arrow-right", intent=intents.ResumeDraft(True), icon_after=True
            ),
            ActionSpec(
                translate("Shell", "从头填，旧的清掉"), "trash", intent=intents.ResumeDraft(False), kind="secondary"
            ),
        ),
    )


def take_card() -> DialogSpec:
    """The visit is over, and a card still lies on the reader."""
    return DialogSpec(
        key=TAKE_CARD,
        title=translate("Kiosk", "请拿好身份证和打印的纸"),
        text=translate("Kiosk", "您的证还在感应区上。屏幕上的内容已经清掉了。"),
        icon="id",
        actions=(ActionSpec(translate("Kiosk", "知道了"), "check"),),
    )


def screen_broke() -> DialogSpec:
    """The window before this one ended in the middle of something."""
    return DialogSpec(
        key=BROKEN,
        title=translate("Kiosk", "屏幕刚才断了一下，现在好了"),
        text=translate("Kiosk", "请从头再来一次。选过“保留”的，放上身份证就能接着填；已经登记的，在“查进度”里看得到。"),
        icon="info-circle",
        actions=(ActionSpec(translate("Kiosk", "知道了"), "check"),),
    )

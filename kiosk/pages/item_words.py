# SPDX-License-Identifier: Apache-2.0
"""A service item in the words residents use: its picture, its badge, its limits, fee and visits."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from contract.items import Limit, Material, ServiceItem
from kiosk.frame.page import PageContext

translate = QCoreApplication.translate

ITEM_ICONS = {
    "pension-join": "umbrella",
    "pension-claim": "coin-yuan",
    "pension-alive": "id-badge-2",
    "med-join": "heart-plus",
    "med-remote": "map-pin",
    "med-claim": "first-aid-kit",
    "dibao": "home-heart",
    "tekun": "heart-handshake",
    "temp-aid": "urgent",
    "old80": "cake",
    "old-card": "credit-card",
    "disab-allow": "wheelchair",
    "disab-card": "accessible",
    "orphan": "mood-happy",
    "birth-reg": "baby-carriage",
    "fp-reward": "users",
    "hukou-birth": "book-2",
    "hukou-death": "leaf",
    "hukou-proof": "certificate",
    "residence-permit": "id",
    "floating-reg": "user-plus",
    "idcard-renew": "refresh",
    "no-crime": "shield-check",
    "homestead": "home",
    "danger-house": "tools",
    "jobless": "briefcase",
    "vet-card": "star",
    "legal-aid": "gavel",
    "land-subsidy": "plant-2",
    "utility": "receipt",
}
EVENT_ICONS = {
    "养老": "cake",
    "看病": "first-aid-kit",
    "生活困难": "home-heart",
    "残疾": "wheelchair",
    "孩子": "baby-carriage",
    "户籍证件": "id",
    "建房": "home",
    "就业": "briefcase",
    "退役": "star",
    "纠纷": "gavel",
    "种地": "plant-2",
    "生活": "receipt",
    "身后": "leaf",
}
FREE_WORDS = ("免费", "不收费")


def item_icon(item: ServiceItem) -> str:
    """Its own picture, else its life event's, else a sheet of paper."""
    name = ITEM_ICONS.get(item.id) or EVENT_ICONS.get(item.life_event)
    return name or "file-text"


def event_icon(event: str) -> str:
    """The picture of a life event."""
    return EVENT_ICONS.get(event, "stack-2")


def item_badge(item: ServiceItem) -> tuple[str, str, str]:
    """Words, kind and icon of how far one gets here."""
    if item.offline == "guide":
        return translate("Item", "只打印指南"), "plain", "printer"
    if item.offline == "draft":
        return translate("Item", "要有网络"), "waiting", "wifi"
    if item.depth == "全程":
        return translate("Item", "在这里办完"), "done", "circle-check"
    return translate("Item", "先登记后补交"), "info", "file-plus"


def limit_words(limit: Limit) -> str:
    """ "20 个工作日", "10 天" (calendar days), or "当场办"."""
    if limit.days == 0:
        return translate("Item", "当场办")
    if limit.unit == "working":
        return translate("Item", "{days} 个工作日").format(days=limit.days)
    return translate("Item", "{days} 天").format(days=limit.days)


def is_free(item: ServiceItem) -> bool:
    """Whether the guide says that nothing is charged, without any "but"."""
    return item.fee in FREE_WORDS


def visits_words(item: ServiceItem) -> tuple[str, str]:
    """How many trips to an office, large and explained."""
    large = translate("Item", "{count} 趟").format(count=item.visits)
    if item.visits == 0:
        return large, translate("Item", "不用再跑别处")
    return large, translate("Item", "要去窗口的次数")


def track_words(item: ServiceItem) -> str:
    """The ways in: online, paper or both (an online item keeps its paper way)."""
    if item.track == "paper":
        return translate("Item", "拿纸质材料到窗口办，这里帮您备好表和清单")
    if item.track == "online":
        return translate("Item", "在这里或手机上办，也可以拿纸质材料到窗口办")
    return translate("Item", "线上线下都能办，用纸的也一样收")


def level_words(levels: tuple[int, ...]) -> str:
    """Where an item is taken in, from the village up."""
    names = {
        2: translate("Item", "省"),
        3: translate("Item", "市"),
        4: translate("Item", "县"),
        5: translate("Item", "乡镇"),
        6: translate("Item", "村"),
    }
    return translate("Item", "、").join(names.get(level, str(level)) for level in sorted(levels, reverse=True))


def material_words(material: Material) -> str:
    """What one has to do about a material."""
    if material.id == "idcard":
        words = translate("Item", "放在机器上读一下，不用复印")
    elif material.ecert == "gen":
        words = translate("Item", "在这里填好，机器帮您打印")
    elif material.ecert == "have":
        words = translate("Item", "有电子证照可用，您同意就不用带")
    elif material.ecert == "part":
        words = translate("Item", "有些能从电子证照取得；取不到就在这里拍照")
    elif material.form == "O":
        words = translate("Item", "带原件，看一下就还您")
    elif material.form == "P":
        words = translate("Item", "纸上签名，在这里扫描")
    else:
        words = translate("Item", "在这里拍照，也可以以后补交")
    if material.copies > 1:
        words += translate("Item", "（{count} 份）").format(count=material.copies)
    return words


def complaint_channels(context: PageContext, item: ServiceItem) -> list[str]:
    """Where to complain: a hotline, or a department and its phone."""
    channels = []
    for channel in item.complaint:
        name, _, number = channel.rpartition(" ")
        phone = name and number[:1].isdigit()
        channels.append(f"{context.text(name)} {number}" if phone else context.text(channel))
    return channels

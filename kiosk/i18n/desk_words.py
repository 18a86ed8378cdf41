# SPDX-License-Identifier: Apache-2.0
"""Sticks and forms on paper, in the words of the staff who carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from kiosk.visit.view import PaperForm, UsbResult, UsbState
    from kiosk.widgets.surfaces import NoteKind

tr = QCoreApplication.translate


def amount(size: int) -> str:
    """Bytes as people say them."""
    if size >= 1_000_000_000:
        return f"{size / 1_000_000_000:.1f} GB"
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{max(1, size // 1000)} KB" if size else "0 KB"


def waiting_words(usb: UsbState) -> str:
    """What waits on the terminal."""
    if not usb.records and not usb.attachments:
        return tr("Carry", "没有要带走的，都已经上报了。")
    return counted(usb.records, usb.attachments, usb.size)


def counted(records: int, files: int, size: int) -> str:
    """Applications and attachments, with their bytes."""
    if not records:
        return tr("Carry", "{files} 份材料，共 {size}").format(files=files, size=amount(size))
    if not files:
        return tr("Carry", "{records} 份申请，共 {size}").format(records=records, size=amount(size))
    return tr("Carry", "{records} 份申请、{files} 份材料，共 {size}").format(
        records=records, files=files, size=amount(size)
    )


def stage_words(stage: str) -> str:
    """What is going on with the stick."""
    match stage:
        case "taking":
            return tr("Carry", "正在取回执和消息……")
        case "writing":
            return tr("Carry", "正在写到U盘……")
        case "syncing":
            return tr("Carry", "正在存牢……")
        case "carrying":
            return tr("Carry", "正在接别的机器的申请……")
        case _:
            return tr("Carry", "正在读出来核对……")


def result_lines(result: UsbResult) -> list[str]:
    """What went, what came, and what did not."""
    lines = []
    if result.records or result.attachments:
        lines.append(
            tr("Carry", "带走：{records} 份申请、{files} 份材料").format(
                records=result.records, files=result.attachments
            )
        )
    else:
        lines.append(tr("Carry", "带走：没有要带走的"))
    lines.append(came_words(result))
    if result.carried:
        lines.append(tr("Carry", "接过来：别的机器的 {count} 份申请，从这里上报").format(count=result.carried))
    if result.published:
        lines.append(tr("Carry", "事项目录也更新了"))
    return lines


def came_words(result: UsbResult) -> str:
    """What the stick brought home."""
    if not result.delivered and not result.events:
        return tr("Carry", "带回：没有新的回执")
    return tr("Carry", "带回：{delivered} 份回执、{events} 条消息").format(
        delivered=result.delivered, events=result.events
    )


def result_warnings(result: UsbResult) -> list[tuple[str, str]]:
    """What needs a second look: what it is, and what to do."""
    found = []
    if result.left:
        found.append(
            (
                tr("Carry", "U盘放不下，还有 {count} 份没带走").format(count=result.left),
                tr("Carry", "都还在这台机器上。换一个空一点的U盘，再来一次。"),
            )
        )
    if result.refused:
        found.append(
            (
                tr("Carry", "有 {count} 个回执文件坏了，没有用").format(count=result.refused),
                tr("Carry", "请平台重新导出一次。这台机器上什么都没有变。"),
            )
        )
    if result.not_carried:
        found.append(
            (
                tr("Carry", "别的机器的申请，有 {count} 份没接过来").format(count=result.not_carried),
                tr("Carry", "都还在U盘上，请把U盘带到平台。"),
            )
        )
    if result.foreign:
        found.append(
            (
                tr("Carry", "U盘上还有别的机器的 {count} 个文件").format(count=result.foreign),
                tr("Carry", "没有打开，也没有动。请插到有网的机器上，或者带到平台。"),
            )
        )
    if result.foreign_returns:
        found.append(
            (
                tr("Carry", "U盘上有别的机器的 {count} 个回执文件").format(count=result.foreign_returns),
                tr("Carry", "没有打开，也没有动。请带回那台机器。"),
            )
        )
    return found


def usb_fault(code: str) -> tuple[str, str]:
    """What happened to the stick, and what to do. Nothing is lost in any of these."""
    match code:
        case "medium-gone":
            return tr("Carry", "U盘拔早了"), tr("Carry", "什么都没有丢，都还在这台机器上。插好，再来一次。")
        case "medium-full":
            return tr("Carry", "U盘满了"), tr("Carry", "都还在这台机器上。删掉一些文件，或者换一个U盘。")
        case "medium-read-only":
            return tr("Carry", "U盘写不进去"), tr("Carry", "看看U盘上有没有锁，拨到打开的一边，或者换一个U盘。")
        case "medium-damaged":
            return tr("Carry", "这个U盘靠不住"), tr("Carry", "写进去和读出来不一样。请换一个U盘，都还在这台机器上。")
        case "disk-full" | "disk-failed":
            return tr("Carry", "这台机器的硬盘写不进去"), tr("Carry", "U盘没有问题。请找人看一下这台机器。")
        case "not-enrolled":
            return tr("Carry", "这台机器还没有接好平台"), tr("Carry", "要先登记到平台，才能用U盘。")
        case _:
            return tr("Carry", "U盘出错了"), tr("Carry", "什么都没有丢。拔下来重新插好再试，或者换一个U盘。")


def numbers(values: tuple[int, ...]) -> str:
    """ "2、4"."""
    return tr("Carry", "、").join(map(str, values))


def form_words(form: PaperForm, code: str, name: str) -> tuple[NoteKind, str, str]:
    """Kind of note, head and detail for a form on paper. `code`: the grouped number, `name`: the service's."""
    what = tr("Carry", "{name}　{code}").format(name=name, code=code.replace(" ", "\u00a0"))
    match form.status:
        case "missing":
            head = tr("Carry", "还差第 {numbers} 张").format(numbers=numbers(form.missing))
            return (
                "waiting",
                head,
                tr("Carry", "这份表一共 {total} 张方块码。接着扫，先后不限。").format(total=form.total),
            )
        case "kept":
            more = tr("Carry", "已经登记，有网就自动上报，编号不变。")
            if form.attachments:
                more += tr("Carry", "另有 {count} 份扫描的材料，由原来那台机器上报。").format(count=form.attachments)
            return "done", what, more
        case "known":
            return "info", what, tr("Carry", "这份以前扫过，不会重复登记。")
        case "delivered":
            return "done", what, tr("Carry", "平台已经收到了，不用再扫。")
        case _:
            return "fault", *form_fault(form.code)


def form_fault(code: str) -> tuple[str, str]:
    """Why a whole form was not taken."""
    match code:
        case "carried-foreign":
            return tr("Carry", "这份表对不上"), tr(
                "Carry", "编号是这台机器的，可是这台机器没有登记过。没有收下，请交到办事窗口。"
            )
        case "carried-conflict":
            return tr("Carry", "和已有的一份对不上"), tr("Carry", "没有收下。请把这份表交到办事窗口去扫。")
        case "disk-full" | "disk-failed":
            return tr("Carry", "这台机器的硬盘写不进去"), tr("Carry", "这份表没有收下。请找人看一下机器，表先收好。")
        case "not-enrolled":
            return tr("Carry", "这台机器还没有接好平台"), tr("Carry", "这份表没有收下，请先收好。")
        case _:
            return tr("Carry", "方块码里的内容坏了"), tr("Carry", "没有收下。请重新打印这份表，或者交到办事窗口。")


def paper_fault(code: str) -> tuple[str, str]:
    """Why nothing came of the last try."""
    match code:
        case "paper-no-code":
            return tr("Carry", "这一页没有找到方块码"), tr("Carry", "请扫申请表的最后一页，放平，不要盖住方块码。")
        case "paper-foreign":
            return tr("Carry", "这不是申请表上的码"), tr("Carry", "请扫申请表最后面的大方块码。")
        case "paper-version":
            return tr("Carry", "这份表比这台机器新"), tr("Carry", "请交到办事窗口去扫。")
        case "paper-damaged" | "paper-other-record":
            return tr("Carry", "有一张码没有读对"), tr("Carry", "请再扫一次。")
        case "empty" | "no-pages" | "no-paper" | "scanner-empty":
            return tr("Carry", "扫描仪里没有纸"), tr("Carry", "放好再扫。")
        case "scanner-absent" | "no-scanner" | "absent":
            return tr("Carry", "扫描仪或摄像头没接上"), tr("Carry", "可以用扫码枪，一张一张扫。")
        case _:
            return tr("Carry", "没有扫上"), tr("Carry", "请放平再扫一次。")

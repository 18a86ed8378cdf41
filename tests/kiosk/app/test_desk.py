# SPDX-License-Identifier: Apache-2.0
"""The staff's desk in a whole terminal: a stick out and back, and how sending stands."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contract.events import ReceiptEntry, Receipts, sign_statement
from contract.record import Record
from contract.returns import Return, build_return
from contract.sealing import OpeningKey
from kiosk.i18n.desk_words import result_warnings
from kiosk.visit import intents
from kiosk.visit.view import VisitView
from kiosk.workers.news import SyncNews
from offline.stick.export import Exported, Progress, Watch, export
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.kiosk.app.conftest import Post
from tests.live import Link, LiveGateway
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import own_records, records_in
from tests.sticks import Machine

MakePost = Callable[..., Post]


def view(post: Post) -> VisitView:
    return post.kiosk.machine.view()


def at_desk(post: Post, what: str) -> None:
    post.terminal.client.staff.add("张代办", "258036", "s1")
    post.say(intents.Touched(), intents.StaffUnlock("张代办", "258036"))
    post.until(lambda: view(post).staff is not None, "the unlocking")
    post.finger.tap("工作台")
    post.at("desk")
    if what:
        post.finger.tap(what)


def said(post: Post, words: str) -> None:
    post.until(lambda: words in post.kiosk.shell.spoken(), f"{words!r} in {post.kiosk.shell.spoken()!r}")


def still_here(post: Post) -> int:
    """Records that have not left, in a try or between two."""
    status = post.terminal.outbox()
    return status.waiting + status.sending


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "root")


class TestStick:
    @pytest.fixture
    def post(self, make_post: MakePost, machine: Machine, link: Link, terminal: Terminal) -> Post:
        link.up = False
        terminal.submit(application(terminal.new_tracking_code()))
        post = make_post(media_root=machine.root)
        at_desk(post, "U盘收发")
        post.at("usb")
        return post

    def phase(self, post: Post, phase: str) -> None:
        post.until(lambda: (usb := view(post).usb) is not None and usb.phase == phase, f"{phase}, is {view(post).usb}")

    def test_out_and_back(self, post: Post, machine: Machine, tmp_path: Path, gateway: LiveGateway) -> None:
        self.phase(post, "absent")
        assert post.kiosk.shell.frame.action_row.buttons[-1].isEnabled() is False
        stick = machine.plug(tmp_path / "stick")
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "done")
        said(post, "现在可以拔下U盘了")
        (parcel,) = stick.glob("*.parcel")
        (record,) = records_in(parcel)
        assert still_here(post) == 1
        machine.pull()
        post.finger.breathe(1.5)
        said(post, "现在可以拔下U盘了")  # still says so with the stick in the hand
        self.answer(stick, post.terminal, gateway, record)
        machine.plug(stick)
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "done")
        result = view(post).usb.result  # type: ignore[union-attr]
        assert result is not None
        assert (result.delivered, result.records) == (1, 0)
        assert post.terminal.outbox().delivered == 1
        assert list(stick.glob("*.parcel")) == []  # what the platform has need not stay on the stick

    def answer(self, stick: Path, terminal: Terminal, gateway: LiveGateway, record: Record) -> None:
        key = gateway.platform.keys.current.sign
        receipts = Receipts("record", "2026-11-24T09:00:00+00:00", (ReceiptEntry(record.header.id, record.digest),))
        content = Return(record.header.terminal, 1, 0, 1, "00" * 8, 0, (sign_statement(receipts, key),))
        (stick / "1.return").write_bytes(build_return(content, OpeningKey.of(terminal.keys.seal).public, key))

    def test_pulled_at_the_moment_of_touching(self, post: Post, machine: Machine, tmp_path: Path) -> None:
        stick = machine.plug(tmp_path / "stick")
        self.phase(post, "ready")
        stick.rename(tmp_path / "away")
        post.finger.tap("开始收发")
        self.phase(post, "failed")
        said(post, "U盘拔早了")
        assert still_here(post) == 1

    @pytest.mark.parametrize("stage", ["writing", "syncing", "checking"])
    def test_pulled_while_it_is_written_and_put_in_again(
        self, post: Post, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str,
        gateway: LiveGateway,
    ) -> None:  # fmt: skip
        """The real export, whose stick goes away as it begins a stage; what the stick had brought is told as safe."""
        stick = machine.plug(tmp_path / "stick")
        self.answer(stick, post.terminal, gateway, own_records(post.terminal)[0])
        post.terminal.submit(application(post.terminal.new_tracking_code(), 2), [attachment(2, 60)])

        def pulled(terminal: Terminal, mount: Path, *, watch: Watch) -> Exported:
            def see(progress: Progress) -> None:
                if progress.stage == stage and mount.exists():
                    mount.rename(tmp_path / "away")
                watch(progress)

            return export(terminal, mount, watch=see)

        monkeypatch.setattr("offline.stick.watch.export", pulled)
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "failed")
        assert "1 份回执" in post.kiosk.shell.page._list.list.shown[-1].head.text()  # type: ignore[union-attr]
        assert (post.terminal.outbox().delivered, still_here(post)) == (1, 1)
        left = list((tmp_path / "away").glob("*.parcel"))
        assert [len(records_in(path)) for path in left] == ([1] if stage == "checking" else [])
        monkeypatch.undo()
        machine.pull()
        (tmp_path / "away").rename(stick)
        machine.plug(stick)
        button = post.kiosk.shell.frame.action_row.buttons
        post.until(lambda: button[-1].isEnabled() and button[-1].text() == "再来一次", "the way to begin again")
        post.finger.tap("再来一次")
        self.phase(post, "done")
        (parcel,) = stick.glob("*.parcel*")
        assert len(records_in(parcel)) == 1

    def test_a_stick_that_cannot_be_opened(self, post: Post, machine: Machine) -> None:
        machine.disk("sdb", "8:16", removable=True)
        self.phase(post, "unreadable")

    def test_leaving_the_page_ends_the_watching(self, post: Post, machine: Machine, tmp_path: Path) -> None:
        self.phase(post, "absent")
        post.finger.tap("返回")
        post.at("desk")
        machine.plug(tmp_path / "stick")
        post.finger.tap("U盘收发")
        self.phase(post, "ready")

    def test_another_terminals_stick_is_taken_along(
        self, post: Post, machine: Machine, tmp_path: Path, elsewhere: Terminal, gateway: LiveGateway, link: Link
    ) -> None:
        """Left alone while there is no network here either; then sent from here, sealed as it is."""
        record = registered(elsewhere)
        post.until(lambda: not post.terminal.outbox().online, "that there is no network")
        stick = tmp_path / "stick"
        stick.mkdir()
        export(elsewhere, stick)
        machine.plug(stick)
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "done")
        said_words = [head for head, _ in result_warnings(view(post).usb.result)]  # type: ignore[union-attr,arg-type]
        assert said_words == ["U盘上还有别的机器的 1 个文件"]
        assert post.terminal.outbox().carried_waiting == 0
        link.up = True
        post.keeper.wake()
        post.until(lambda: post.terminal.outbox().online, "the network")
        machine.pull()
        post.finger.tap("好了")
        post.finger.tap("U盘收发")
        machine.plug(stick)
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "done")
        result = view(post).usb.result  # type: ignore[union-attr]
        assert result is not None
        assert (result.carried, result.not_carried, result.foreign) == (1, 0, 0)
        arrived = gateway.platform.cases.listing
        post.until(lambda: record.header.id in {row["record_id"] for row in arrived()}, "the case at the platform")


# --- how sending stands ----------------------------------------------------------------------------------------------


def test_what_is_left_and_how_long_it_takes(make_post: MakePost, terminal: Terminal, link: Link) -> None:
    link.up = False
    terminal.submit(application(terminal.new_tracking_code()), [attachment(1, 900), attachment(2, 900)])
    post = make_post()
    at_desk(post, "")
    card = post.kiosk.shell.page.sync  # type: ignore[union-attr]
    post.until(lambda: "还有 1 份申请、2 份材料" in card.left.text(), f"what is left, is {card.left.text()!r}")
    said(post, "网络不通")
    assert "待上报 1 件" in band(post)
    under_way = SyncState(online=True, phase="attachments", bytes_left=300_000, rate=4_000, seconds_left=76)

    def told() -> bool:
        if band(post) == "正在上报，大约 1 分钟":
            return True
        now = time.monotonic()
        post.kiosk._bridge.post(
            SyncNews(replace(under_way, renewed=now))
        )  # as the engine tells it, which meanwhile finds the link dead
        return False

    post.until(told, "the estimate in the band")
    assert (card.head.text(), card.time.text()) == ("正在上报", "大约 1 分钟")
    assert card.left.text() == "还有 1 份申请、2 份材料，共 300 KB"
    assert 0.5 < card.bar.share < 1
    link.up = True
    post.keeper.wake()
    post.until(lambda: card.head.text() == "都上报了", "all of it sent")
    assert band(post) == "网络正常"
    assert (card.left.text(), card.bar.isVisible()) == ("", False)


def band(post: Post) -> str:
    return post.kiosk.shell.frame.band._network.text()


def registered(terminal: Terminal) -> Record:
    terminal.submit(application(terminal.new_tracking_code()))
    return own_records(terminal)[-1]

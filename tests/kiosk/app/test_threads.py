# SPDX-License-Identifier: Apache-2.0
"""The threads of a running terminal: each is supervised, and outlives an exception that nobody foresaw."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.demo.link import Link as DemoLink
from kiosk.frame.state import SILENT
from kiosk.operator.hands import Hands
from kiosk.visit import effects, intents
from kiosk.visit.desk_view import UsbState
from kiosk.workers.device_work import DeviceWork
from offline.command import status
from offline.supervised import is_supervised
from offline.sync.engine import SyncEngine
from offline.sync.state import SILENT as LONGEST
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.kiosk.app.conftest import Post
from tests.kiosk.app.test_desk import at_desk, said, view
from tests.kiosk.app.test_faults import SOMEONE, MakePost
from tests.live import LiveGateway
from tests.offline.conftest import application
from tests.offline.sync.scripted import OURS, Said, point_at, scripted
from tests.sticks import Machine

# What these run is watched there: a driver's fault is a status, a sentence's is logged.
WATCHED = ("devices.worker", "devices.speech.speaker")
# The other ends, simulated, of a test or the gateway's own; and what a library keeps.
PEERS = ("simulated", "virtual-card", "gateway", "opener", "custody", "AnyIO")


def lonely(started: dict[threading.Thread, str]) -> list[str]:
    """Threads of ours that nobody watches."""
    return [
        f"{thread.name} ({module})"
        for thread, module in started.items()
        if not (
            is_supervised(thread) or module in (*WATCHED, "socketserver", "tests.live", "devices.id_card.simulator")
        )
        and not thread.name.startswith(PEERS)
    ]


def test_no_thread_of_a_running_terminal_is_alone(
    make_post: MakePost, terminal: Terminal, tmp_path: Path, started: dict[threading.Thread, str]
) -> None:
    machine = Machine(tmp_path / "root")
    post = make_post(devices=True, media_root=machine.root)
    post.to_form(SOMEONE)
    post.to_sign()
    post.hand_in()
    post.at("done")
    post.until(lambda: terminal.outbox().delivered == 1, "the delivery")
    post.until(post.printed, "the papers")
    post.say(intents.FinishVisit())
    at_desk(post, "U盘收发")
    post.at("usb")
    post.until(lambda: (usb := view(post).usb) is not None and usb.phase != "looking", "the watcher of sticks")
    names = {thread.name for thread in started}
    assert {"sync", "stick", "render_0", "sync-calls_0", "device-printer", "device-id-card"} <= names
    assert {"keeper-socket", "keeper-connection", "keeper-reader", "visit-work_0"} <= names
    assert lonely(started) == []


def test_a_thread_without_a_supervisor_would_be_found(started: dict[threading.Thread, str]) -> None:
    thread = threading.Thread(target=lambda: None, name="forgotten")
    thread.start()
    thread.join()
    assert lonely(started) == [f"forgotten ({__name__})"]


class Second:
    """Wraps a function whose second call meets something that nobody foresaw."""

    def __init__(self, usual: Callable[..., object]) -> None:
        self._usual = usual
        self.calls = 0

    def __call__(self, *args: object, **more: object) -> object:
        self.calls += 1
        if self.calls == 2:
            raise RuntimeError("unforeseen")
        return self._usual(*args, **more)


@pytest.mark.expects_log
def test_the_watcher_of_sticks_goes_on(make_post: MakePost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "root")
    looking = Second(lambda _root: [])
    monkeypatch.setattr("offline.stick.watch.find_media", looking)
    post = make_post(media_root=machine.root)
    at_desk(post, "U盘收发")
    usb: Callable[[], UsbState | None] = lambda: view(post).usb  # noqa: E731
    post.until(lambda: (now := usb()) is not None and (now.phase, now.code) == ("failed", "internal"), "the fault")
    said(post, "U盘出错了")
    post.until(lambda: looking.calls > 3, "the next looks")


@pytest.mark.expects_log
def test_the_render_thread_and_the_store_go_on(make_post: MakePost, monkeypatch: pytest.MonkeyPatch) -> None:
    forgetting = Second(lambda _self: None)
    monkeypatch.setattr("kiosk.workers.paper_scan.PaperScan.forget", lambda self: forgetting(self))
    post = make_post(devices=True)
    post.until(lambda: post.kiosk._performer.devices is not None, "the devices")
    work = post.kiosk._performer.devices
    assert isinstance(work, DeviceWork)
    for _ in range(3):
        work.forget_forms()
    post.until(lambda: forgetting.calls == 3, "the third job of the render thread")

    answered = Second(lambda _result: None)
    for _ in range(3):
        post.terminal.background(lambda: None, answered)
    post.until(lambda: answered.calls == 3, "the third job of the store")
    assert post.terminal.outbox().waiting == 0
    post.kiosk._performer.carry_out(effects.JournalNote("tried", ()), "")


@pytest.mark.expects_log
def test_the_operator_s_hands_go_on() -> None:
    class Stuck:
        """Devices whose card cannot be taken away the second time."""

        remove_card = Second(lambda: None)

    hands = Hands(Stuck())  # type: ignore[arg-type]
    for _ in range(3):
        hands.take_card()
    hands.wait()
    hands.close()
    assert Stuck.remove_card.calls == 3


@pytest.mark.expects_log
def test_the_demo_s_link_goes_on(gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    connecting = Second(socket.create_connection)
    with DemoLink(("127.0.0.1", gateway.port)) as link:
        monkeypatch.setattr("kiosk.demo.link.socket.create_connection", connecting)
        place = ("127.0.0.1", int(link.url.rsplit(":", 1)[1]))
        for wanted in (1, 2, 3):
            with socket.socket() as end:
                end.connect(place)
                deadline = time.monotonic() + 20
                while connecting.calls < wanted:
                    assert time.monotonic() < deadline
                    time.sleep(0.01)


# --- what staff see --------------------------------------------------------------------------------------------------


def test_a_damaged_answer_is_told_on_the_desk_and_send_now_works(
    make_post: MakePost, terminal: Terminal, gateway: LiveGateway
) -> None:
    terminal.submit(application(terminal.new_tracking_code()))
    terminal.remember("token", "null")
    with scripted(lambda _method, _path: Said(200, OURS)) as url:
        point_at(terminal, url)
        post = make_post()
        at_desk(post, "")
        said(post, "平台的回答不对")
        said(post, "还有 1 份申请")
        point_at(terminal, gateway.url)
        post.finger.tap("现在就上报")
        post.until(lambda: terminal.outbox().delivered == 1, "the delivery")
        said(post, "都上报了")


@pytest.mark.expects_log
def test_an_exception_nobody_foresaw_is_told_on_the_desk(
    make_post: MakePost, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = threading.Event()
    broken.set()
    usual = SyncEngine.run_once

    def run_once(engine: SyncEngine) -> object:
        if broken.is_set():
            raise RuntimeError("unforeseen")
        return usual(engine)

    monkeypatch.setattr(SyncEngine, "run_once", run_once)
    terminal.submit(application(terminal.new_tracking_code()))
    post = make_post()
    at_desk(post, "")
    said(post, "上报出了毛病")
    said(post, "还有 1 份申请")
    shown = json.loads(CliRunner().invoke(status, ["--data", str(terminal.data), "--json"]).output)
    assert (shown["problem"], shown["waiting"], shown["engine"]) == ("internal", 1, "running")
    broken.clear()
    post.keeper.wake()
    post.until(lambda: terminal.outbox().delivered == 1, "the delivery")
    said(post, "都上报了")


def test_an_engine_that_hangs_is_neither_sending_nor_online(
    make_post: MakePost, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hangs in the middle of an exchange; what waits is the store's to say and goes on being said."""
    hanging, let_go = threading.Event(), threading.Event()
    usual = SyncEngine.run_once

    def run_once(engine: SyncEngine) -> object:
        report = usual(engine)
        if terminal.outbox().waiting:
            return report
        engine._teller.tell(SyncState(online=True, phase="records", bytes_left=10), "")
        hanging.set()
        let_go.wait(60)
        return report

    monkeypatch.setattr(SyncEngine, "run_once", run_once)
    post: Post = make_post()
    try:
        at_desk(post, "")
        post.until(lambda: hanging.is_set() and post.kiosk.net_state.link == "good", "the engine's last word")
        terminal.submit(application(terminal.new_tracking_code()))
        post.until(lambda: post.kiosk.net_state.waiting == 1, "the store's word")
        assert post.kiosk.net_state.phase == "sending"
        later = time.monotonic() + LONGEST + 1
        monkeypatch.setattr("kiosk.app.sending.monotonic", lambda: later)
        monkeypatch.setattr("offline.command.monotonic", lambda: later)
        post.until(lambda: post.kiosk.net_state.problem == SILENT, "the silence")
        assert (post.kiosk.net_state.link, post.kiosk.net_state.phase, post.kiosk.net_state.waiting) == (
            "down", "idle", 1,
        )  # fmt: skip
        said(post, "上报停住了")
        shown = json.loads(CliRunner().invoke(status, ["--data", str(terminal.data), "--json"]).output)
        assert (shown["engine"], shown["problem"], shown["online"]) == ("silent", SILENT, False)
        assert (shown["phase"], shown["waiting"]) == ("idle", 1)
        monkeypatch.setattr("offline.sync.state._runs", lambda _pid: False)  # as beside `doorstep intake`
        shown = json.loads(CliRunner().invoke(status, ["--data", str(terminal.data), "--json"]).output)
        assert (shown["engine"], shown["problem"], shown["online"]) == ("stopped", None, False)
    finally:
        let_go.set()

# SPDX-License-Identifier: Apache-2.0
"""What goes wrong under somebody's hands: a full disk, a power cut, devices that are not there or give up."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.visit import intents
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.kiosk.app.conftest import Post
from tests.kiosk.visit.conftest import person
from tests.live import Link, LiveGateway

SOMEONE = person()
SOMEONE_ELSE = person("李国强", "1971-06-09", 3)
MakePost = Callable[..., Post]


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: what a full disk does, for every file at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def spool_size(terminal: Terminal) -> int:
    return sum(p.stat().st_size for p in (terminal.data / "spool").iterdir())


def test_a_full_disk_at_submit_says_so_prints_nothing_and_keeps_the_draft(make_post: MakePost, link: Link) -> None:
    link.up = False
    post = make_post(devices=True)
    post.to_form(SOMEONE)
    post.to_sign()
    post.until(lambda: post.terminal.client.drafts.find(SOMEONE.id_number), "the draft to be kept")
    before = spool_size(post.terminal)
    with no_room_beyond(max(before, 1)):
        post.hand_in()
        post.until(lambda: post.screen != "submitting", "an answer")
    view = post.kiosk.machine.view()
    assert (post.screen, view.message and view.message.code) == ("sign", "submit-disk-full")
    assert view.submitted is None
    assert view.prints == {}
    assert post.devices is not None
    assert (post.devices.printed_pdfs, post.devices.receipts) == ([], [])
    assert spool_size(post.terminal) == before
    assert post.terminal.client.drafts.find(SOMEONE.id_number) is not None

    post.hand_in()  # room was made: the same signature screen hands in
    post.at("done")
    post.until(post.printed, "the papers")
    left = post.terminal.outbox()
    assert left.waiting + left.sending == 1  # the engine tries the dead link meanwhile
    assert post.terminal.client.drafts.find(SOMEONE.id_number) is None


CUT_OFF = """
import os, signal, sys
from pathlib import Path
from kiosk.process.application import application
from kiosk.visit import intents
from offline.terminal import Terminal
from tests.kiosk.app.conftest import Post
from tests.kiosk.app.test_faults import SOMEONE
app = application()
with Terminal.open(Path(sys.argv[1])) as terminal:
    post = Post(terminal, None)
    post.to_form(SOMEONE, "dibao" if sys.argv[2] == "other" else "old80")
    if sys.argv[2] == "done":
        post.to_sign(); post.hand_in(); post.at("done")
        print(post.kiosk.machine.view().submitted.tracking_code, flush=True)
    else:
        post.say(intents.SetValue("mobile", {"number": "13800000123"}))
        drafts = terminal.client.drafts
        post.until(lambda: (d := drafts.find(SOMEONE.id_number)) and "mobile" in d.state["values"], "the draft")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(data: Path, moment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CUT_OFF, str(data), moment],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.strip()


def test_after_a_power_cut_the_draft_is_offered_only_to_the_same_card(
    qapp: object, terminal: Terminal, gateway: LiveGateway
) -> None:
    del qapp, gateway
    data = terminal.data
    terminal.close()
    killed(data, "form")
    with Terminal.open(data) as again:
        post = Post(again, None)
        try:
            post.to_form(SOMEONE_ELSE)
            assert post.screen == "form"
            assert post.kiosk.machine.view().draft_offer is None
            assert "mobile" not in post.kiosk.machine.view().values
            post.say(intents.GoHome(), intents.KeepDraft(False), intents.FinishVisit())
            post.at("attract")
            post.say(intents.Touched(), intents.OpenChoose(), intents.ChooseService("old80"))
            post.say(intents.StartApplication())
            post.at("notice")
            post.say(intents.ConsentGiven(True), intents.CardSeen(SOMEONE))
            post.until(lambda: post.kiosk.machine.view().draft_offer, "the draft to be offered")
            post.say(intents.ResumeDraft(True))
            post.at("form")
            assert post.kiosk.machine.view().values["mobile"].data == {"number": "13800000123"}
        finally:
            post.stop()
            post.kiosk.shell.deleteLater()


def test_after_a_power_cut_at_the_receipt_what_was_confirmed_is_there_and_no_draft(
    terminal: Terminal, gateway: LiveGateway
) -> None:
    data = terminal.data
    terminal.close()
    code = killed(data, "done")
    with Terminal.open(data) as again:
        case = again.case(code)
        assert case is not None
        assert again.client.drafts.find(SOMEONE.id_number) is None
        SyncEngine(again).run_once()
        arrived = gateway.platform.cases.listing()
    assert [row["tracking_code"] for row in arrived] == [code]


def test_a_visit_ends_well_with_no_device_at_all(make_post: MakePost) -> None:
    post = make_post()
    post.to_form(SOMEONE)
    post.to_sign()
    post.hand_in()
    post.at("done")
    post.until(post.printed, "the papers to be given up")
    assert {p.state for p in post.kiosk.machine.view().prints.values()} == {"failed"}
    assert post.kiosk.machine.view().submitted is not None


def test_out_of_paper_is_said_and_blocks_nothing(make_post: MakePost) -> None:
    post = make_post(devices=True)
    assert post.devices is not None
    post.devices.set_paper("printer", "out")
    post.to_form(SOMEONE)
    post.to_sign()
    post.hand_in()
    post.at("done")
    post.until(post.printed, "the papers")
    prints = post.kiosk.machine.view().prints
    assert prints["strip"].state == "done"
    assert prints["receipt"].state == "failed"


def test_stopping_in_the_middle_leaves_no_thread_and_keeps_the_draft(make_post: MakePost, link: Link) -> None:
    before = set(threading.enumerate())
    post = make_post()
    post.to_form(SOMEONE)
    post.say(intents.SetValue("mobile", {"number": "13800000123"}))
    post.stop()
    kept = post.terminal.client.drafts.find(SOMEONE.id_number)
    assert kept is not None
    assert kept.state["values"]["mobile"][0] == {"number": "13800000123"}
    link.hang_up()  # its threads are the tests' own, and end a moment after what they relayed
    assert not [t for t in set(threading.enumerate()) - before if t.name != "store"]

# SPDX-License-Identifier: Apache-2.0
"""Scans, papers, pictures and speech by the real programs, on a machine whose disks are read-only: all is done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from devices.camera.sample_pages import text_form
from devices.page.picture import encode_jpeg
from devices.scanner.simulator import SimulatedScanner
from devices.simulation import SimulatedDevices
from tests import diskless
from tests.devices.printer.stacks import CupsServer, RealPrinter

HEAD = """
import json, os, sys, tempfile, threading
from devices import scratch
given = json.loads(sys.argv[1])
def refused(place):
    try:
        open(os.path.join(place, "file"), "w").close()
    except OSError:
        return True
    return False
homes = ["/tmp", "/var/tmp", os.environ["HOME"], os.getcwd(), given["folder"]]
assert all(refused(place) for place in homes if os.path.isdir(place)), "the disks are not read-only"
"""
WORK = (
    HEAD
    + """
scratch.settle()
from devices.events import PictureTaken, PrintFinished, ScanFinished
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from devices.speech.speaker import Speaker
from tests.printing.test_prints import application, form, receipt, render_form, render_receipt_strip

ends, said = {}, []
wanted = ("paper", "strip", "scan", "picture")
all_done, spoken = threading.Event(), threading.Event()
def heard(event):
    if isinstance(event, PrintFinished | ScanFinished | PictureTaken):
        ends[event.job_id] = event
        if all(name in ends for name in wanted):
            all_done.set()
manager = DeviceManager(DeviceProfile(**given["profile"]), heard)
manager.start()
made = application("old80")
manager.print_document("paper", render_form(form(made, "old80")), "doorstep-form-1")
manager.print_receipt("strip", render_receipt_strip(receipt(made)))
manager.scan("scan")
manager.take_picture("picture")
speaker = Speaker(lambda ok: (said.append(ok), spoken.set()), player=["cat"])
speaker.say("请把身份证放在这里。")
assert all_done.wait(60) and spoken.wait(30)
held = []
for handle in os.listdir("/proc/self/fd"):
    try:
        held.append(os.readlink("/proc/self/fd/" + handle))
    except OSError:
        pass
left = [str(p) for folder, _, names in os.walk("/dev/shm") for p in names if "capabilities.pickle" not in p]
speaker.close()
manager.stop()
print(json.dumps({
    "codes": {name: end.code for name, end in ends.items()}, "pages": len(ends["scan"].pages), "spoken": said,
    "picture": ends["picture"].taken is not None, "left": left, "deleted": [h for h in held if "(deleted)" in h],
}))
"""
)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as ends:
        yield ends


@pytest.fixture
def profile(tmp_path: Path, simulated: SimulatedDevices) -> dict[str, object]:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "1.jpg").write_bytes(encode_jpeg(text_form().picture))
    known = simulated.profile
    return {"printer": known.printer, "receipt": known.receipt, "scanner": known.scanner} | {
        "camera": {"driver": "stills", "folder": str(pictures)}
    }


def jpeg() -> bytes:
    return encode_jpeg(text_form().picture)


def given(folder: Path, **profile: object) -> str:
    return json.dumps({"folder": str(folder), "profile": profile})


def is_well(found: dict[str, object], pages: int) -> None:
    assert found["codes"] == {"paper": "", "strip": "", "scan": "", "picture": ""}
    assert (found["pages"], found["picture"], found["spoken"]) == (pages, True, [True])
    assert found["left"] == [], "in memory nothing stays either"
    assert found["deleted"] == [], "nor in a file without a name"


@pytest.mark.real_stack
def test_network_devices_need_no_disk(tmp_path: Path, simulated: SimulatedDevices, profile: dict[str, object]) -> None:
    simulated.load_pages([jpeg(), jpeg()])
    is_well(diskless.run(WORK, given(tmp_path, **profile)), 2)
    assert len(simulated.printed_pdfs) == len(simulated.receipts) == 1


@pytest.mark.real_stack
def test_scanimage_and_real_printing_need_no_disk_of_ours(
    tmp_path: Path, stack: ExitStack, profile: dict[str, object]
) -> None:
    """CUPS has a spool of its own, on its side; see test_left_jobs."""
    printer, peer = RealPrinter(stack), SimulatedScanner()
    stack.callback(peer.close)
    peer.load([jpeg()] * 3)
    (tmp_path / "dll.conf").write_text("airscan\n")
    (tmp_path / "airscan.conf").write_text(
        f'[devices]\n"Desk" = {peer.url}, eSCL\n[options]\ndiscovery = disable\n[debug]\nenable = false\n'
    )
    profile["printer"] = {"driver": "ipp", "uri": CupsServer(stack, printer).uri}
    profile["scanner"] = {"driver": "sane", "device": "airscan:e0:Desk", "config": str(tmp_path)}
    is_well(diskless.run(WORK, given(tmp_path, **profile)), 3)
    assert len(printer.printed()) == 1


def test_pages_and_papers_are_made_in_memory(tmp_path: Path) -> None:
    """What happens to a page behind the scanner: found, straightened, made small, its codes read."""
    code = (
        HEAD
        + """
from devices.camera.sample_pages import text_form
from devices.page.compact import compact
from devices.page.picture import encode_jpeg
from printing.trial import trial_page, trial_strip
from datetime import datetime
import io, pypdfium2, zxingcpp
small = compact(encode_jpeg(text_form().picture))
pdf = trial_page("示例村", datetime(2026, 11, 23, 9, 52))
pages = pypdfium2.PdfDocument(pdf)
shown = pages[0].render(scale=2).to_pil()
zxingcpp.read_barcodes(shown)
pages.close()
print(json.dumps({"small": len(small.data), "pdf": len(pdf)}))
"""
    )
    found = diskless.run(code, given(tmp_path))
    assert found["small"]
    assert found["pdf"]


def test_without_a_place_in_memory_a_scan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dll.conf").write_text("test\n")
    shutil.copy("/etc/sane.d/test.conf", tmp_path)
    code = (
        HEAD
        + """
import subprocess
subprocess.run(["mount", "-o", "remount,ro", "/dev/shm"], check=True)
from devices.errors import ScanFailed
from devices.scanner.sane import SaneScanner
try:
    SaneScanner("test:0", given["folder"]).scan()
except ScanFailed as fault:
    print(json.dumps({"code": fault.code, "words": str(fault)}))
"""
    )
    found = diskless.run(code, given(tmp_path))
    assert found["code"] == "scanner-fault"
    assert "RuntimeDirectory" in found["words"]

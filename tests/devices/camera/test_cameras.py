# SPDX-License-Identifier: Apache-2.0
"""Document cameras: OpenCV's own capture, the camera of stills, and watching the table through the manager."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from devices.base import State
from devices.camera import uvc
from devices.camera.capture import Taken, look, page_of, take
from devices.camera.sample_pages import stamped_form, text_form
from devices.camera.scene import View, photograph
from devices.camera.stills import StillCamera
from devices.camera.uvc import UvcCamera
from devices.errors import ScanFailed
from devices.events import CameraSeen, CodeScanned, PictureTaken, StatusChanged
from devices.manager import DeviceManager
from devices.page.picture import encode_jpeg
from devices.profile import DeviceProfile
from tests.devices.conftest import Heard

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.fixture(scope="module")
def seen() -> bytes:
    return encode_jpeg(photograph(stamped_form(), View(seed=3, turn=3, width=1300, height=1734)).picture)


@pytest.fixture
def folder(tmp_path: Path, seen: bytes) -> Path:
    (tmp_path / "1.jpg").write_bytes(seen)
    return tmp_path


@pytest.fixture
def manager(folder: Path, heard: Heard) -> Iterator[DeviceManager]:
    made = DeviceManager(DeviceProfile(camera={"driver": "stills", "folder": str(folder)}), heard, interval=0.05)
    made.start()
    heard.wait(StatusChanged, lambda e: e.status.state is State.READY)
    yield made
    made.stop()


def test_what_is_seen_is_told_with_its_corners(folder: Path) -> None:
    view = look(StillCamera(str(folder)))
    assert view.sure
    assert view.reasons == ()
    assert len(view.corners) == 4
    with Image.open(io.BytesIO(view.jpeg)) as image:
        assert max(image.size) == 1280


def test_the_sharpest_of_several_is_kept(tmp_path: Path) -> None:
    for place, blur in enumerate((3.0, 0.0, 2.0)):
        view = View(seed=3, blur=blur, width=1000, height=1334)
        (tmp_path / f"{place}.jpg").write_bytes(encode_jpeg(photograph(text_form(), view).picture))
    taken = take(StillCamera(str(tmp_path)))
    assert "blurred" not in taken.view.reasons
    sharp = StillCamera(str(tmp_path))
    sharp.frame()
    assert (taken.picture == sharp.frame()).all()


def test_a_page_from_corners_given_by_hand(folder: Path) -> None:
    taken = take(StillCamera(str(folder)))
    kept = page_of(taken, taken.view.corners)
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (1654, 2339)
    with pytest.raises(ScanFailed) as fault:
        page_of(taken, (WHOLE[0], WHOLE[2], WHOLE[1], WHOLE[3]))
    assert fault.value.code == "corners-wrong"


@pytest.mark.parametrize(("fault", "reason"), [("black", "no-page"), ("blurred", "blurred")])
def test_pictures_that_do_not_do(folder: Path, fault: str, reason: str) -> None:
    (folder / "fault").write_text(fault)
    assert reason in look(StillCamera(str(folder))).reasons


def test_watching_begins_and_ends(manager: DeviceManager, heard: Heard) -> None:
    manager.watch_camera(True)
    assert heard.wait(CameraSeen).view is not None
    heard.wait(CameraSeen)
    manager.watch_camera(False)
    manager.ask("document-camera", lambda: heard.events.clear())
    manager.take_picture("job")
    taken = heard.wait(PictureTaken)
    assert isinstance(taken.taken, Taken)
    assert not [e for e in heard.events if isinstance(e, CameraSeen)]


@pytest.mark.parametrize(("fault", "code"), [("no-frames", "scanner-fault"), ("unplug", "scanner-absent")])
def test_a_camera_that_fails_is_told_and_comes_back(
    manager: DeviceManager, heard: Heard, folder: Path, fault: str, code: str
) -> None:
    manager.watch_camera(True)
    heard.wait(CameraSeen)
    (folder / "fault").write_text(fault)
    assert heard.wait(CameraSeen, lambda e: e.view is None).code == code
    manager.take_picture("job")
    assert heard.wait(PictureTaken).code == code
    (folder / "fault").unlink()
    heard.wait(CameraSeen, lambda e: e.view is not None)


def test_a_code_under_the_camera_is_read_once(tmp_path: Path, heard: Heard) -> None:
    code = zxingcpp.create_barcode("004210000011", zxingcpp.BarcodeFormat.QRCode)
    image = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=8))
    sheet = Image.new("RGB", (1000, 1300), (70, 66, 60))
    sheet.paste(image, (300, 400))
    sheet.save(tmp_path / "1.png")
    manager = DeviceManager(DeviceProfile(camera={"driver": "stills", "folder": str(tmp_path)}), heard, interval=0.05)
    manager.start()
    try:
        manager.watch_camera(True)
        assert heard.wait(CodeScanned).text == "004210000011"
        heard.wait(CameraSeen)
        heard.wait(CameraSeen)
        assert not [e for e in heard.events if isinstance(e, CodeScanned)]
    finally:
        manager.stop()


def test_without_a_camera_a_picture_fails_at_once(heard: Heard) -> None:
    DeviceManager(DeviceProfile(), heard).take_picture("job")
    assert heard.wait(PictureTaken).code == "scanner-absent"


class TestOpenCv:
    """Through cv2.VideoCapture itself; its backend for files stands in for V4L2, which needs a device."""

    @pytest.fixture(autouse=True)
    def _files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import cv2

        monkeypatch.setattr(cv2, "CAP_V4L2", cv2.CAP_IMAGES)

    def test_frames_come_until_there_are_no_more(self, folder: Path, seen: bytes) -> None:
        for place in range(2, uvc.SETTLING + 4):
            (folder / f"{place}.jpg").write_bytes(seen)
        (folder / "%d.jpg").touch()
        camera = UvcCamera(str(folder / "%d.jpg"))
        assert camera.status().state is State.READY
        assert camera.frame().shape == (1734, 1300, 3)
        for _ in range(2):
            camera.frame()
        with pytest.raises(ScanFailed) as fault:
            camera.frame()
        assert fault.value.code == "scanner-fault"
        assert camera.frame().shape == (1734, 1300, 3)  # opened again
        camera.close()

    def test_what_cannot_be_opened(self, tmp_path: Path) -> None:
        (tmp_path / "video").write_bytes(b"no video")
        camera = UvcCamera(str(tmp_path / "video"))
        with pytest.raises(ScanFailed) as fault:
            camera.frame()
        assert fault.value.code == "scanner-fault"
        camera.close()


def test_a_camera_nobody_has_is_absent() -> None:
    camera = UvcCamera("/dev/video-none")
    assert camera.status().state is State.ABSENT
    with pytest.raises(ScanFailed) as fault:
        camera.frame()
    assert fault.value.code == "scanner-absent"


def test_a_capture_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(uvc, "ANSWER", 0.1)
    (tmp_path / "video").touch()
    camera, ends = UvcCamera(str(tmp_path / "video")), threading.Event()

    class Hanging:
        def grab(self) -> None:
            ends.wait(20)

        def read(self) -> tuple[bool, None]:
            return False, None

        def release(self) -> None:
            """Nothing."""

    monkeypatch.setattr(camera, "_open", Hanging)
    try:
        with pytest.raises(ScanFailed) as fault:
            camera.frame()
        assert fault.value.code == "timeout"
    finally:
        ends.set()
        camera.close()

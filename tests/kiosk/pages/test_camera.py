# SPDX-License-Identifier: Apache-2.0
"""The document camera's screen, walked by touching."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from devices.base import CameraView
from kiosk.demo.gallery.camera import camera_view
from kiosk.pages.camera import CameraPage
from kiosk.visit import effects, intents
from kiosk.visit.view import ScannedSheet
from tests.kiosk.pages.conftest import MakeStand, Stand

DIGEST = "d" * 64


@pytest.fixture(scope="module")
def seen() -> CameraView:
    return camera_view("wood")


def at_camera(stand: Stand) -> CameraPage:
    stand.say(intents.DevicesKnown(camera=True, scanner=False))
    stand.to_form("med-claim")
    stand.fill()
    stand.tap("医疗收费票据及费用清单")
    assert not stand.there("现在扫描"), "this terminal has no scanner"
    stand.tap("现在拍照")
    page = stand.shell.page
    assert isinstance(page, CameraPage)
    return page


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_a_page_is_taken_looked_at_and_kept(make_stand: MakeStand, seen: CameraView, orientation: str) -> None:
    stand = make_stand(orientation)
    stand.say()
    page = at_camera(stand)
    assert not page.primary().enabled, "nothing is seen yet"  # type: ignore[union-attr]
    stand.shell.show_camera(seen, "")
    assert "看清了" in page.spoken()
    stand.tap("拍照")
    assert stand.last(effects.TakePicture) is not None
    stand.say(intents.PictureTaken(seen))
    assert "四个角" in page.title()
    assert page.picture.corners == seen.corners
    stand.tap("用这张")
    wish = stand.last(effects.UsePicture)
    assert (wish.target, wish.corners) == ("m:invoice", page.picture.corners)
    stand.say(intents.ScanDone("m:invoice", (ScannedSheet(DIGEST, "image/webp"),)))
    assert stand.screen == "materials"
    assert stand.view.materials["invoice"].attachments == (DIGEST,)
    assert stand.view.capture is None
    assert stand.there("再拍一页")


def test_corners_follow_the_finger(stand: Stand, seen: CameraView) -> None:
    page = at_camera(stand)
    stand.shell.show_camera(seen, "")
    stand.tap("拍照")
    stand.say(intents.PictureTaken(replace(seen, corners=((0, 0), (1, 0), (1, 1), (0, 1)), sure=False)))
    picture = page.picture
    start = picture.place_of(2).toPoint()
    end = start - QPoint(60, 90)
    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(picture, end)
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=end)
    place = picture.place_of(2)
    assert (place.x(), place.y()) == (pytest.approx(end.x(), abs=2), pytest.approx(end.y(), abs=2))
    stand.tap("用这张")
    assert stand.last(effects.UsePicture).corners[2] == picture.corners[2]
    stand.say(intents.ScanDone("m:invoice", code="corners-wrong"))
    assert "圆点" in stand.shell.frame.message_words
    assert stand.screen == "camera", "nothing is lost: the corners can be moved again"
    stand.tap("用这张")


def test_a_bad_picture_is_named_and_taken_again(stand: Stand, seen: CameraView) -> None:
    page = at_camera(stand)
    stand.shell.show_camera(replace(seen, reasons=("blurred",)), "")
    assert "还看不清" in page.spoken()
    stand.tap("拍照")
    stand.say(intents.PictureTaken(replace(seen, reasons=("glare",))))
    assert "反光" in page.spoken()
    stand.tap("重拍")
    assert stand.view.capture is not None
    assert stand.view.capture.phase == "watching"
    stand.shell.show_camera(seen, "")
    stand.tap("拍照")
    stand.say(intents.PictureTaken(None, "timeout"))
    assert "没有拍成" in stand.shell.frame.message_words
    assert stand.view.capture.phase == "watching"


def test_a_camera_without_a_picture_leaves_the_other_ways(stand: Stand) -> None:
    page = at_camera(stand)
    stand.shell.show_camera(None, "scanner-absent")
    assert "没接上" in page.spoken()
    stand.tap("返回")
    assert stand.screen == "materials"
    assert stand.last(effects.ForgetPicture) is not None
    stand.tap("以后补交")
    assert stand.view.materials["invoice"].how == "later"


def test_who_walks_away_leaves_no_picture(stand: Stand, seen: CameraView) -> None:
    at_camera(stand)
    stand.shell.show_camera(seen, "")
    stand.tap("拍照")
    stand.say(intents.PictureTaken(seen))
    stand.say(intents.GoHome())
    assert stand.last(effects.ForgetPicture) is not None
    assert stand.view.capture is None
    stand.say(intents.PictureTaken(seen))
    assert stand.view.capture is None

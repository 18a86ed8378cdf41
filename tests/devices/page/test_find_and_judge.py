# SPDX-License-Identifier: Apache-2.0
"""Page finding and what is said of a picture, on drawn pages as a camera sees them, with seeds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.camera.sample_pages import SamplePage, blank_page, photo_page, receipt, stamped_form, text_form
from devices.camera.scene import Surface, View, photograph
from devices.errors import ScanFailed
from devices.page.find import find_page
from devices.page.picture import decode, encode_jpeg
from devices.page.quality import judge
from devices.page.straighten import check_corners, straighten
from tests.fuzzing import examples

SIZE = {"width": 1300, "height": 1734}


@pytest.fixture(scope="module")
def form() -> SamplePage:
    return stamped_form()


def error(found: np.ndarray, true: np.ndarray) -> float:  # type: ignore[type-arg]
    return float(np.abs(found - true).max())


@pytest.mark.parametrize("surface", ["dark", "wood", "light"])
@pytest.mark.parametrize("make", [text_form, stamped_form, receipt, blank_page])
def test_a_page_is_found_to_the_pixel(surface: Surface, make: object) -> None:
    page: SamplePage = make()  # type: ignore[operator]
    for seed in (1, 2):
        seen = photograph(page, View(surface=surface, seed=seed, turn=seed * 4.0 - 6, **SIZE))  # type: ignore[arg-type]
        found = find_page(seen.picture)
        assert found.sure
        assert error(found.corners, seen.corners) < 4


@pytest.mark.parametrize("seed", range(4))
def test_where_the_table_is_as_light_as_the_paper_nobody_is_told_it_is_sure(form: SamplePage, seed: int) -> None:
    seen = photograph(form, View(surface="white", seed=seed, turn=3, **SIZE))  # type: ignore[arg-type]
    found = find_page(seen.picture)
    assert not found.sure or error(found.corners, seen.corners) < 12


@pytest.mark.parametrize("surface", ["dark", "wood", "light"])
def test_a_photograph_on_a_page_is_never_surely_taken_for_the_page(surface: Surface) -> None:
    page = photo_page()
    for seed in range(1, 4):
        seen = photograph(page, View(surface=surface, seed=seed, turn=seed * 4.0 - 6, **SIZE))  # type: ignore[arg-type]
        found = find_page(seen.picture)
        assert not found.sure or error(found.corners, seen.corners) < 4


def test_a_page_that_lies_beyond_the_picture_is_not_sure(form: SamplePage) -> None:
    seen = photograph(form, View(fill=1.15, **SIZE))  # type: ignore[arg-type]
    assert not find_page(seen.picture).sure


def test_an_empty_table_has_no_page() -> None:
    surface = np.full((900, 700, 3), 90, np.uint8)
    found = find_page(surface)
    assert (found.sure, found.confidence) == (False, 0.0)


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (View(), ""),
        (View(seed=7, surface="wood", uneven=0.5), ""),
        (View(blur=4.0), "blurred"),
        (View(motion=19), "blurred"),
        (View(glare=0.12), "glare"),
        (View(light=0.25), "dark"),
        (View(width=700, height=934), "low-resolution"),
    ],
)
def test_what_spoils_a_picture_is_named(form: SamplePage, view: View, reason: str) -> None:
    seen = photograph(form, view)
    reasons = judge(seen.picture, seen.corners).reasons
    assert (reason in reasons) if reason else reasons == ()


def test_an_a4_page_comes_out_as_a4_with_its_stamp_where_it_was(form: SamplePage) -> None:
    seen = photograph(form, View(seed=5, turn=7, tilt=0.06))
    page = straighten(seen.picture, seen.corners, 100)
    assert (page.paper, page.picture.shape[:2]) == ("a4", (1169, 827))
    red = (page.picture[:, :, 2].astype(int) - page.picture[:, :, 1]) > 60
    down, across = np.nonzero(red)
    assert (across.mean(), down.mean()) == (pytest.approx(1750 / 3, abs=9), pytest.approx(2350 / 3, abs=9))


def test_a_receipt_keeps_its_own_proportions() -> None:
    seen = photograph(receipt(), View(seed=5, turn=-5))
    page = straighten(seen.picture, seen.corners, 200)
    height, width = page.picture.shape[:2]
    assert page.paper == "other"
    assert height / width == pytest.approx(2.0, rel=0.06)


@pytest.mark.parametrize(
    "corners",
    [
        [[0, 0], [10, 0], [10, 10], [0, 10]],
        [[0, 0], [0, 500], [500, 500], [500, 0]],
        [[0, 0], [500, 500], [500, 0], [0, 500]],
        [[0, 0], [500, 0], [float("nan"), 500], [0, 500]],
    ],
)
def test_corners_that_make_no_page(corners: list[list[float]]) -> None:
    with pytest.raises(ScanFailed) as fault:
        check_corners(np.array(corners, np.float32))
    assert fault.value.code == "corners-wrong"


@given(st.binary(max_size=600))
def test_bytes_that_are_no_picture(data: bytes) -> None:
    with pytest.raises(ScanFailed) as fault:
        decode(data)
    assert fault.value.code == "not-an-image"


_SMALL = encode_jpeg(np.full((60, 80, 3), 200, np.uint8))


@given(st.integers(0, len(_SMALL) - 1), st.integers(0, 255), st.integers(0, len(_SMALL)))
def test_a_spoilt_picture_is_decoded_or_refused(place: int, value: int, end: int) -> None:
    spoilt = bytearray(_SMALL)
    spoilt[place] = value
    try:
        assert decode(bytes(spoilt[:end])).ndim == 3
    except ScanFailed as fault:
        assert fault.code in ("not-an-image", "picture-too-large")


@settings(max_examples=examples(20), deadline=None)
@given(st.integers(8, 90), st.integers(8, 90), st.randoms(use_true_random=False))
def test_any_picture_has_an_answer(height: int, width: int, chance: object) -> None:
    noise = np.frombuffer(chance.randbytes(height * width * 3), np.uint8).reshape(height, width, 3)  # type: ignore[attr-defined]
    assert find_page(noise).corners.shape == (4, 2)

# SPDX-License-Identifier: Apache-2.0
"""How a page on a table looks to a document camera: askew, unevenly lit, noisy; and whatever else spoils a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from devices.camera.sample_pages import SamplePage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from devices.page.picture import Corners, Picture

Surface = Literal["dark", "wood", "light", "white"]
_COLOURS: dict[str, tuple[int, int, int]] = {
    "dark": (62, 58, 52),
    "wood": (150, 186, 208),
    "light": (218, 222, 224),
    "white": (245, 247, 248),  # as bright as the paper: what is left is its shadow
}


@dataclass(frozen=True, slots=True)
class View:
    """How it is photographed. Lengths in pixels of the result; `turn` in degrees; `light` 1.0 is a well-lit room."""

    surface: Surface = "dark"
    seed: int = 1
    width: int = 1836
    height: int = 2448
    fill: float = 0.86  # of the picture's height or width that the page takes
    turn: float = 0.0
    tilt: float = 0.02  # how far corners move, as a share of the page
    uneven: float = 0.35  # how much darker the darkest corner is
    light: float = 1.0
    noise: float = 2.0  # standard deviation, grey levels
    blur: float = 0.0  # standard deviation, pixels
    motion: int = 0  # length of the smear
    glare: float = 0.0  # radius as a share of the page's width


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture and where the page's corners truly are."""

    picture: Picture
    corners: Corners


def photograph(page: SamplePage, view: View) -> Photograph:
    """The page as seen; the same for the same seed."""
    import cv2
    import numpy as np

    chance = np.random.default_rng(view.seed)
    corners = _corners(page, view, chance)
    height, width = page.picture.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(flat, corners)
    size = (view.width, view.height)
    seen = np.asarray(cv2.warpPerspective(page.picture, warp, size, flags=cv2.INTER_AREA), dtype=np.float32)
    full = np.full((height, width), 255, np.uint8)
    mask = np.asarray(cv2.warpPerspective(full, warp, size, flags=cv2.INTER_AREA), dtype=np.uint8)
    cover = (mask.astype(np.float32) / 255)[:, :, None]
    scene = _surface(view, chance) * _shadow(mask, view)
    scene = (scene * (1 - cover) + seen * cover) * _light(view, chance)[:, :, None]
    if view.glare:
        scene = scene + _glare(view, corners, chance)[:, :, None]
    scene = _smeared(np.asarray(scene, dtype=np.float32), view)
    scene = scene + chance.normal(0, view.noise, scene.shape).astype(np.float32)
    return Photograph(np.clip(scene, 0, 255).astype(np.uint8), corners)


def _smeared(scene: NDArray[np.float32], view: View) -> NDArray[np.float32]:
    import cv2
    import numpy as np

    if view.blur:
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), view.blur), dtype=np.float32)
    if view.motion > 1:
        smear = np.zeros((view.motion, view.motion), np.float32)
        smear[view.motion // 2] = 1 / view.motion
        scene = np.asarray(cv2.filter2D(scene, -1, smear), dtype=np.float32)
    return scene


def _corners(page: SamplePage, view: View, chance: np.random.Generator) -> Corners:
    import numpy as np

    wide, high = page.size
    scale = view.fill * min(view.width / wide, view.height / high)
    half = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) * scale / 2
    half += chance.uniform(-1, 1, (4, 2)) * view.tilt * wide * scale
    angle = np.radians(view.turn)
    turned = half @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(turned + np.array([view.width, view.height]) / 2, dtype=np.float32)


def _surface(view: View, chance: np.random.Generator) -> NDArray[np.float32]:
    import cv2
    import numpy as np

    scene = np.full((view.height, view.width, 3), _COLOURS[view.surface], np.float32)
    coarse = chance.normal(0, 1, (view.height // 40, view.width // 40)).astype(np.float32)
    scene += cv2.resize(coarse, (view.width, view.height), interpolation=cv2.INTER_CUBIC)[:, :, None] * 2
    if view.surface == "wood":
        grain = cv2.resize(chance.normal(0, 7, (view.height // 6, 12)).astype(np.float32), (view.width, view.height))
        scene += grain[:, :, None]
    return scene


def _shadow(mask: NDArray[np.uint8], view: View) -> NDArray[np.float32]:
    """Paper lies a little above the table; light from the upper left."""
    import cv2
    import numpy as np

    shift = np.array([[1, 0, view.width / 500], [0, 1, view.width / 500]], np.float32)
    moved = cv2.warpAffine(mask, shift, (view.width, view.height)).astype(np.float32) / 255
    soft = cv2.GaussianBlur(moved, (0, 0), view.width / 700)
    return np.asarray(1 - 0.16 * soft, dtype=np.float32)[:, :, None]


def _light(view: View, chance: np.random.Generator) -> NDArray[np.float32]:
    import numpy as np

    angle = chance.uniform(0, 2 * np.pi)
    down, across = np.mgrid[-1 : 1 : view.height * 1j, -1 : 1 : view.width * 1j].astype(np.float32)
    slope = (across * np.cos(angle) + down * np.sin(angle)) / np.sqrt(2)
    fall = 0.5 * (slope + 1) * 0.7 + 0.3 * (across**2 + down**2) / 2
    return np.asarray(view.light * (1 - view.uneven * fall), dtype=np.float32)


def _glare(view: View, corners: Corners, chance: np.random.Generator) -> NDArray[np.float32]:
    """A lamp mirrored in glossy paper."""
    import numpy as np

    centre = corners.mean(axis=0) + chance.uniform(-0.15, 0.15, 2) * view.width
    radius = view.glare * float(np.linalg.norm(corners[1] - corners[0]))
    down, across = np.mgrid[0 : view.height, 0 : view.width].astype(np.float32)
    away = np.hypot(across - centre[0], down - centre[1]) / max(radius, 1.0)
    return np.asarray(330 / (1 + np.exp((away - 1) * 8)), dtype=np.float32)

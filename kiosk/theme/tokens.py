# SPDX-License-Identifier: Apache-2.0
"""Sizes and colours of everything that is drawn.

Sizes are thought in millimetres, because a finger and an eye are: the machine's profile says how many pixels
a millimetre has, and every screen feels the same. Colours are named by what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

FONT_FAMILIES = ("Noto Sans CJK SC", "HanaMinA", "HanaMinB")
"""In this order: without a named family Qt draws Japanese shapes; the Hana fonts hold rare characters."""

Contrast = Literal["normal", "high", "night"]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by meaning, as #RRGGBB."""

    paper: str
    card: str
    ink: str
    muted: str
    jade: str
    jade_deep: str
    jade_wash: str
    on_jade: str
    vermilion: str
    on_vermilion: str
    amber: str
    amber_wash: str
    green: str
    green_wash: str
    line: str


PALETTES: dict[Contrast, Palette] = {
    "normal": Palette(
        paper="#F6F3EC",
        card="#FFFFFF",
        ink="#1D2A30",
        muted="#46555C",
        jade="#0A5A55",
        jade_deep="#07423F",
        jade_wash="#DCEDEA",
        on_jade="#FFFFFF",
        vermilion="#9E2A1B",
        on_vermilion="#FFFFFF",
        amber="#6B4300",
        amber_wash="#FFE9BF",
        green="#1C5A2B",
        green_wash="#DDEFDF",
        line="#D8D2C4",
    ),
    "high": Palette(
        paper="#000000",
        card="#000000",
        ink="#FFFFFF",
        muted="#FFFFFF",
        jade="#FFD54A",
        jade_deep="#FFE79A",
        jade_wash="#2B2400",
        on_jade="#000000",
        vermilion="#FFB4A6",
        on_vermilion="#000000",
        amber="#FFD54A",
        amber_wash="#2B2400",
        green="#A6F0B4",
        green_wash="#06210C",
        line="#FFFFFF",
    ),
    "night": Palette(
        paper="#14191B",
        card="#1E2629",
        ink="#F1EEE6",
        muted="#C3CBCE",
        jade="#8FD6CC",
        jade_deep="#B5E5DE",
        jade_wash="#17403C",
        on_jade="#0B2421",
        vermilion="#FFB0A1",
        on_vermilion="#3A0D06",
        amber="#FFD58A",
        amber_wash="#3A2B0A",
        green="#A5DDB1",
        green_wash="#173820",
        line="#4A565A",
    ),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """What decides every size: the screen's pixels per millimetre, the resident's eyes, the chosen contrast."""

    px_per_mm: float = 4.0
    elder: bool = False
    contrast: Contrast = "normal"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Sizes in pixels and colours, for one scale. Font sizes are the character's height."""

    scale: Scale
    body: int
    secondary: int
    title: int
    heading: int
    display: int
    key: int
    primary: int
    gap: int
    margin: int
    radius: int
    border: int
    icon: int
    line_factor: float
    paper: str
    card: str
    ink: str
    muted: str
    jade: str
    jade_deep: str
    jade_wash: str
    on_jade: str
    vermilion: str
    on_vermilion: str
    amber: str
    amber_wash: str
    green: str
    green_wash: str
    line: str

    @classmethod
    def of(cls, scale: Scale) -> Tokens:
        """The tokens of a scale: millimetres of the design turned into this screen's pixels."""
        elder = scale.elder

        def px(normal_mm: float, elder_mm: float | None = None) -> int:
            mm = elder_mm if elder and elder_mm is not None else normal_mm
            return max(1, round(mm * scale.px_per_mm))

        palette = PALETTES[scale.contrast]
        return cls(
            scale=scale,
            body=px(7, 10),
            secondary=px(5.5, 7.5),
            title=px(11, 13),
            heading=px(8.5, 11),
            display=px(16, 18),
            key=px(20, 25),
            primary=px(25, 30),
            gap=px(4, 6),
            margin=px(12),
            radius=px(3),
            border=px(2) if scale.contrast == "high" else px(0.5),
            icon=px(9, 12),
            line_factor=1.45,
            **{f.name: getattr(palette, f.name) for f in fields(Palette)},
        )

    def space(self, mm: float) -> int:
        """Pixels of `mm` millimetres; use the steps 2, 4, 6, 8, 12, 16, 24."""
        return max(1, round(mm * self.scale.px_per_mm))

    @property
    def elder(self) -> bool:
        """Whether this is the large size."""
        return self.scale.elder


def contrast_ratio(one: str, other: str) -> float:
    """The contrast of two #RRGGBB colours as WCAG 2 defines it (1 to 21)."""

    def luminance(colour: str) -> float:
        def channel(byte: int) -> float:
            value = byte / 255
            return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

        red, green, blue = (channel(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)

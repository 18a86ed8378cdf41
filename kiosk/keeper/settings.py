# SPDX-License-Identifier: Apache-2.0
"""What a visit's process is welcomed with: the terminal's configuration and its devices, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from devices.base import NAMES
from devices.profile import DeviceProfile
from kiosk.config import KioskConfig


@dataclass(frozen=True, slots=True)
class VisitSettings:
    """`place`: where the window's corner is put, in pixels; None leaves that to the screen."""

    config: KioskConfig
    profile: DeviceProfile | None
    place: tuple[int, int] | None


def settings_of(
    config: KioskConfig, profile: DeviceProfile | None, place: tuple[int, int] | None = None
) -> dict[str, Any]:
    """To be sent. The device profile goes as it was read: a visit opens no file of the terminal's."""
    values = {**asdict(config), "devices": None}
    return {"config": values, "profile": None if profile is None else dict(profile.sections()), "place": place}


def read_settings(settings: Mapping[str, Any]) -> VisitSettings:
    """As it came. Raises KeyError, TypeError for what `settings_of` did not make."""
    values = dict(settings["config"])
    values["documents"] = tuple(values["documents"])
    profile, place = settings["profile"], settings["place"]
    return VisitSettings(
        KioskConfig(**values),
        None if profile is None else DeviceProfile(**profile),
        None if place is None else (int(place[0]), int(place[1])),
    )


def device_names(profile: DeviceProfile | None) -> tuple[str, ...]:
    """Of all devices of a profile, as statuses and events call them."""
    return () if profile is None else tuple(NAMES[section] for section in profile.sections())

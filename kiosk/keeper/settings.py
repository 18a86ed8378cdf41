# SPDX-License-Identifier: Apache-2.0
"""What a visit's process is welcomed with: the terminal's configuration and its devices, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from devices.profile import DeviceProfile
from kiosk.config import KioskConfig


def settings_of(config: KioskConfig, profile: DeviceProfile | None) -> dict[str, Any]:
    """To be sent. The device profile goes as it was read: a visit opens no file of the terminal's."""
    values = {**asdict(config), "devices": None}
    return {"config": values, "profile": None if profile is None else dict(profile.sections())}


def read_settings(settings: Mapping[str, Any]) -> tuple[KioskConfig, DeviceProfile | None]:
    """As it came. Raises KeyError, TypeError for what `settings_of` did not make."""
    values = dict(settings["config"])
    values["documents"] = tuple(values["documents"])
    profile = settings["profile"]
    return KioskConfig(**values), None if profile is None else DeviceProfile(**profile)

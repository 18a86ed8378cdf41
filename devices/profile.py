# SPDX-License-Identifier: Apache-2.0
"""Which devices a terminal has: a TOML file that chooses drivers and says where the devices are."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.drivers import SECTIONS, driver
from devices.errors import DeviceError

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """A section per device: its driver and the driver's settings. None where the terminal has no such device."""

    id_card: Settings | None = None
    printer: Settings | None = None
    receipt: Settings | None = None
    scanner: Settings | None = None
    smart_card: Settings | None = None
    camera: Settings | None = None
    code_scanner: Settings | None = None
    speech: Settings | None = None

    def sections(self) -> dict[str, Settings]:
        """Those that are there."""
        found = {name: getattr(self, name) for name in SECTIONS}
        return {name: settings for name, settings in found.items() if settings is not None}


def parse_profile(text: str) -> DeviceProfile:
    """Raises DeviceError profile-wrong, saying what is wrong and what is known."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise DeviceError("profile-wrong", f"the device profile is no TOML: {fault}") from fault
    for section, settings in given.items():
        if section not in SECTIONS or not isinstance(settings, dict):
            raise DeviceError("profile-wrong", f"[{section}] is no device; known are {', '.join(SECTIONS)}")
        rest = {name: value for name, value in settings.items() if name != "driver"}
        driver(section, str(settings.get("driver", ""))).check(rest)
    return DeviceProfile(**given)


def load_profile(path: Path) -> DeviceProfile:
    """Raises DeviceError profile-wrong."""
    try:
        return parse_profile(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise DeviceError("profile-wrong", f"{path.name} cannot be read: {fault}") from fault


def dump_profile(profile: DeviceProfile) -> str:
    """The profile as TOML. Strings, numbers and truth values look there as they do in JSON."""
    lines: list[str] = []
    for section, settings in profile.sections().items():
        lines.append(f"[{section}]")
        lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()]
        lines.append("")
    return "\n".join(lines)

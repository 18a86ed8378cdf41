# SPDX-License-Identifier: Apache-2.0
"""Which devices a terminal has: a TOML file that chooses drivers and says where the devices are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.errors import DeviceError

_KNOWN: Mapping[str, Mapping[str, Mapping[str, type]]] = {
    "id_card": {"sam-serial": {"port": str}},
    "printer": {"ipp": {"uri": str}},
    "receipt": {"escpos-network": {"host": str, "port": int}},
    "scanner": {"escl": {"url": str}},
}


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """A section per device: its driver and the driver's settings. None where the terminal has no such device."""

    id_card: Mapping[str, Any] | None = None
    printer: Mapping[str, Any] | None = None
    receipt: Mapping[str, Any] | None = None
    scanner: Mapping[str, Any] | None = None


def parse_profile(text: str) -> DeviceProfile:
    """Raises DeviceError profile-wrong, saying what is wrong and what is known."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise DeviceError("profile-wrong", f"the device profile is no TOML: {fault}") from fault
    for section, settings in given.items():
        drivers = _KNOWN.get(section)
        if drivers is None or not isinstance(settings, dict):
            raise DeviceError("profile-wrong", f"[{section}] is no device; known are {', '.join(_KNOWN)}")
        wanted = drivers.get(str(settings.get("driver")))
        if wanted is None:
            raise DeviceError("profile-wrong", f"[{section}] driver must be one of {', '.join(drivers)}")
        for name, kind in wanted.items():
            if not isinstance(settings.get(name), kind):
                raise DeviceError("profile-wrong", f"[{section}] needs {name} ({kind.__name__})")
    return DeviceProfile(**given)


def load_profile(path: Path) -> DeviceProfile:
    """Raises DeviceError profile-wrong."""
    try:
        return parse_profile(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise DeviceError("profile-wrong", f"{path.name} cannot be read: {fault.strerror}") from fault


def dump_profile(profile: DeviceProfile) -> str:
    """The profile as TOML."""
    lines: list[str] = []
    for section in _KNOWN:
        settings = getattr(profile, section)
        if settings is not None:
            lines.append(f"[{section}]")
            lines += [f"{k} = {v}" if isinstance(v, int) else f'{k} = "{v}"' for k, v in settings.items()]
            lines.append("")
    return "\n".join(lines)

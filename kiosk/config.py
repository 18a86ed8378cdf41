# SPDX-License-Identifier: Apache-2.0
"""What stands in a terminal's `kiosk.toml`: how the window lies, how large a millimetre is, who is attached."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from kiosk.visit.rules import Times

NAME = "kiosk.toml"
PANEL_MM = (270, 480)
"""Width and height of the standing panel the screens are drawn for."""


class ConfigError(Exception):
    """The file cannot be used; the message names the line or value."""

    code = "config"


Orientation = Literal["portrait", "landscape"]


@dataclass(frozen=True, slots=True)
class KioskConfig:
    """Defaults suit a 27-inch standing panel. `devices` is the path of a device profile, relative to the file."""

    orientation: Orientation = "portrait"
    px_per_mm: float = 4.0
    contrast: Literal["normal", "high"] = "normal"
    language: str = "zh"
    full_screen: bool = True
    devices: Path | None = None
    reader_place: str = ""
    notice: str = ""
    speech: bool = True
    idle_seconds: float = 90.0
    idle_seconds_slow: float = 180.0
    warning_seconds: float = 30.0
    sync_seconds: float = 30.0
    documents: tuple[str, ...] = field(default=("strip", "receipt", "form", "checklist"))

    @property
    def times(self) -> Times:
        """For the visit."""
        return Times(self.idle_seconds, self.idle_seconds_slow, self.warning_seconds)

    @property
    def size(self) -> tuple[int, int]:
        """The window's size in pixels where it is not full screen: 1080 x 1920 at 4 pixels a millimetre."""
        short, long = (round(mm * self.px_per_mm) for mm in PANEL_MM)
        return (short, long) if self.orientation == "portrait" else (long, short)


def load_config(data: Path) -> KioskConfig:
    """Of a terminal's data directory; all defaults where the file is missing. Raises ConfigError."""
    path = data / NAME
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return KioskConfig()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{path.name} cannot be read: {fault}") from fault
    return _checked(raw, data)


def _checked(raw: Mapping[str, Any], base: Path) -> KioskConfig:
    known = {f.name: f for f in fields(KioskConfig)}
    if unknown := sorted(set(raw) - set(known)):
        raise ConfigError(f"{NAME} has settings nobody knows: {', '.join(unknown)}")
    values = dict(raw)
    choices = {"orientation": ("portrait", "landscape"), "contrast": ("normal", "high"), "language": ("zh", "en")}
    for name, allowed in choices.items():
        if name in values and values[name] not in allowed:
            raise ConfigError(f"{NAME}: {name} is one of {', '.join(allowed)}")
    for name in ("px_per_mm", "idle_seconds", "idle_seconds_slow", "warning_seconds", "sync_seconds"):
        if name in values:
            if isinstance(values[name], bool) or not isinstance(values[name], int | float) or values[name] <= 0:
                raise ConfigError(f"{NAME}: {name} is a number above 0")
            values[name] = float(values[name])
    for name in ("full_screen", "speech"):
        if name in values and not isinstance(values[name], bool):
            raise ConfigError(f"{NAME}: {name} is true or false")
    if "devices" in values:
        values["devices"] = base / str(values["devices"])
    if "documents" in values:
        values["documents"] = tuple(str(d) for d in values["documents"])
    return KioskConfig(**values)

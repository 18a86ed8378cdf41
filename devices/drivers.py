# SPDX-License-Identifier: Apache-2.0
"""What drivers there are: each module of a driver describes it once, and an entry point names the description.

A third party's driver is a package with `[project.entry-points."doorstep.drivers"]` and one line like ours.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

from devices.errors import DeviceError

GROUP = "doorstep.drivers"
SECTIONS = ("id_card", "smart_card", "printer", "receipt", "scanner", "camera", "code_scanner", "speech")
"""Of a device profile; each is one device of a terminal."""
_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True, slots=True)
class Driver:
    """`make(**settings)` gives the device; its parameters are the settings of the profile, with their types.

    `find()` looks which of these are attached, and gives the settings of each; it may take some seconds.
    """

    section: str
    name: str
    make: Callable[..., Any]
    find: Callable[[], list[dict[str, Any]]] = list
    words: str = ""

    def settings(self) -> dict[str, inspect.Parameter]:
        """Parameters of `make` that a profile may give: those of simple types."""
        parameters = inspect.signature(self.make).parameters.values()
        return {p.name: p for p in parameters if _type_name(p) in _TYPES}

    def check(self, given: Mapping[str, Any]) -> None:
        """Raises DeviceError profile-wrong, naming the setting."""
        known = self.settings()
        if unknown := sorted(set(given) - set(known)):
            raise self._wrong(f"knows no {', '.join(unknown)}; known are {', '.join(known) or 'none'}")
        for name, parameter in known.items():
            kind = _TYPES[_type_name(parameter)]
            if name not in given:
                if parameter.default is inspect.Parameter.empty:
                    raise self._wrong(f"needs {name} ({kind.__name__})")
            elif not isinstance(given[name], kind) or (isinstance(given[name], bool) and kind is not bool):
                raise self._wrong(f"{name} must be of type {kind.__name__}")

    def _wrong(self, words: str) -> DeviceError:
        return DeviceError("profile-wrong", f"[{self.section}] driver {self.name} {words}")


def _type_name(parameter: inspect.Parameter) -> str:
    """Annotations are text in modules that postpone them, and types in others."""
    kind = parameter.annotation
    return kind.__name__ if isinstance(kind, type) else str(kind)


def drivers_of(section: str) -> tuple[str, ...]:
    """Names of the drivers for a section, sorted."""
    if section not in SECTIONS:
        raise DeviceError("profile-wrong", f"[{section}] is no device; known are {', '.join(SECTIONS)}")
    prefix = f"{section}."
    return tuple(sorted(e.name.removeprefix(prefix) for e in entry_points(group=GROUP) if e.name.startswith(prefix)))


def driver(section: str, name: str) -> Driver:
    """Loads one. Raises DeviceError profile-wrong, driver-broken."""
    if name not in drivers_of(section):
        raise DeviceError("profile-wrong", f"[{section}] driver must be one of {', '.join(drivers_of(section))}")
    entry = next(iter(entry_points(group=GROUP, name=f"{section}.{name}")))
    try:
        found = entry.load()
    except ImportError as fault:
        raise DeviceError("driver-broken", f"the driver {name} cannot be loaded: {fault}") from fault
    if not isinstance(found, Driver) or (found.section, found.name) != (section, name):
        raise DeviceError("driver-broken", f"the driver {name} is not what its entry point says")
    return found


def make_device(section: str, settings: Mapping[str, Any]) -> Any:
    """The device of a profile's section. Raises DeviceError."""
    given = {k: v for k, v in settings.items() if k != "driver"}
    found = driver(section, str(settings.get("driver", "")))
    found.check(given)
    return found.make(**given)

# SPDX-License-Identifier: Apache-2.0
"""The keeper's process: begins the first visit, opens the store, and waits for the signal that ends it.

What the store needs is loaded only once the visit's process has begun to load: both take a while.
"""

from __future__ import annotations

import dataclasses
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config import ConfigError, KioskConfig, Orientation, load_config
from kiosk.keeper.child import COMMAND, Begun, begin
from kiosk.process.walls import raise_walls

if TYPE_CHECKING:
    from devices.profile import DeviceProfile
    from offline.terminal import Terminal


def run_kiosk(data: Path, *, orientation: Orientation | None = None, windowed: bool = False) -> int:
    """Shows the terminal until it is told to end. Prints what is missing instead of a traceback; 1 then."""
    raise_walls()
    try:
        config = load_config(data)
    except ConfigError as fault:
        print(f"doorstep kiosk: {fault} ({fault.code})", file=sys.stderr)
        return 1
    if orientation is not None:
        config = dataclasses.replace(config, orientation=orientation)
    if windowed:
        config = dataclasses.replace(config, full_screen=False)
    return _run(data, config, begin(behind=False))


def _run(data: Path, config: KioskConfig, first: Begun) -> int:
    from devices.errors import DeviceError
    from offline.errors import OfflineError
    from offline.store.data_directory import written_in_clear
    from offline.store.relock import relock_apart
    from offline.terminal import Terminal

    try:
        profile = _profile(config)
        if written_in_clear(data):
            relock_apart(data)
        with Terminal.open(data) as terminal:
            terminal.catalogue()
            return keep(terminal, config, profile, first=first)
    except (OfflineError, DeviceError) as fault:
        print(f"doorstep kiosk: {fault} ({fault.code})", file=sys.stderr)
        return 1
    finally:
        first.give_up()


def _profile(config: KioskConfig) -> DeviceProfile | None:
    if config.devices is None:
        return None
    from devices.profile import load_profile

    return load_profile(config.devices)


def keep(
    terminal: Terminal,
    config: KioskConfig,
    profile: DeviceProfile | None,
    *,
    first: Begun | None = None,
    command: Sequence[str] = COMMAND,
    media_root: Path = Path("/"),
) -> int:
    """Serves visits and commands until SIGTERM or SIGINT comes, or the window is closed where it may be; 1 where no
    window could be shown at all. `command` begins a visit's process, `first` is one that has begun already."""
    from kiosk.keeper.keeper import Keeper
    from kiosk.keeper.settings import device_names, settings_of
    from kiosk.keeper.stage import Stage

    ending, failed = threading.Event(), threading.Event()
    settings = settings_of(config, profile)
    keeper = Keeper(terminal, sync_seconds=config.sync_seconds, settings=settings, media_root=media_root)

    def no_window() -> None:
        failed.set()
        ending.set()

    closed = (lambda: None) if config.full_screen else ending.set
    stage = Stage(keeper, device_names(profile), first=first, command=command, closed=closed, failed=no_window)
    before = {s: signal.signal(s, lambda *_args: ending.set()) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        keeper.start()
        stage.start()
        while not ending.wait(1.0):  # in slices: Python hears a signal only between them
            pass
    finally:
        stage.stop()
        keeper.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    return 1 if failed.is_set() else 0

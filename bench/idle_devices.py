# SPDX-License-Identifier: Apache-2.0
"""The idle terminal with every kind of device polled: our share of one core, and how many of its looks a second.

The devices are simulated in a process of their own, so that only our own time is counted; the smart-card reader is
behind a real PC/SC daemon. Beside it, as a measure of the machine: a process that only sleeps in one thread a device.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

SECONDS = 20.0
SETTLING = 4.0
AIM = 0.02  # of one core


def peers() -> None:
    """In the other process: prints the profile, stays until its input ends."""
    from devices.code_simulator import SimulatedCodeScanner
    from devices.page.picture import encode_jpeg
    from devices.simulation import SimulatedDevices
    from devices.smart_card.pcsc_stack import PcscStack

    with tempfile.TemporaryDirectory() as name, SimulatedDevices() as simulated, PcscStack() as cards:
        import numpy as np

        folder = Path(name)
        (folder / "1.jpg").write_bytes(encode_jpeg(np.zeros((400, 300, 3), np.uint8)))
        scanner = SimulatedCodeScanner(folder)
        profile = simulated.profile.sections() | {
            "camera": {"driver": "stills", "folder": name},
            "code_scanner": {"driver": "serial", "port": scanner.port},
            "smart_card": {"driver": "pcsc"},
            "speech": {"driver": "local"},
        }
        print(json.dumps({"profile": profile, "cards": cards.socket_path}), flush=True)
        sys.stdin.read()
        scanner.close()


def share_of_a_core(seconds: float) -> float:
    """Processor time of this process, all threads, over real time."""
    used, began = time.process_time(), time.monotonic()
    threading.Event().wait(seconds)
    return (time.process_time() - used) / (time.monotonic() - began)


def sleeping(threads: int) -> float:
    """The share of threads that do nothing but wake three times a second."""
    ended = threading.Event()

    def sleep() -> None:
        while not ended.wait(0.3):
            pass

    asleep = [threading.Thread(target=sleep) for _ in range(threads)]
    for thread in asleep:
        thread.start()
    share = share_of_a_core(5.0)
    ended.set()
    for thread in asleep:
        thread.join()
    return share


def main() -> None:
    """Measures and prints."""
    if "--peers" in sys.argv:
        peers()
        return
    other = subprocess.Popen(
        [sys.executable, __file__, "--peers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin is not None
    assert other.stdout is not None
    try:
        told: dict[str, Any] = json.loads(other.stdout.readline())
        os.environ["PCSCLITE_CSOCK_NAME"] = told["cards"]
        measure(told["profile"])
    finally:
        other.stdin.close()
        other.wait(30)


def measure(sections: dict[str, Any]) -> None:
    """With the terminal's own intervals."""
    from devices.manager import DeviceManager
    from devices.profile import DeviceProfile

    base = sleeping(len(sections))
    manager = DeviceManager(DeviceProfile(**sections), lambda _event: None)
    manager.start()
    threading.Event().wait(SETTLING)
    states = {s.device: s.state.value for s in manager.statuses()}
    share = share_of_a_core(SECONDS)
    manager.stop()
    print(f"{'':40}{'of one core':>12}{'x asleep':>10}")
    print(f"{f'{len(sections)} threads that only sleep':40}{base:12.2%}{1.0:10.1f}")
    print(f"{f'{len(sections)} devices polled':40}{share:12.2%}{share / max(base, 1e-9):10.1f}")
    print("devices: " + ", ".join(f"{name} {state}" for name, state in states.items()))
    print(f"aim: under {AIM:.0%} of one core; found {share:.2%}")


if __name__ == "__main__":
    main()

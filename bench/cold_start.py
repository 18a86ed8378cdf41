# SPDX-License-Identifier: Apache-2.0
"""Cold start: from starting the process of `doorstep kiosk` to its first painted frame.

Beside it, as a measure of the machine: Python alone, and Python with an empty window of the same toolkit.
Each start is a new process; they take turns, so that a busy moment of the machine meets all of them. Python's compiled
files are there, as an installed terminal has them.

`--cpu` counts the processor time of the process that was started instead of the clock's (for finding out what costs, on
a machine that others use); of the terminal that is the keeper's alone.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 11
AIM = 1.5  # seconds
AIM_RATIO = 3.0  # times an empty window
NOT_AS_INSTALLED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONDEVMODE")

TELL_AND_LEAVE = """
import os, time
from PySide6.QtCore import QEvent, QObject
class FirstFrame(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.seen = True
        elif self.seen:  # the first event after the frame was drawn
            told = os.times()
            os.write(1, f"{time.monotonic()} {told.user + told.system}".encode())
            os._exit(0)
        return False
frame = FirstFrame()
"""

# The keeper hears of the first frame from the visit's process; neither loads what is the other's.
KIOSK = """
import os, sys, time
import kiosk.keeper.run as run
keep = run.keep
def watched(*arguments, **more):
    from kiosk.keeper.stage import Stage
    def painted(self, process):
        spent = os.times()
        os.write(1, f"{time.monotonic()} {spent.user + spent.system}".encode())
        for one in self._processes:
            one.kill()
        os._exit(0)
    Stage._painted = painted
    return keep(*arguments, **more)
run.keep = watched
from kiosk.command import main
main(["kiosk", "--data", sys.argv[1], "--windowed"])
"""
EMPTY_WINDOW = (
    TELL_AND_LEAVE
    + """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
app.installEventFilter(frame)
window = QWidget()
window.resize(1080, 1920)
window.show()
app.exec()
"""
)
PYTHON = "import os, time; t = os.times(); os.write(1, f'{time.monotonic()} {t.user + t.system}'.encode())"


def start(code: str, data: Path) -> float:
    """Seconds from before the process began to what it told of its clock, which is the machine's."""
    env = {name: value for name, value in os.environ.items() if name not in NOT_AS_INSTALLED}
    env["QT_QPA_PLATFORM"] = "offscreen"
    began = time.monotonic()
    told = subprocess.run([sys.executable, "-c", code, str(data)], capture_output=True, check=True, env=env, timeout=60)
    ended, processor = map(float, told.stdout.split())
    return processor if "--cpu" in sys.argv else ended - began


def main() -> None:
    """Measures and prints."""
    from kiosk.demo.stage import set_stage

    with tempfile.TemporaryDirectory() as folder:
        with set_stage(Path(folder)):
            pass  # an enrolled terminal with its catalogue
        data = Path(folder) / "terminal"
        rows = {"Python alone": PYTHON, "an empty window": EMPTY_WINDOW, "doorstep kiosk": KIOSK}
        times: dict[str, list[float]] = {name: [] for name in rows}
        for code in rows.values():
            start(code, data)  # the disk's cache is warm for all of them
        for _round in range(ROUNDS):
            for name, code in rows.items():
                times[name].append(start(code, data))
    base = statistics.median(times["an empty window"])
    print(f"{'':18}{'median s':>10}{'worst s':>10}{'x empty window':>16}")
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:18}{median:10.3f}{max(found):10.3f}{median / base:16.2f}")
    print(f"aim: at most {AIM_RATIO} x an empty window at the median, and under {AIM} s at worst, of {ROUNDS}")


if __name__ == "__main__":
    main()

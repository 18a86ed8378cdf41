# SPDX-License-Identifier: Apache-2.0
"""A keeper's process as the product runs it, whose visits can be driven: DATA DRIVES CONFIG(JSON) [MEDIA-ROOT]."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kiosk.keeper.run import keep
from kiosk.keeper.settings import read_settings
from kiosk.process.walls import raise_walls
from offline.terminal import Terminal

if __name__ == "__main__":
    raise_walls()
    data, drives, given = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    settings = read_settings(given)
    with Terminal.open(data) as terminal:
        command = (sys.executable, "-m", "tests.kiosk.keeper.driven", drives)
        raise SystemExit(keep(terminal, settings.config, settings.profile, command=command))

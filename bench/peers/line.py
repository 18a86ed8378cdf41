# SPDX-License-Identifier: Apache-2.0
"""The line between a client and the race: it says `ready`, waits for `go`, then says what it has to say, and `done`.

Each message is one line of JSON. Only the standard library, so that clients with their own packages can use it.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def say(what: str, **facts: Any) -> None:
    """Tells the race."""
    sys.stdout.write(json.dumps({"say": what, **facts}) + "\n")
    sys.stdout.flush()


def ready(**facts: Any) -> None:
    """All is loaded; returns when the clock has started."""
    say("ready", **facts)
    sys.stdin.readline()


def done(**facts: Any) -> None:
    """All is acknowledged."""
    say("done", **facts)

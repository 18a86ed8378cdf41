# SPDX-License-Identifier: Apache-2.0
"""A machine whose disks are all read-only, for a program that must not need one: `run(code, arguments)`.

In a mount namespace of its own every file system that is not in memory is made read-only, and /dev/shm is empty. So no
temporary file on a disk goes unseen, whichever library or child made it, however short it lived.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
_IN_MEMORY = ("proc", "sysfs", "devpts", "tmpfs", "ramfs", "devtmpfs", "mqueue", "cgroup", "cgroup2")
# Run inside, before anything else.
_READ_ONLY = f"""
import os, subprocess, sys
for line in open("/proc/self/mountinfo").read().splitlines():
    place, kind = line.split()[4], line.partition(" - ")[2].split()[0]
    if kind not in {_IN_MEMORY!r}:
        place = place.encode().decode("unicode_escape")
        subprocess.run(["mount", "-o", "remount,bind,ro", place], check=True)
subprocess.run(["mount", "-t", "tmpfs", "none", "/dev/shm"], check=True)
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1], *sys.argv[2:]])
"""


@cache
def may_mount() -> bool:
    probe = ["unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def run(code: str, *arguments: str) -> dict[str, Any]:
    """What the program printed as JSON in its last line. `code` sees `arguments` in sys.argv from 1 on."""
    if not may_mount():
        pytest.skip("needs to mount: root, or a user namespace")
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", sys.executable, "-c", _READ_ONLY, code, *arguments],
        capture_output=True, text=True, timeout=120, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found

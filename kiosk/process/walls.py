# SPDX-License-Identifier: Apache-2.0
"""What keeps a process's memory and files to itself. For every process of the terminal; no Qt."""

from __future__ import annotations

import ctypes
import os
import resource

_GET_DUMPABLE, _SET_DUMPABLE = 3, 4  # prctl(2)
# No core, also of the programs we start, which execve makes dumpable again. Not 0: where cores go to a program
# (core_pattern begins with "|") the kernel keeps no limit but this one (core(5); fs/coredump.c, "limit of 1").
_CORE = 1


def raise_walls() -> None:
    """The first thing a process does: no core file, no look from outside, files for its own user only.

    Nobody but root may read its memory or /proc/PID/environ, maps and fd any more, nor trace it; and of its own it
    may not read environ and mem. A fork keeps all three, a program started anew only the limit and the file mode.
    Raises OSError where the kernel refuses.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (_CORE, _CORE))
    os.umask(0o077)
    _prctl(_SET_DUMPABLE, 0)


def dumpable() -> bool:
    """Whether others of the same user may look into this process."""
    return _prctl(_GET_DUMPABLE, 0) != 0


def _prctl(option: int, value: int) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    answer: int = library.prctl(option, ctypes.c_ulong(value), *(ctypes.c_ulong(0) for _ in range(3)))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "prctl refused")
    return answer

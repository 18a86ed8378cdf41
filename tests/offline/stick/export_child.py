# SPDX-License-Identifier: Apache-2.0
"""An export in a process of its own, in which the kernel refuses one system call from a certain step on.

The refusal is a seccomp filter (seccomp(2), SECCOMP_RET_ERRNO) on the exporting thread: the store's thread, which
was there before, goes on reading the terminal's own disk.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

from offline.errors import OfflineError
from offline.stick.export import Progress, export
from offline.terminal import Terminal

_CALLS = {  # by machine: (audit arch, {name: numbers})
    "x86_64": (
        0xC000003E,
        {
            "open": (257,), "write": (1, 18), "fsync": (74, 75), "rename": (82, 264, 316), "syncfs": (306,),
            "readback": (0, 17), "list": (217,), "room": (137,), "unlink": (87, 263),
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "open": (56,), "write": (64, 68), "fsync": (82, 83), "rename": (38, 276), "syncfs": (267,),
            "readback": (63, 67), "list": (61,), "room": (43,), "unlink": (35,),
        },
    ),
}  # fmt: skip
_STEP = {"fsync": "syncing", "rename": "syncing", "syncfs": "syncing", "readback": "checking"}
O_WRONLY = 1


def refuse(call: str, number: int) -> None:
    """From now on, in this thread. `open` only for writing; `write` and `readback` not on the standard streams."""
    arch, calls = _CALLS[platform.machine()]
    numbers = calls[call]

    def op(code: int, jt: int, jf: int, k: int) -> bytes:
        return struct.pack("HBBI", code, jt, jf, k)

    load, equal, answer, at_least = 0x20, 0x15, 0x06, 0x35
    ok, no = op(answer, 0, 0, 0x7FFF0000), op(answer, 0, 0, 0x00050000 | number)
    only = {
        "open": [op(load, 0, 0, 16 + 8 * 2), op(0x45, 1, 0, O_WRONLY), ok, no],  # BPF_JSET on the flags
        "write": [op(load, 0, 0, 16), op(at_least, 1, 0, 3), ok, no],
        "readback": [op(load, 0, 0, 16), op(at_least, 1, 0, 3), ok, no],
    }.get(call, [no])
    program = [op(load, 0, 0, 4), op(equal, 1, 0, arch), ok, op(load, 0, 0, 0)]
    for place, one in enumerate(numbers):
        program.append(op(equal, len(numbers) - place, 0, one))
    program += [ok, *only]
    code = b"".join(program)
    held = ctypes.create_string_buffer(code)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    made = Program(len(code) // 8, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(made), 0, 0):  # NO_NEW_PRIVS, SECCOMP
        raise OSError(ctypes.get_errno(), "seccomp")


def main(data: str, stick: str, fault: str) -> None:
    what, _, how = fault.partition(":")
    done = False

    def watch(progress: Progress) -> None:
        nonlocal done
        stage = progress.stage
        if stage == "checking":
            stage = "named" if progress.done == 0 else "checked" if progress.done == progress.total else "checking"
        if what == "kill" and stage == how:
            os.kill(os.getpid(), signal.SIGKILL)
        if what in ("fsync", "rename", "syncfs", "readback") and not done and progress.stage == _STEP.get(what):
            done = True
            refuse(what, getattr(errno, how))

    with Terminal.open(Path(data)) as terminal:
        if what in ("open", "write", "list", "unlink") or (what == "room" and not how.isdigit()):
            refuse(what, getattr(errno, how))
        elif what == "room":
            real = os.statvfs(stick)
            fields = list(real)
            fields[4] = int(how) // real.f_frsize  # f_bavail
            os.statvfs = lambda _path: os.statvfs_result(fields)  # type: ignore[assignment,misc]
        elif what == "limit":
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(how), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        try:
            ended = export(terminal, Path(stick), watch=watch)
        except OfflineError as fault_:
            print("fault", fault_.code, flush=True)
        else:
            print("done", ended.records, ended.attachments, ended.left_records, ended.left_attachments, flush=True)
        if what == "limit":
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


if __name__ == "__main__":
    main(*sys.argv[1:])

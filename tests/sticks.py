# SPDX-License-Identifier: Apache-2.0
"""Sticks as the kernel shows them, in a directory: what a machine without a USB port can be tested with."""

from __future__ import annotations

import shutil
from pathlib import Path


class Machine:
    """A root with proc and sys as Linux shows them (proc(5), Documentation/ABI/stable/sysfs-block)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lines = ["22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw", "30 22 0:5 / /proc rw - proc proc rw"]
        (root / "sys" / "dev" / "block").mkdir(parents=True)
        (root / "sys" / "block").mkdir()
        self.disk("vda", "254:0", bus="pci0000:00/virtio0")
        self._write()

    def _write(self) -> None:
        path = self.root / "proc" / "self"
        path.mkdir(parents=True, exist_ok=True)
        (path / "mountinfo").write_text("\n".join(self.lines) + "\n")

    def disk(
        self, name: str, number: str, *, removable: bool = False, bus: str = "pci0000:00/ata1", size: int = 999
    ) -> Path:
        place = self.root / "sys" / "devices" / bus / "block" / name
        (place / "device").mkdir(parents=True)
        (place / "removable").write_text(f"{removable:d}\n")
        (place / "size").write_text(f"{size}\n")
        (place / "device" / "vendor").write_text("Kingston\n")
        (place / "device" / "model").write_text("DataTraveler 3.0\n")
        (self.root / "sys" / "block" / name).symlink_to(place)
        (self.root / "sys" / "dev" / "block" / number).symlink_to(place)
        return place

    def partition(self, disk: Path, name: str, number: str) -> None:
        (disk / name).mkdir()
        (disk / name / "partition").write_text("1\n")
        (self.root / "sys" / "dev" / "block" / number).symlink_to(disk / name)

    def mount(self, number: str, place: Path, *, options: str = "rw") -> Path:
        place.mkdir(parents=True, exist_ok=True)
        text = str(place).replace("\\", "\\134").replace(" ", "\\040")
        self.lines.append(f"60 22 {number} / {text} {options},nosuid shared:30 - vfat /dev/{number} {options}")
        self._write()
        return place

    def plug(self, place: Path, *, name: str = "sda") -> Path:
        """A stick, mounted at `place`."""
        self.disk(name, "8:0", removable=True)
        return self.mount("8:0", place)

    def pull(self, name: str = "sda") -> None:
        """As the kernel forgets it; what was on it stays in its directory."""
        for link in (self.root / "sys" / "block" / name, self.root / "sys" / "dev" / "block" / "8:0"):
            target = link.resolve()
            link.unlink()
        shutil.rmtree(target)
        self.lines = [line for line in self.lines if " 8:0 " not in line]
        self._write()

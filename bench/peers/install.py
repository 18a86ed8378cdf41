# SPDX-License-Identifier: Apache-2.0
"""Installs the peers that come from a registry into build/peers, by the registries' ordinary clients.

python bench/peers/install.py
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "peers"
PYTHON = PLACE / "python"
NODE = {
    "@tus/server": "2.4.5",
    "@tus/file-store": "2.1.1",
    "pouchdb": "9.0.0",
    "pouchdb-adapter-memory": "9.0.0",
    "express": "4.22.1",
    "express-pouchdb": "4.2.0",
}
PIP = ("tuspy==1.1.0",)


def stamp(name: str, wanted: object) -> tuple[Path, str]:
    """Where it is noted that this was installed, and what it says then."""
    return PLACE / f"{name}.stamp", json.dumps(wanted)


def node_packages() -> str:
    """Installs those of npm; what stood in the way, or empty."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "needs Node.js 20 with npm"
    note, says = stamp("node", NODE)
    if note.exists() and note.read_text() == says:
        return ""
    (PLACE / "package.json").write_text(json.dumps({"private": True, "dependencies": NODE}))
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    return _run(command, note, says)


def python_packages() -> str:
    """Installs those of pip, apart from the project's own; what stood in the way, or empty."""
    note, says = stamp("python", PIP)
    if note.exists() and note.read_text() == says:
        return ""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
    return _run([*pip, "--target", str(PYTHON), *PIP], note, says)


def _run(command: list[str], note: Path, says: str) -> str:
    try:
        done = subprocess.run(command, cwd=PLACE, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        return f"{command[0]}: {fault}"
    if done.returncode:
        return f"{Path(command[0]).name} could not install: {(done.stderr.strip().splitlines() or ['?'])[-1]}"
    note.write_text(says)
    return ""


def main() -> None:
    """Installs all; what is missing is told, and is no failure: the contest goes on without."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for name, install in (("npm", node_packages), ("pip", python_packages)):
        print(f"peers from {name}: {install() or 'installed'}")


if __name__ == "__main__":
    main()

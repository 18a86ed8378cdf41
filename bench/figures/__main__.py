# SPDX-License-Identifier: Apache-2.0
"""The table: every figure that offline and sync are held to, ours beside the best other of the same run and the limit.

    python -m bench.figures [--whole] [--only weak_link,submit] [--print]

Runs the measurements one after the other (a quarter of an hour; --whole: two hours) and prints the table in the end.
One that cannot run here says so and leaves its rows out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from bench.figures import PLACE, Figure, kept

ROOT = Path(__file__).resolve().parents[2]
QUICK = {
    "weak_link": ["bench/weak_link.py", "--quick"],
    "record_size": ["bench/record_size.py"],
    "submit": ["bench/submit.py"],
    "vault_scale": ["bench/vault_scale.py"],
    "faults": ["-m", "bench.faults.campaign", "--rounds", "100"],
    "ingest": ["bench/ingest.py"],
}
WHOLE = QUICK | {
    "weak_link": ["bench/weak_link.py"],
    "faults": ["-m", "bench.faults.campaign", "--rounds", "10000", "--seconds", "3600", "--jobs", "2"],
}
_MET = {True: "met", False: "MISSED", None: ""}


def run(name: str, command: list[str]) -> None:
    """One measurement with its own words."""
    print(f"== {name}", flush=True)
    (PLACE / f"{name}.json").unlink(missing_ok=True)
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    )
    if ended.returncode:
        print(f"{name} ended with {ended.returncode}", flush=True)


def show(figures: list[Figure]) -> None:
    """One line each."""
    head = Figure("work", "aim", "ours", "best other, same run", "limit")
    widths = [
        max(len(getattr(f, part)) for f in (head, *figures)) for part in ("work", "aim", "ours", "beside", "limit")
    ]
    for figure in (head, *figures):
        cells = (figure.work, figure.aim, figure.ours, figure.beside, figure.limit)
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)), "", _MET[figure.met])


def main() -> int:
    """Measures and prints."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--whole", action="store_true", help="at full size and length")
    options.add_argument("--only", default="", help="some only, by name: " + ",".join(QUICK))
    options.add_argument("--print", action="store_true", dest="only_print", help="what the last runs found")
    given = options.parse_args()
    wanted = [name for name in QUICK if not given.only or name in given.only.split(",")]
    for name in () if given.only_print else wanted:
        run(name, (WHOLE if given.whole else QUICK)[name])
    figures = [figure for name in wanted for figure in kept(name)]
    show(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

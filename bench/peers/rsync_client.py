# SPDX-License-Identifier: Apache-2.0
"""rsync to its daemon, called again until it ends well; it goes on inside a file that is there in part.

rsync_client.py HOST PORT FOLDER [OPTION...]
"""

from __future__ import annotations

import subprocess
import sys
import time

from bench.peers.line import done, ready


def main() -> None:
    """Sends all."""
    host, port, folder, *options = sys.argv[1:]
    ready()
    target = f"rsync://{host}:{port}/in/"
    command = ["rsync", "-r", "--inplace", "--timeout=10", "--contimeout=5", *options, f"{folder}/", target]
    while subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode:
        time.sleep(1)
    done()


main()

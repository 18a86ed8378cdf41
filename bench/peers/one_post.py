# SPDX-License-Identifier: Apache-2.0
"""The plain way: each application in one POST with all its files, tried again until it is answered.

one_post.py URL FOLDER
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import requests

from bench.peers.line import done, ready

TIMEOUT = 60  # seconds; the library applies it to the sending of the whole body too


def main() -> None:
    """Sends all."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    bodies = {
        place.name: {file.name: (file.name, file.read_bytes()) for file in sorted(place.iterdir())}
        for place in sorted(folder.iterdir())
    }
    ready()
    with requests.Session() as session:
        for name, files in bodies.items():
            while not _post(session, f"{url}/applications?name={name}", files):
                time.sleep(1)
    done()


def _post(session: requests.Session, url: str, files: dict[str, tuple[str, bytes]]) -> bool:
    try:
        return session.post(url, files=files, timeout=TIMEOUT).status_code == 201
    except requests.RequestException:
        return False


main()

# SPDX-License-Identifier: Apache-2.0
"""The careful way: data first, then each file from the byte where it broke off, three at a time.

resumable_put.py URL FOLDER
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from bench.peers.line import done, ready

CONNECTIONS = 3
TIMEOUT = 30


class Sender:
    """One connection's worth of work."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def send(self, file: Path) -> None:
        """Until it is there."""
        while not self._try(file):
            time.sleep(1)

    def _try(self, file: Path) -> bool:
        data = file.read_bytes()
        try:
            if file.suffix == ".json":
                url = f"{self._url}/records/{file.parent.name}"
                return self._session.put(url, data=data, timeout=TIMEOUT).status_code == 201
            url = f"{self._url}/files/{file.parent.name}/{file.name}"
            begin = int(self._session.head(url, timeout=TIMEOUT).headers["Upload-Offset"])
            headers = {"Upload-Offset": str(begin), "Upload-Length": str(len(data))}
            return self._session.put(url, data=data[begin:], headers=headers, timeout=TIMEOUT).status_code == 201
        except (requests.RequestException, KeyError):
            return False


def main() -> None:
    """Sends all."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    files = sorted(folder.glob("*/*"), key=lambda file: (file.suffix != ".json", str(file)))
    senders = [Sender(url) for _ in range(CONNECTIONS)]
    ready()
    free = list(senders)

    def work(file: Path) -> None:
        sender = free.pop()
        try:
            sender.send(file)
        finally:
            free.append(sender)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(work, files))
    done()


main()

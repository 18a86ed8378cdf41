# SPDX-License-Identifier: Apache-2.0
"""tus (resumable uploads) by its own Python client: every file one upload, three at a time, tried again for ever.

tus_client.py URL FOLDER
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from bench.peers.line import done, ready

CONNECTIONS = 3
ALWAYS = 500  # its retries nest


def upload(client: Any, file: Path) -> None:
    """Until it is there; the uploader asks for its offset before each new try."""
    name = f"{file.parent.name}/{file.name}"
    uploader = client.uploader(str(file), retries=ALWAYS, retry_delay=1, metadata={"filename": name})
    while True:
        try:
            uploader.upload()
            return
        except (TusCommunicationError, OSError):
            time.sleep(1)


def main() -> None:
    """Sends all."""
    client = TusClient(sys.argv[1] + "/files/")
    files = sorted(Path(sys.argv[2]).glob("*/*"))
    ready()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda file: upload(client, file), files))
    done()


main()

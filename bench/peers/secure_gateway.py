# SPDX-License-Identifier: Apache-2.0
"""Our gateway as it is run: nginx with TLS before it, on one address. Ends when it is killed, with all it started.

    secure_gateway.py DATA ADDRESS PORT

The authority to trust is written to DATA.front/authority.pem.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from tests.offline.sync.proxied import Gateways, nginx


def main() -> None:
    """Serves."""
    data, address, port = sys.argv[1:]
    gateways = Gateways(Path(data), 1)
    with nginx(Path(data + ".front"), gateways.ports, address=address, port=int(port)):
        threading.Event().wait()


main()

# SPDX-License-Identifier: Apache-2.0
"""`python -m kiosk` is `doorstep`."""

from __future__ import annotations

from kiosk.command import main

if __name__ == "__main__":
    main()

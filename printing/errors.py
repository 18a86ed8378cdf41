# SPDX-License-Identifier: Apache-2.0
"""What keeps a page from being made."""

from __future__ import annotations


class PrintingError(Exception):
    """Root; `code` is stable."""

    code = "printing"


class FontMissing(PrintingError):
    """A font is not on this machine; the message names its package."""

    code = "font-missing"

# SPDX-License-Identifier: Apache-2.0
"""What may stand in a card's text: also characters of the private use area, in which old systems keep rare names."""

from __future__ import annotations

import unicodedata

_NEVER = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, invisible marks, half characters, line ends


def is_text(text: str) -> bool:
    """Whether it can be shown and printed. Characters that this Unicode version does not know yet may be."""
    return not any(unicodedata.category(c) in _NEVER or ord(c) & 0xFFFE == 0xFFFE for c in text)

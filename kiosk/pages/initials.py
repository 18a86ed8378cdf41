# SPDX-License-Identifier: Apache-2.0
"""Pinyin initials of Chinese words, for finding a service item by its first letters.

The 3755 common characters of GB 2312 are sorted by pinyin, so the initial follows from a character's place; no
table has to be loaded. Other characters and second readings stand in a short list of exceptions.
"""

from __future__ import annotations

from bisect import bisect_right

_STARTS = (
    *(0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8),
    *(0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1),
)
_LETTERS = "ABCDEFGHJKLMNOPQRSTWXYZ"
_LAST = 0xD7F9
_EXCEPTIONS = {"赡": "S", "孀": "S", "鳏": "G", "瘫": "T", "榀": "P"}


def initial(character: str) -> str:
    """The capital letter a character's pinyin begins with; letters and figures are themselves; else ""."""
    if character in _EXCEPTIONS:
        return _EXCEPTIONS[character]
    if character.isascii():
        return character.upper() if character.isalnum() else ""
    try:
        raw = character.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    code = int.from_bytes(raw, "big")
    if not _STARTS[0] <= code <= _LAST:
        return ""
    return _LETTERS[bisect_right(_STARTS, code) - 1]


def initials(words: str) -> str:
    """The initials of all characters that have one: "高龄津贴" -> "GLJT"."""
    return "".join(initial(character) for character in words)

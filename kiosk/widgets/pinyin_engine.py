# SPDX-License-Identifier: Apache-2.0
"""Pinyin to Chinese through libgooglepinyin (Debian: libgooglepinyin0), by its plain C symbols.

The library keeps one decoder per process and learns from what is chosen. What it learns here lives in a memory
file that never reaches a disk, and `wipe` throws it away at the end of each visit.
"""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Sequence
from glob import glob

logger = logging.getLogger(__name__)

LIBRARY = "libgooglepinyin.so.0"
DICTIONARIES = (
    "/usr/lib/*/googlepinyin/data/dict_pinyin.dat",
    "/usr/lib/googlepinyin/data/dict_pinyin.dat",
    "/usr/share/googlepinyin/dict_pinyin.dat",
    "/usr/share/googlepinyin/data/dict_pinyin.dat",
)
LONGEST_PINYIN, LONGEST_TEXT = 39, 20


class PinyinUnavailable(Exception):
    """The library or its dictionary is not on this machine; `code` is "pinyin-missing"."""

    code = "pinyin-missing"


def find_dictionary(patterns: Sequence[str] = DICTIONARIES) -> str:
    """The path of dict_pinyin.dat. Raises PinyinUnavailable."""
    for pattern in patterns:
        if found := sorted(glob(pattern)):
            return found[0]
    raise PinyinUnavailable("dict_pinyin.dat is missing: install libgooglepinyin0")


class PinyinEngine:
    """One composition at a time: `search` letters, look at `candidates`, `choose` until everything is fixed."""

    def __init__(self, library: str = LIBRARY, dictionaries: Sequence[str] = DICTIONARIES) -> None:
        self._library, self._dictionaries = library, dictionaries
        self._lib: ctypes.CDLL | None = None
        self._memory = -1
        self._count = 0
        self.letters = ""

    def open(self) -> None:
        """Load library and dictionary (about 50 ms, once). Raises PinyinUnavailable."""
        if self._memory >= 0:
            return
        dictionary = find_dictionary(self._dictionaries)
        if self._lib is None:
            self._lib = self._load()
        memory = os.memfd_create("pinyin-user", os.MFD_CLOEXEC)
        user = f"/proc/self/fd/{memory}"
        if not self._lib.im_open_decoder(dictionary.encode(), user.encode()):
            os.close(memory)
            raise PinyinUnavailable(f"{self._library} does not accept its dictionary: reinstall libgooglepinyin0")
        self._memory = memory
        self._lib.im_set_max_lens(LONGEST_PINYIN, LONGEST_TEXT)

    def _load(self) -> ctypes.CDLL:
        try:
            lib = ctypes.CDLL(self._library)
        except OSError as error:
            raise PinyinUnavailable(f"{self._library} is missing: install libgooglepinyin0") from error
        size, text = ctypes.c_size_t, ctypes.c_char_p
        lib.im_open_decoder.argtypes, lib.im_open_decoder.restype = [text, text], ctypes.c_bool
        lib.im_set_max_lens.argtypes, lib.im_set_max_lens.restype = [size, size], None
        lib.im_search.argtypes, lib.im_search.restype = [text, size], size
        lib.im_get_candidate.argtypes = [size, ctypes.POINTER(ctypes.c_uint16), size]
        lib.im_get_candidate.restype = ctypes.c_void_p
        lib.im_choose.argtypes, lib.im_choose.restype = [size], size
        lib.im_cancel_last_choice.argtypes, lib.im_cancel_last_choice.restype = [], size
        lib.im_get_fixed_len.argtypes, lib.im_get_fixed_len.restype = [], size
        lib.im_get_spl_start_pos.argtypes = [ctypes.POINTER(ctypes.POINTER(ctypes.c_uint16))]
        lib.im_get_spl_start_pos.restype = size
        for name in ("im_reset_search", "im_close_decoder", "im_flush_cache"):
            getattr(lib, name).argtypes, getattr(lib, name).restype = [], None
        return lib

    @property
    def _open_lib(self) -> ctypes.CDLL:
        self.open()
        assert self._lib is not None
        return self._lib

    def search(self, letters: str) -> int:
        """Begin anew with these letters (a-z and '); returns how many candidates there are."""
        self.letters = letters[:LONGEST_PINYIN]
        lib = self._open_lib
        lib.im_reset_search()
        raw = self.letters.encode("ascii")
        self._count = int(lib.im_search(raw, len(raw))) if raw else 0
        return self._count

    @property
    def count(self) -> int:
        """How many candidates there are now."""
        return self._count

    def candidate(self, index: int) -> str:
        """Candidate `index`: 0 is the whole guess with what is fixed, others are for the next syllables."""
        buffer = (ctypes.c_uint16 * (LONGEST_TEXT * 2 + 1))()
        if not self._open_lib.im_get_candidate(index, buffer, len(buffer)):
            return ""
        raw = bytes(buffer)
        return raw.decode("utf-16-le").split("\0", 1)[0]

    def candidates(self, start: int, most: int) -> list[str]:
        """Up to `most` candidates from `start`."""
        return [self.candidate(index) for index in range(start, min(self._count, start + most))]

    @property
    def fixed(self) -> str:
        """The characters chosen so far in this composition."""
        length = int(self._open_lib.im_get_fixed_len()) if self._count else 0
        return self.candidate(0)[:length]

    @property
    def remaining(self) -> str:
        """The letters not yet chosen for."""
        starts = self._starts()
        length = int(self._open_lib.im_get_fixed_len()) if self._count else 0
        return self.letters[starts[length] :] if length < len(starts) else ""

    def _starts(self) -> list[int]:
        pointer = ctypes.POINTER(ctypes.c_uint16)()
        count = int(self._open_lib.im_get_spl_start_pos(ctypes.byref(pointer)))
        return [pointer[i] for i in range(count + 1)]

    def choose(self, index: int) -> str | None:
        """Fix candidate `index`. Returns the whole text once every syllable is fixed, else None.

        Letters that are no pinyin stay in `letters` and are searched next.
        """
        lib = self._open_lib
        starts = self._starts()
        self._count = int(lib.im_choose(index))
        if int(lib.im_get_fixed_len()) < len(starts) - 1:
            return None
        text, tail = self.candidate(0), self.letters[starts[-1] :]
        self.search(tail)
        return text

    def cancel_last(self) -> bool:
        """Undo the last choice; False where there is none."""
        if not self._count or int(self._open_lib.im_get_fixed_len()) == 0:
            return False
        self._count = int(self._open_lib.im_cancel_last_choice())
        return True

    def wipe(self) -> None:
        """Forget composition and everything learned. The next search loads the dictionary anew."""
        self.letters, self._count = "", 0
        if self._memory >= 0 and self._lib is not None:
            self._lib.im_close_decoder()
            os.close(self._memory)
            self._memory = -1


_engine = PinyinEngine()


def shared_engine() -> PinyinEngine:
    """The process's one engine: the library has one decoder only."""
    return _engine

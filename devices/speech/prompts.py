# SPDX-License-Identifier: Apache-2.0
"""Recorded sentences: a person's voice takes precedence over the machine's, sentence by sentence.

A folder holds WAV files and `prompts.json`: {"zh": {"请把身份证放在感应区": "card.wav"}, "en": {...}}. Sentences are
compared without spaces and closing punctuation, so that a recording serves wherever its words are said.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path

log = logging.getLogger(__name__)
INDEX = "prompts.json"
_SENTENCE = re.compile(r"[^。？！?!\n]+[。？！?!\n]*")
_IGNORED = re.compile(r"[\s。？！，、,.;:?!；：“”\"]+")


def sentences(text: str) -> list[str]:
    """A text in pieces that may each have a recording."""
    return [piece.strip() for piece in _SENTENCE.findall(text) if _IGNORED.sub("", piece)]


def bare(sentence: str) -> str:
    """What a recording is found by."""
    return _IGNORED.sub("", sentence)


class RecordedPrompts:
    """Those of a folder; empty where there is none. One that is named but missing is logged."""

    def __init__(self, folder: Path | None) -> None:
        self._files: dict[tuple[str, str], Path] = {}
        if folder is None:
            return
        for language, prompts in _index(folder).items():
            for sentence, name in prompts.items():
                path = folder / name
                if path.is_file():
                    self._files[language, bare(sentence)] = path
                else:
                    log.warning("the recording %s is missing; its sentence is read by the machine", name)

    def __len__(self) -> int:
        return len(self._files)

    def find(self, sentence: str, language: str) -> bytes | None:
        """The WAV, or None."""
        path = self._files.get((language, bare(sentence)))
        try:
            return path.read_bytes() if path is not None else None
        except OSError:
            return None


def _index(folder: Path) -> Mapping[str, Mapping[str, str]]:
    try:
        found = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        log.warning("%s cannot be read, so no recording is used: %s", INDEX, type(fault).__name__)
        return {}
    known = found if isinstance(found, dict) else {}
    return {k: v for k, v in known.items() if isinstance(v, dict) and all(isinstance(n, str) for n in v.values())}

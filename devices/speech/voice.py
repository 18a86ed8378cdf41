# SPDX-License-Identifier: Apache-2.0
"""Text to sound with espeak-ng.

espeak-ng 1.51's own `cmn` voice reads Chinese digits and tones in English words, and guesses heteronyms wrong
(重庆, 银行). So the text is turned into numbered pinyin first, phrase by phrase, and spoken by the voice for it.
"""

from __future__ import annotations

import re
import shutil
import subprocess

from devices.errors import DeviceError

PROGRAM = "espeak-ng"
SYNTHESIS_TIMEOUT = 10.0  # seconds; a sentence takes about 30 ms
_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_LONG_NUMBER = re.compile(r"\d[\d ]{4,}\d")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U000323af]")


class VoiceMissing(DeviceError):
    """espeak-ng is not installed, or did not answer."""

    def __init__(self, detail: str) -> None:
        super().__init__("voice-missing", detail)


def spoken_chinese(text: str) -> str:
    """`text` as numbered pinyin; codes and phone numbers are said digit by digit."""
    from pypinyin import (
        Style,
        lazy_pinyin,
    )  # its tables take half a second: only where something is read aloud

    text = _LONG_NUMBER.sub(lambda m: "，".join("".join(_DIGITS[c] for c in g) for g in m[0].split()), text)
    parts = re.split(r"([，。；：？！、,.;:?!\n]+)", text)
    said = []
    for part in parts:
        if not part:
            continue
        if _HAN.search(part):
            said.append(" ".join(lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True)))
        else:
            said.append("." if re.fullmatch(r"[。？！?!\n]+", part) else "," if re.fullmatch(r"\W+", part) else part)
    return " ".join(said)


def synthesize(text: str, language: str = "zh", *, words_per_minute: int = 150, volume: int = 100) -> bytes:
    """A WAV of `text`. `volume` is 0-200, 100 is the voice's own. Raises VoiceMissing."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise VoiceMissing("espeak-ng is not installed; install the package espeak-ng")
    voice = "cmn-latn-pinyin" if language == "zh" else "en"
    said = spoken_chinese(text) if language == "zh" else text
    command = [program, "-v", voice, "-s", str(words_per_minute), "-a", str(volume), "--stdin", "--stdout"]
    try:
        done = subprocess.run(command, input=said.encode(), capture_output=True, timeout=SYNTHESIS_TIMEOUT, check=True)
    except (OSError, subprocess.SubprocessError) as fault:
        raise VoiceMissing(f"espeak-ng did not speak: {type(fault).__name__}") from fault
    return done.stdout

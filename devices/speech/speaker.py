# SPDX-License-Identifier: Apache-2.0
"""The speaker: one thread that says the newest text and can be interrupted at any moment."""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence

from devices.speech.voice import VoiceMissing, synthesize

log = logging.getLogger(__name__)
PLAYERS: tuple[tuple[str, ...], ...] = (("pw-play", "-"), ("paplay",), ("aplay", "-q", "-"))
LONGEST_SPEECH = 90.0  # seconds; a sound device that hangs is given up after this


def find_player() -> tuple[str, ...] | None:
    """The command that plays a WAV from its standard input, or None where this machine has none."""
    return next((player for player in PLAYERS if shutil.which(player[0])), None)


class Speaker:
    """Says one text at a time; a new text interrupts the one before. Never blocks the caller.

    `finished(ok)` is called on the speaker's thread when a text was said, interrupted or could not be said.
    """

    def __init__(self, finished: Callable[[bool], None] | None = None, *, player: Sequence[str] | None = None) -> None:
        self._finished = finished or (lambda _ok: None)
        self._player = tuple(player) if player is not None else find_player()
        self._wanted: tuple[str, str] | None = None
        self._playing: subprocess.Popen[bytes] | None = None
        self._closing = False
        self._change = threading.Condition()
        self._said_why = False
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    @property
    def available(self) -> bool:
        """Whether this machine can play sound at all."""
        return self._player is not None

    def say(self, text: str, language: str = "zh") -> None:
        """Says `text` now, instead of whatever is being said."""
        with self._change:
            self._wanted = (text, language)
            self._interrupt()
            self._change.notify()

    def stop(self) -> None:
        """Falls silent at once."""
        with self._change:
            self._wanted = None
            self._interrupt()

    def close(self) -> None:
        """Falls silent and ends the thread."""
        with self._change:
            self._closing = True
            self._wanted = None
            self._interrupt()
            self._change.notify()
        self._thread.join(5)

    def _interrupt(self) -> None:
        if self._playing is not None and self._playing.poll() is None:
            self._playing.kill()

    def _run(self) -> None:
        while True:
            with self._change:
                while self._wanted is None and not self._closing:
                    self._change.wait()
                if self._closing:
                    return
                assert self._wanted is not None
                text, language = self._wanted
                self._wanted = None
            self._finished(self._speak(text, language))

    def _speak(self, text: str, language: str) -> bool:
        if self._player is None:
            self._tell_once("no sound player on this machine; reading aloud is off")
            return False
        try:
            sound = synthesize(text, language)
        except VoiceMissing as fault:
            self._tell_once(str(fault))
            return False
        with self._change:
            if self._wanted is not None or self._closing:
                return False  # interrupted while the sound was being made
            try:
                self._playing = subprocess.Popen(
                    self._player, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            except OSError as fault:
                self._tell_once(f"the sound player did not start: {type(fault).__name__}")
                return False
            playing = self._playing
        try:
            playing.communicate(sound, timeout=LONGEST_SPEECH)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            playing.kill()
            playing.communicate()
        with self._change:
            self._playing = None
        return playing.returncode == 0

    def _tell_once(self, why: str) -> None:
        if not self._said_why:
            self._said_why = True
            log.warning("%s", why)

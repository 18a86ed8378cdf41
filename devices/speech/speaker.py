# SPDX-License-Identifier: Apache-2.0
"""The speaker: one thread that says texts in order, and can be interrupted at any moment."""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver
from devices.speech.prompts import RecordedPrompts, sentences
from devices.speech.voice import PROGRAM, VoiceMissing, synthesize

log = logging.getLogger(__name__)
DEVICE = "speech"
PLAYERS: tuple[tuple[str, ...], ...] = (("pw-play", "-"), ("paplay",), ("aplay", "-q", "-"))
LONGEST_SENTENCE = 60.0  # seconds; a sound device that hangs is given up after this
MOST_WAITING = 20  # texts; more are no help to anybody


def find_player() -> tuple[str, ...] | None:
    """The command that plays a WAV from its standard input, or None where this machine has none."""
    return next((player for player in PLAYERS if shutil.which(player[0])), None)


@dataclass(frozen=True, slots=True)
class _Wish:
    text: str
    language: str


class Speaker:
    """Never blocks the caller. `finished(ok)` is called on the speaker's thread for every text: said to its end, or
    interrupted, or impossible.

    `rate` in words a minute; `volume` 0-200, 100 is the voice's own. `longest` seconds a sentence may take to play.
    """

    def __init__(
        self,
        finished: Callable[[bool], None] | None = None,
        *,
        player: Sequence[str] | None = None,
        prompts: Path | None = None,
        rate: int = 150,
        volume: int = 100,
        longest: float = LONGEST_SENTENCE,
    ) -> None:
        self._finished = finished or (lambda _ok: None)
        self._player = tuple(player) if player is not None else find_player()
        self._recorded = RecordedPrompts(prompts)
        self.rate = rate
        self.volume = volume
        self._longest = longest
        self._waiting: deque[_Wish] = deque(maxlen=MOST_WAITING)
        self._interrupts = 0
        self._playing: subprocess.Popen[bytes] | None = None
        self._closing = False
        self._held = False
        self._hung = False
        self._change = threading.Condition()
        self._said_why = False
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def status(self) -> DeviceStatus:
        """Whether this machine can speak: a player and a voice or recordings."""
        if self._player is None or shutil.which(self._player[0]) is None:
            return status(DEVICE, State.ABSENT, "no sound player")
        if shutil.which(PROGRAM) is None and not len(self._recorded):
            return status(DEVICE, State.ABSENT, "no voice; install the package espeak-ng")
        if self._hung:
            return status(DEVICE, State.FAULT, "the sound device hangs")
        return status(DEVICE, State.READY, f"{len(self._recorded)} recorded prompts")

    def say(self, text: str, language: str = "zh", *, queue: bool = False) -> None:
        """Says `text` now, instead of whatever is being said; with `queue` after it."""
        with self._change:
            if not queue:
                self._interrupt()
            self._waiting.append(_Wish(text, language))
            self._change.notify()

    def stop(self) -> None:
        """Falls silent at once, and forgets what waits."""
        with self._change:
            self._interrupt()

    def hold(self) -> None:
        """The sound device is another's: what is to be said waits for `resume`."""
        with self._change:
            self._held = True

    def resume(self) -> None:
        """Says what waits."""
        with self._change:
            self._held = False
            self._change.notify()

    def close(self) -> None:
        """Falls silent and ends the thread."""
        with self._change:
            self._closing = True
            self._interrupt()
            self._change.notify()
        self._thread.join(5)

    def _interrupt(self) -> None:
        self._waiting.clear()
        self._interrupts += 1
        if self._playing is not None and self._playing.poll() is None:
            self._playing.kill()

    def _run(self) -> None:
        while True:
            with self._change:
                while (not self._waiting or self._held) and not self._closing:
                    self._change.wait()
                if self._closing:
                    return
                wish, mark = self._waiting.popleft(), self._interrupts
            try:
                self._finished(all(self._sentence(piece, wish.language, mark) for piece in sentences(wish.text)))
            except Exception:  # our bug, and logged as one; the next sentence is said
                log.exception("a sentence could not be said")

    def _sentence(self, piece: str, language: str, mark: int) -> bool:
        if self._player is None:
            self._tell_once("no sound player on this machine; reading aloud is off")
            return False
        sound = self._recorded.find(piece, language)
        if sound is None:
            try:
                sound = synthesize(piece, language, words_per_minute=self.rate, volume=self.volume)
            except VoiceMissing as fault:
                self._tell_once(str(fault))
                return False
        return self._play(sound, mark)

    def _play(self, sound: bytes, mark: int) -> bool:
        assert self._player is not None
        with self._change:
            if self._interrupts != mark:
                return False
            try:
                playing = self._playing = subprocess.Popen(
                    self._player, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            except OSError as fault:
                self._tell_once(f"the sound player did not start: {type(fault).__name__}")
                return False
        self._hung = False
        try:
            playing.communicate(sound, timeout=self._longest)
        except subprocess.TimeoutExpired:
            self._hung = True
            self._end(playing)
        except BrokenPipeError:
            self._end(playing)
        with self._change:
            self._playing = None
            return playing.returncode == 0 and self._interrupts == mark

    @staticmethod
    def _end(playing: subprocess.Popen[bytes]) -> None:
        playing.kill()
        playing.communicate()

    def _tell_once(self, why: str) -> None:
        if not self._said_why:
            self._said_why = True
            log.warning("%s", why)


def local_speaker(player: str = "", prompts: str = "", rate: int = 150, volume: int = 100) -> Speaker:
    """Of this machine. `player` is a command that plays a WAV from its standard input, "" finds one."""
    return Speaker(player=player.split() or None, prompts=Path(prompts) if prompts else None, rate=rate, volume=volume)


DRIVER = Driver("speech", "local", local_speaker, lambda: [{}] if find_player() else [], "this machine's sound")

# SPDX-License-Identifier: Apache-2.0
"""Reading aloud through the real espeak-ng; the sound device is a program of the test's."""

from __future__ import annotations

import io
import json
import sys
import threading
import wave
from pathlib import Path

import pytest

from devices.base import State
from devices.speech import voice
from devices.speech.prompts import RecordedPrompts
from devices.speech.speaker import Speaker
from devices.speech.voice import VoiceMissing, spoken_chinese, synthesize


def test_heteronyms_are_read_by_phrase() -> None:
    assert "chong2 qing4" in spoken_chinese("重庆")
    assert "yin2 hang2" in spoken_chinese("开户银行")


def test_a_code_is_read_digit_by_digit() -> None:
    assert spoken_chinese("编号 0042 1000 1375").split().count("ling2") == 5


@pytest.mark.real_stack
@pytest.mark.parametrize(("text", "language"), [("请把身份证放在这里。", "zh"), ("Lay your card here.", "en")])
def test_the_voice_makes_sound(text: str, language: str) -> None:
    with wave.open(io.BytesIO(synthesize(text, language))) as sound:
        data = sound.readframes(10**7)
        assert sound.getframerate() >= 16000
    assert len(data) > 20000
    assert any(data)


def test_a_missing_voice_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "PROGRAM", "no-such-voice")
    with pytest.raises(VoiceMissing, match="install the package espeak-ng"):
        synthesize("你好")


class Ends:
    """How each text ended, to be waited for."""

    def __init__(self) -> None:
        self.ends: list[bool] = []
        self._end = threading.Semaphore(0)

    def __call__(self, ok: bool) -> None:
        self.ends.append(ok)
        self._end.release()

    def wait(self, count: int = 1) -> None:
        for _ in range(count):
            assert self._end.acquire(timeout=20)


def recorder(played: Path, sleep: float = 0) -> list[str]:
    """A player that keeps what it plays; `sleep`: a sound device that hangs."""
    code = (
        "import sys, time; d = sys.stdin.buffer.read(); "
        f"open({str(played)!r}, 'ab').write(len(d).to_bytes(4, 'big') + d); time.sleep({sleep})"
    )
    return [sys.executable, "-c", code]


def heard_in(played: Path) -> list[bytes]:
    data, found = played.read_bytes(), []
    while data:
        size = int.from_bytes(data[:4], "big")
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return found


def tone(path: Path) -> bytes:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(b"\x01\x02" * 800)
    return path.read_bytes()


@pytest.mark.real_stack
def test_the_newest_text_interrupts_the_one_before(tmp_path: Path) -> None:
    played, ends = tmp_path / "played", Ends()
    speaker = Speaker(ends, player=recorder(played, sleep=30))
    speaker.say("这是一段很长的话。" * 20)
    while not played.exists():
        threading.Event().wait(0.01)
    speaker.say("好")
    ends.wait()
    speaker.stop()
    ends.wait()
    speaker.close()
    assert ends.ends == [False, False]
    assert len(heard_in(played)) <= 2


@pytest.mark.real_stack
def test_a_queued_text_waits_its_turn(tmp_path: Path) -> None:
    played, ends = tmp_path / "played", Ends()
    speaker = Speaker(ends, player=recorder(played))
    speaker.say("一")
    speaker.say("二", queue=True)
    ends.wait(2)
    speaker.close()
    assert ends.ends == [True, True]
    assert heard_in(played) == [synthesize("一"), synthesize("二")]


@pytest.mark.expects_log
def test_a_sentence_that_nobody_foresaw_ends_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends, count = Ends(), iter(range(9))

    def finished(ok: bool) -> None:
        ends(ok)
        if next(count) == 1:
            raise RuntimeError("unforeseen")

    monkeypatch.setattr("devices.speech.speaker.synthesize", lambda *_a, **_m: tone(tmp_path / "x.wav"))
    speaker = Speaker(finished, player=recorder(tmp_path / "played"))
    for text in ("一", "二", "三"):
        speaker.say(text, queue=True)
    ends.wait(3)
    speaker.close()
    assert ends.ends == [True, True, True]


@pytest.mark.real_stack
def test_a_recording_takes_precedence_and_the_voice_says_the_rest(tmp_path: Path) -> None:
    recorded = tone(tmp_path / "card.wav")
    index = {"zh": {"请把身份证放在感应区。": "card.wav", "没有录音": "lost.wav"}}
    (tmp_path / "prompts.json").write_text(json.dumps(index), encoding="utf-8")
    played, ends = tmp_path / "played", Ends()
    speaker = Speaker(ends, player=recorder(played), prompts=tmp_path)
    speaker.say("请把身份证 放在感应区！编号 12。")
    ends.wait()
    assert "1 recorded" in speaker.status().detail
    speaker.close()
    assert heard_in(played) == [recorded, synthesize("编号 12。")]


@pytest.mark.parametrize("text", ["[1, 2]", "no json", '{"zh": ["x"]}', '{"zh": {"a": 1}}'])
def test_a_broken_index_of_recordings_is_no_recordings(tmp_path: Path, text: str) -> None:
    (tmp_path / "prompts.json").write_text(text, encoding="utf-8")
    assert len(RecordedPrompts(tmp_path)) == 0


@pytest.mark.real_stack
def test_faster_is_shorter_and_louder_is_louder() -> None:
    assert len(synthesize("请慢慢来，不用着急。", words_per_minute=260)) < len(synthesize("请慢慢来，不用着急。"))

    def loudest(sound: bytes) -> int:
        with wave.open(io.BytesIO(sound)) as opened:
            return max(abs(v) for v in memoryview(opened.readframes(10**7)).cast("h"))

    assert loudest(synthesize("好", volume=30)) < loudest(synthesize("好", volume=150))


@pytest.mark.real_stack
def test_a_sound_device_that_hangs_is_given_up_and_said_so(tmp_path: Path) -> None:
    ends = Ends()
    speaker = Speaker(ends, player=recorder(tmp_path / "played", sleep=60), longest=0.3)
    speaker.say("请")
    ends.wait()
    found = speaker.status()
    speaker.close()
    assert ends.ends == [False]
    assert (found.state, found.detail) == (State.FAULT, "the sound device hangs")


def test_a_machine_without_sound_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    ends = Ends()
    speaker = Speaker(ends, player=["no-such-player"])
    speaker.say("请慢慢来")
    ends.wait()
    assert speaker.status().state is State.ABSENT
    speaker.close()
    assert "sound player" in caplog.text

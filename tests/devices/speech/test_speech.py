# SPDX-License-Identifier: Apache-2.0
"""Reading aloud through the real espeak-ng; the sound device is a program of the test's."""

from __future__ import annotations

import io
import sys
import threading
import wave
from pathlib import Path

import pytest

from devices.speech import voice
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


@pytest.mark.real_stack
def test_the_newest_text_interrupts_the_one_before(tmp_path: Path) -> None:
    played = tmp_path / "played"
    code = (
        "import sys,time; d=sys.stdin.buffer.read(); time.sleep(30 if len(d)>150000 else 0); "
        f"open({str(played)!r},'ab').write(d)"
    )
    ends: list[bool] = []
    end = threading.Semaphore(0)

    def finished(ok: bool) -> None:
        ends.append(ok)
        end.release()

    speaker = Speaker(finished, player=[sys.executable, "-c", code])
    speaker.say("这是一段很长的话，" * 20)
    while speaker._playing is None:
        threading.Event().wait(0.01)
    speaker.say("好")
    assert end.acquire(timeout=20)
    assert end.acquire(timeout=20)
    speaker.close()
    assert ends == [False, True]
    assert played.read_bytes().startswith(b"RIFF")


def test_a_machine_without_sound_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    end = threading.Event()
    speaker = Speaker(lambda _ok: end.set(), player=["no-such-player"])
    speaker.say("请慢慢来")
    assert end.wait(20)
    speaker.close()
    assert "sound player" in caplog.text

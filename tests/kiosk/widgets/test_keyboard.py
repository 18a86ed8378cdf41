# SPDX-License-Identifier: Apache-2.0
"""Typing names with the screen's own keyboard: stepwise choice, correction, signs, and nothing remembered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from kiosk.widgets.pinyin_engine import PinyinEngine, PinyinUnavailable, shared_engine
from kiosk.widgets.pinyin_keyboard import PinyinKeyboard


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def keyboard(host: QWidget) -> PinyinKeyboard:
    host.resize(984, 432)
    made = PinyinKeyboard(host)
    made.resize(984, 432)
    host.show()
    return made


@pytest.fixture
def field(qtbot: QtBot, keyboard: PinyinKeyboard) -> QLineEdit:
    made = QLineEdit()
    qtbot.addWidget(made)
    keyboard.attach(made)
    return made


def type_letters(keyboard: PinyinKeyboard, letters: str) -> None:
    for letter in letters:
        keyboard.key(letter).click()


def choose(keyboard: PinyinKeyboard, text: str) -> None:
    for _ in range(40):
        if text in keyboard.bar.shown:
            keyboard.bar.button(text).click()
            return
        assert keyboard.bar.turn_on(), f"{text} is not offered"
    pytest.fail(f"{text} is not offered")


def test_a_common_name_is_one_choice(keyboard: PinyinKeyboard, field: QLineEdit) -> None:
    type_letters(keyboard, "zhangsan")
    choose(keyboard, "张三")
    assert field.text() == "张三"


def test_a_name_the_dictionary_guesses_wrong_is_chosen_step_by_step(keyboard: PinyinKeyboard, field: QLineEdit) -> None:
    type_letters(keyboard, "wangxiuying")
    assert keyboard.bar.shown[0] != "王秀英"
    for character in "王秀英":
        choose(keyboard, character)
    assert field.text() == "王秀英"
    assert keyboard.bar.shown == ()


def test_backspace_takes_back_a_choice_then_a_letter_then_a_character(
    keyboard: PinyinKeyboard, field: QLineEdit
) -> None:
    field.setText("李")
    type_letters(keyboard, "wangxiu")
    choose(keyboard, "王")
    back = keyboard._back
    back.click()
    assert "王" in keyboard.bar.shown
    for _ in "wangxiu":
        back.click()
    assert field.text() == "李"
    back.click()
    assert field.text() == ""


def test_letters_typed_after_a_choice_do_not_lose_it(keyboard: PinyinKeyboard, field: QLineEdit) -> None:
    type_letters(keyboard, "wangxiu")
    choose(keyboard, "王")
    type_letters(keyboard, "ying")
    choose(keyboard, "秀")
    choose(keyboard, "英")
    assert field.text() == "王秀英"


def test_space_takes_the_first_guess(keyboard: PinyinKeyboard, field: QLineEdit) -> None:
    type_letters(keyboard, "zhangsan")
    keyboard._space.click()
    assert field.text() == "张三"
    keyboard._space.click()
    assert field.text() == "张三 "


def test_an_address_mixes_layers(keyboard: PinyinKeyboard, field: QLineEdit) -> None:
    keyboard.set_layer("signs")
    for sign in "3组12号":
        keyboard.key(sign).click()
    keyboard.set_layer("latin")
    keyboard.key("b").click()
    assert field.text() == "3组12号b"


def test_capitals_last_for_one_letter(keyboard: PinyinKeyboard, field: QLineEdit) -> None:
    keyboard.set_layer("latin")
    keyboard._shift.click()
    keyboard.key("X").click()
    keyboard.key("x").click()
    assert field.text() == "Xx"


def test_the_middle_dot_ends_a_composition(keyboard: PinyinKeyboard, field: QLineEdit) -> None:
    type_letters(keyboard, "ai")
    keyboard._dot.click()
    assert field.text().endswith("·")
    assert len(field.text()) == 2


def test_a_large_field_can_be_typed_into(qtbot: QtBot, keyboard: PinyinKeyboard) -> None:
    large = QPlainTextEdit()
    qtbot.addWidget(large)
    keyboard.attach(large)
    type_letters(keyboard, "zhangsan")
    choose(keyboard, "张三")
    keyboard._back.click()
    assert large.toPlainText() == "张"


def test_only_the_attached_field_is_typed_into(qtbot: QtBot, keyboard: PinyinKeyboard, field: QLineEdit) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    keyboard.attach(other)
    keyboard.set_layer("latin")
    keyboard.key("a").click()
    assert (field.text(), other.text()) == ("", "a")


def test_what_was_learned_is_gone_after_a_wipe() -> None:
    engine = shared_engine()
    engine.wipe()
    engine.search("wangxiuying")
    before = engine.candidate(0)
    for character in "王秀英":
        engine.choose(engine.candidates(0, 300).index(character))
    engine.search("wangxiuying")
    engine.wipe()
    engine.search("wangxiuying")
    assert engine.candidate(0) == before


def test_nothing_is_written_to_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    engine = shared_engine()
    engine.wipe()
    engine.search("zhangsan")
    assert engine.choose(0) == "张三"
    opened = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if _is_link(fd)]
    assert any("pinyin-user" in target for target in opened)
    engine.wipe()
    assert list(tmp_path.iterdir()) == []


def _is_link(fd: str) -> bool:
    return os.path.islink(f"/proc/self/fd/{fd}")


def test_without_the_library_letters_still_go(qtbot: QtBot) -> None:
    engine = PinyinEngine(library="libno-such-pinyin.so.9")
    with pytest.raises(PinyinUnavailable, match="install libgooglepinyin0"):
        engine.open()
    made = PinyinKeyboard(engine=engine)
    qtbot.addWidget(made)
    field = QLineEdit()
    qtbot.addWidget(field)
    made.attach(field)
    assert made.layer == "latin"
    made.key("a").click()
    made.set_layer("pinyin")
    made.key("b").click()
    assert field.text() == "ab"


def test_without_the_dictionary_the_remedy_is_named() -> None:
    with pytest.raises(PinyinUnavailable, match="install libgooglepinyin0"):
        PinyinEngine(dictionaries=("/nowhere/dict_pinyin.dat",)).open()

# SPDX-License-Identifier: Apache-2.0
"""The keyboard on the screen: pinyin with stepwise choice, Latin letters, and a layer of digits and signs."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import KeyButton
from kiosk.widgets.candidate_bar import CandidateBar
from kiosk.widgets.pinyin_engine import LONGEST_PINYIN, PinyinEngine, PinyinUnavailable, shared_engine

translate = QCoreApplication.translate

logger = logging.getLogger(__name__)

LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SIGNS = ("1234567890", "-/#村组号栋楼室", "镇、，。：（）")


class PinyinKeyboard(QWidget):
    """Signals: `committed(str)` is text to insert, `back()` asks to delete one character before the cursor.

    `attach` wires both to a text field. Without the pinyin library it types Latin letters and signs, and says so.
    """

    committed = Signal(str)
    back = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, engine: PinyinEngine | None = None, latin: bool = False
    ) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self._engine = engine or shared_engine()
        self._layer = "latin" if latin else "pinyin"
        self._upper = False
        self._available = True
        self._rows: list[list[KeyButton]] = []
        self.bar = CandidateBar(self)
        self.bar.chosen.connect(self._choose)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(t.space(2))
        for column in range(20):
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.bar, 0, 0, 1, 20)
        self._build_letters(grid)
        self._build_last_row(grid)
        # Letters are short words on wide keys: 20 mm is a full target, also in the elder size (where 25 would
        # take the room of the question above).
        for button in self.findChildren(KeyButton):
            button.setMinimumSize(t.space(20) if button.text() == "" else 1, t.space(20))
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._open()
        self._label()

    def _build_letters(self, grid: QGridLayout) -> None:
        for row, letters in enumerate(LETTERS):
            offset = (0, 1, 3)[row]
            buttons = []
            for index, _letter in enumerate(letters):
                button = KeyButton("", "", self, size="heading")
                button.clicked.connect(lambda _=False, r=row, i=index: self._press(r, i))
                grid.addWidget(button, row + 1, offset + 2 * index, 1, 2)
                buttons.append(button)
            self._rows.append(buttons)
        self._shift = KeyButton("", "", self, size="secondary")
        self._shift.clicked.connect(self._shift_pressed)
        grid.addWidget(self._shift, 3, 0, 1, 3)
        self._back = KeyButton("", "backspace", self, name=translate("Pinyin", "删一个"), size="heading")
        self._back.clicked.connect(self._backspace)
        grid.addWidget(self._back, 3, 17, 1, 3)

    def _build_last_row(self, grid: QGridLayout) -> None:
        self._to_signs = KeyButton("", "", self, size="secondary")
        self._to_signs.clicked.connect(lambda: self._set_layer("signs" if self._layer != "signs" else "pinyin"))
        self._to_latin = KeyButton("", "", self, size="secondary")
        self._to_latin.clicked.connect(lambda: self._set_layer("latin" if self._layer != "latin" else "pinyin"))
        self._space = KeyButton("", "", self, size="secondary")
        self._space.clicked.connect(self._space_pressed)
        self._dot = KeyButton("·", "", self, name=translate("Pinyin", "间隔点"), size="heading")
        self._dot.clicked.connect(lambda: self._commit("·"))
        for button, column, span in (
            (self._to_signs, 0, 4),
            (self._to_latin, 4, 4),
            (self._space, 8, 8),
            (self._dot, 16, 4),
        ):
            grid.addWidget(button, 4, column, 1, span)

    def attach(self, field: QLineEdit | QPlainTextEdit) -> None:
        """Type into `field` from now on (and no more into the one before)."""
        self.detach()
        self.committed.connect(field.insert if isinstance(field, QLineEdit) else field.insertPlainText)
        if isinstance(field, QLineEdit):
            self.back.connect(field.backspace)
        else:
            self.back.connect(lambda: field.textCursor().deletePreviousChar())

    def detach(self) -> None:
        """Type into nothing."""
        for signal, name in ((self.committed, "2committed(QString)"), (self.back, "2back()")):
            if self.receivers(name) > 0:
                signal.disconnect()

    def wipe(self) -> None:
        """Forget what is composed and all that was learned: call at the end of a visit."""
        self._engine.wipe()
        self._show_composition()

    def set_layer(self, layer: str) -> None:
        """ "pinyin", "latin" or "signs"."""
        self._set_layer(layer)

    @property
    def layer(self) -> str:
        """Which layer is shown."""
        return self._layer

    def showEvent(self, event: QShowEvent) -> None:
        # The engine is shared: what another keyboard left unfinished is not ours.
        self._engine_reset()
        self._show_composition()
        super().showEvent(event)

    def key(self, character: str) -> KeyButton:
        """The key that types `character` in the present layer. Raises KeyError."""
        for row in self._rows:
            for button in row:
                if button.text() == character:
                    return button
        raise KeyError(character)

    def _open(self) -> None:
        try:
            self._engine.open()
        except PinyinUnavailable as error:
            if self._available:
                logger.warning("no pinyin input: %s", error)
            self._available = False
            if self._layer == "pinyin":
                self._layer = "latin"

    def _set_layer(self, layer: str) -> None:
        self._engine_reset()
        if layer == "pinyin" and not self._available:
            layer = "latin"
        self._layer, self._upper = layer, False
        self._label()

    def _engine_reset(self) -> None:
        if self._available and self._engine.letters:
            self._engine.search("")

    def _label(self) -> None:
        table = SIGNS if self._layer == "signs" else LETTERS
        for row, buttons in enumerate(self._rows):
            for index, button in enumerate(buttons):
                character = table[row][index] if index < len(table[row]) else ""
                button.set_words(character.upper() if self._upper else character)
                button.setVisible(bool(character))
        pinyin = self._layer == "pinyin"
        self._shift.set_words(translate("Pinyin", "分开") if pinyin else translate("Pinyin", "大写"))
        self._shift.setCheckable(not pinyin)
        self._shift.setChecked(self._upper)
        self._shift.setVisible(self._layer != "signs")
        self._to_signs.set_words(translate("Pinyin", "数字") if self._layer != "signs" else translate("Pinyin", "字母"))
        self._to_latin.set_words(translate("Pinyin", "英文") if self._layer != "latin" else translate("Pinyin", "拼音"))
        self._to_latin.setVisible(self._available or self._layer == "signs")
        self._space.set_words(translate("Pinyin", "空格"))
        self._show_composition()

    def _press(self, row: int, index: int) -> None:
        character = self._rows[row][index].text()
        if self._layer != "pinyin":
            self._commit(character)
            if self._upper:
                self._upper = False
                self._label()
            return
        if len(self._engine.letters) < LONGEST_PINYIN:
            self._type(self._engine.letters + character)

    def _type(self, letters: str) -> None:
        # Letters typed after a first choice belong to the same composition only until then: fixed syllables are
        # given out first, so that nobody loses a character already chosen.
        fixed = self._engine.fixed
        if fixed:
            rest = self._engine.remaining
            self.committed.emit(fixed)
            letters = rest + letters[len(self._engine.letters) :]
        self._engine.search(letters)
        self._show_composition()

    def _commit(self, text: str) -> None:
        if self._layer == "pinyin" and self._engine.letters:
            self._choose(0)
        self.committed.emit(text)

    def _choose(self, index: int) -> None:
        text = self._engine.choose(index)
        if text is not None:
            self.committed.emit(text)
        self._show_composition()

    def _backspace(self) -> None:
        if self._layer == "pinyin" and self._available and self._engine.letters:
            if not self._engine.cancel_last():
                self._engine.search(self._engine.letters[:-1])
            self._show_composition()
        else:
            self.back.emit()

    def _shift_pressed(self) -> None:
        if self._layer == "pinyin":
            if self._engine.letters and not self._engine.letters.endswith("'"):
                self._type(self._engine.letters + "'")
        else:
            self._upper = not self._upper
            self._label()

    def _space_pressed(self) -> None:
        if self._layer == "pinyin" and self._engine.letters:
            self._choose(0)
        else:
            self.committed.emit(" ")

    def _show_composition(self) -> None:
        if not self._available:
            self.bar.say(translate("Pinyin", "这台机器没有装拼音。可以打字母和数字，或者叫工作人员帮您写。"))
        elif self._layer != "pinyin" or not self._engine.letters:
            self.bar.say(translate("Pinyin", "打拼音，再点上面的字") if self._layer == "pinyin" else "")
        else:
            composed = self._engine.fixed + self._engine.remaining
            self.bar.show_candidates(composed, self._engine.count, self._engine.candidates)

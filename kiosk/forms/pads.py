# SPDX-License-Identifier: Apache-2.0
"""The keypads and the keyboard of a page: made when first needed, one shown at a time, typing into one editor."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kiosk.forms.editors.base import Editor
from kiosk.frame.page import PageContext
from kiosk.widgets.keypad import Keypad
from kiosk.widgets.pinyin_keyboard import PinyinKeyboard
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Body


class Pads:
    """In portrait the pad lies below the fields; in landscape a keypad has the right third, with the hint under it."""

    def __init__(self, context: PageContext, home: QWidget) -> None:
        self.context, self._home = context, home
        self._keypads: dict[str, Keypad] = {}
        self._keyboard: PinyinKeyboard | None = None
        self._editor: Editor | None = None
        self._side: QWidget | None = None
        self._side_column: QVBoxLayout | None = None
        self._hint: Body | None = None
        self._hint_card: Card | None = None
        self.shown: Keypad | PinyinKeyboard | None = None

    @property
    def landscape(self) -> bool:
        """Whether a keypad goes to the right third."""
        return self.context.orientation == "landscape"

    def serve(self, editor: Editor | None) -> None:
        """Show what `editor` is typed with, and type into it."""
        same = editor is self._editor
        self._editor = editor
        wanted: Keypad | PinyinKeyboard | None = None
        if editor is not None and editor.pad == "keypad":
            wanted = self._keypad(editor.extra_key)
        elif editor is not None and editor.pad == "keyboard":
            wanted = self._board(editor, fresh=not same)
        for pad in (*self._keypads.values(), self._keyboard):
            if pad is not None and pad is not wanted:
                pad.hide()
        self.shown = wanted
        if wanted is not None:
            wanted.show()

    def side(self, hint: str) -> QWidget | None:
        """For the right third in landscape: the keypad and `hint`; None without a keypad."""
        if not self.landscape or not isinstance(self.shown, Keypad) or self._side is None:
            return None
        assert self._hint is not None
        assert self._hint_card is not None
        self._hint.setText(hint)
        self._hint_card.setVisible(bool(hint))
        return self._side

    def _keypad(self, extra: str) -> Keypad:
        if extra not in self._keypads:
            pad = Keypad(self._home, extra=extra)
            pad.key.connect(lambda c: self._editor.press(c) if self._editor else None)
            pad.back.connect(lambda: self._editor.step_back() if self._editor else None)
            pad.clear.connect(lambda: self._editor.clear_all() if self._editor else None)
            self._keypads[extra] = pad
            if self.landscape:
                # Larger keys where nothing else wants the room.
                pad.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
                pad.setMaximumHeight(round(pad.sizeHint().height() * 1.45))
                self._column().insertWidget(0, pad, 4)
        return self._keypads[extra]

    def _column(self) -> QVBoxLayout:
        if self._side_column is None:
            t = self.context.tokens
            self._side = QWidget(self._home)
            self._side.hide()
            self._side_column = QVBoxLayout(self._side)
            self._side_column.setContentsMargins(0, 0, 0, 0)
            self._side_column.setSpacing(t.gap)
            self._hint_card = Card(self._side)
            self._hint = Body("", self._hint_card)
            self._hint_card.column.addWidget(self._hint)
            self._side_column.addWidget(self._hint_card)
            self._side_column.addStretch(0)
        return self._side_column

    def _board(self, editor: Editor, *, fresh: bool) -> PinyinKeyboard:
        if self._keyboard is None:
            self._keyboard = PinyinKeyboard(self._home)
            fresh = True
        field = editor.text_field()
        if fresh and field is not None:
            self._keyboard.attach(field)
            self._keyboard.set_layer(editor.keyboard_layer())
        return self._keyboard

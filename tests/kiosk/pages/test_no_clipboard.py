# SPDX-License-Identifier: Apache-2.0
"""Nothing that is written goes to a clipboard, whatever is touched, pressed or dragged; nor can it be taken back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QClipboard, QContextMenuEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

import kiosk
from contract.fields import Field
from contract.sample import sample_catalogue
from kiosk.demo.gallery.samples import sample_context
from kiosk.forms.editors.factory import EDITORS, make_editor
from kiosk.forms.editors.text import TextEditor
from kiosk.widgets.fields import AreaField, LineField
from tests.kiosk.pages.conftest import MakeStand, Stand

WORDS = "示例家门 13800001942"
KEYS = (
    "Ctrl+A", "Ctrl+C", "Ctrl+X", "Ctrl+Insert", "Shift+Delete", "Ctrl+K", "Shift+Home", "Ctrl+C", "Shift+Left",
    "Ctrl+Shift+Left", "Shift+Up", "Ctrl+Shift+Home", "Ctrl+X", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z",
)  # fmt: skip
_LEFT, _RIGHT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


def one_of_each() -> list[tuple[str, Field]]:
    """A field for each kind of editor and shape that the sample items have."""
    found: dict[str, tuple[str, Field]] = {}
    for item in sample_catalogue().items.values():
        for field in item.fields:
            if field.type in EDITORS:
                found.setdefault(f"{field.type}-{(field.max_length or 0) > 24}", (f"{item.id}.{field.id}", field))
    return list(found.values())


FIELDS = one_of_each()


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[QClipboard]:
    found = qapp.clipboard()
    found.clear()
    yield found
    found.clear()


def is_empty(clipboard: QClipboard) -> bool:
    modes = [QClipboard.Mode.Clipboard] + [QClipboard.Mode.Selection] * clipboard.supportsSelection()
    held = [clipboard.mimeData(mode) for mode in modes]
    return not any(data is not None and data.formats() for data in held)


def selected(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return widget.selectedText()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.textCursor().selectedText()
    return widget.selectedText() if isinstance(widget, QLabel) else ""


def parts(root: QWidget) -> list[QWidget]:
    return [w for w in (root, *root.findChildren(QWidget)) if w.isVisible()]


def press(widget: QWidget, key: Qt.Key) -> None:
    """A key of its own, as some keyboards have it; QTest knows none."""
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def gestures(widget: QWidget) -> Iterator[str]:
    """Everything a hand, a mouse or a keyboard might try on one widget; says what it just did."""
    left, right = QPoint(6, widget.height() // 2), QPoint(max(7, widget.width() - 6), widget.height() // 2)
    QTest.mouseDClick(widget, _LEFT, Qt.KeyboardModifier.NoModifier, left + QPoint(12, 0))
    yield "double click"
    QTest.mousePress(widget, _LEFT, Qt.KeyboardModifier.NoModifier, left)
    QTest.mouseMove(widget, right)
    yield "drag"
    QTest.mouseRelease(widget, _LEFT, Qt.KeyboardModifier.NoModifier, right)
    yield "drag's end"
    QTest.mouseClick(widget, _LEFT, Qt.KeyboardModifier.NoModifier, left)
    QTest.mouseClick(widget, _LEFT, Qt.KeyboardModifier.ShiftModifier, right)
    yield "click with shift"
    for _ in range(3):
        QTest.mouseClick(widget, _LEFT, Qt.KeyboardModifier.NoModifier, left)
    yield "three clicks"
    QTest.mousePress(widget, _LEFT, Qt.KeyboardModifier.NoModifier, left)
    QTest.qWait(QApplication.doubleClickInterval() // 4)
    yield "long press"
    QTest.mouseRelease(widget, _LEFT, Qt.KeyboardModifier.NoModifier, left)
    yield "long press's end"
    for button in (_RIGHT, _MIDDLE):
        QTest.mouseClick(widget, button, Qt.KeyboardModifier.NoModifier, left)
        yield str(button)
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        QApplication.sendEvent(widget, QContextMenuEvent(reason, left, widget.mapToGlobal(left)))
        yield f"menu by {reason}"
    for keys in KEYS:
        QTest.keySequence(widget, QKeySequence(keys))
        yield keys
    for key in (Qt.Key.Key_Copy, Qt.Key.Key_Cut):
        press(widget, key)
        yield str(key)


def try_all(widget: QWidget, clipboard: QClipboard) -> None:
    for part in parts(widget):
        tried = gestures(part) if shiboken6.isValid(part) else iter(())
        while shiboken6.isValid(part) and (what := next(tried, "")):
            assert is_empty(clipboard), f"{what} on {part!r} put something into the clipboard"
            assert not any(selected(w) for w in parts(widget)), f"{what} on {part!r} selected something"
            assert QApplication.activePopupWidget() is None, f"{what} on {part!r} opened a menu"
            assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]


@pytest.mark.parametrize("field", [field for _, field in FIELDS], ids=[name for name, _ in FIELDS])
def test_no_editor_gives_anything_to_the_clipboard(qtbot: QtBot, clipboard: QClipboard, field: Field) -> None:
    editor = make_editor(field, sample_context("portrait"))
    qtbot.addWidget(editor)
    editor.resize(600, 300)
    editor.fit(600, 300)
    editor.show()
    written = editor.text_field()
    if written is not None:
        written.setFocus()
        (written.insert if isinstance(written, QLineEdit) else written.insertPlainText)(WORDS)
    try_all(editor, clipboard)
    if isinstance(editor, TextEditor):
        assert editor.text == WORDS, "no key deleted anything either"


def test_nor_does_a_complaint(stand: Stand, clipboard: QClipboard) -> None:
    stand.shell.show_page("complaint", stand.view)
    field = stand.shell.page.field  # type: ignore[union-attr]
    field.insertPlainText(WORDS)
    try_all(field, clipboard)
    assert field.toPlainText() == WORDS


@pytest.mark.parametrize("kind", [LineField, AreaField])
def test_nothing_comes_from_the_clipboard_or_is_dropped(
    qtbot: QtBot, clipboard: QClipboard, kind: type[LineField | AreaField]
) -> None:
    field = kind()
    qtbot.addWidget(field)
    field.resize(300, 80)
    field.show()
    field.setFocus()
    clipboard.setText("of somebody before")
    for keys in ("Ctrl+V", "Shift+Insert"):
        QTest.keySequence(field, QKeySequence(keys))
    press(field, Qt.Key.Key_Paste)
    target = field.viewport() if isinstance(field, AreaField) else field
    QTest.mouseClick(target, _MIDDLE)
    data = QMimeData()
    data.setText("dropped")
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), copy, data, _LEFT, none, QEvent.Type.Drop))
    assert (field.text() if isinstance(field, LineField) else field.toPlainText()) == ""


@pytest.mark.parametrize("kind", [LineField, AreaField])
def test_what_was_deleted_again_is_in_no_history_after_the_wipe(
    qtbot: QtBot, kind: type[LineField | AreaField]
) -> None:
    field = kind()
    qtbot.addWidget(field)
    field.show()
    QTest.keyClicks(field, "13800001942")
    for _ in range(11):
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    field.forget()
    field.undo()
    available = field.isUndoAvailable() if isinstance(field, LineField) else field.document().isUndoAvailable()
    assert not available
    assert (field.text() if isinstance(field, LineField) else field.toPlainText()) == ""


def test_the_next_visits_form_has_no_history_of_the_last(make_stand: MakeStand) -> None:
    """Typed and deleted again, so that the value is the same as nothing: the field is emptied all the same."""
    name = next(field for _, field in FIELDS if field.type == "name")
    editor = make_editor(name, sample_context("portrait"), make_stand().shell)
    assert isinstance(editor, TextEditor)
    assert isinstance(editor.area, LineField)
    QTest.keyClicks(editor.area, "Erika")
    for _ in range(5):
        QTest.keyClick(editor.area, Qt.Key.Key_Backspace)
    assert editor.area.isUndoAvailable()
    editor.set_value(None)
    assert not editor.area.isUndoAvailable()


def test_all_text_fields_of_the_kiosk_are_these() -> None:
    root = Path(kiosk.__file__).parent
    fields = {"QLineEdit", "QTextEdit", "QPlainTextEdit", "QTextBrowser", "QComboBox", "QSpinBox", "QDateEdit"}
    found = []
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in fields
            derived = isinstance(node, ast.ClassDef) and any(
                isinstance(b, ast.Name) and b.id in fields for b in node.bases
            )
            names = {"clipboard", "QClipboard", "TextSelectableByMouse", "TextSelectableByKeyboard", "setDragEnabled"}
            used = isinstance(node, ast.Attribute) and node.attr in names
            if made or derived or used:
                found.append(str(path.relative_to(root)))
    assert set(found) == {"widgets/fields.py"}

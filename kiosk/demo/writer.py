# SPDX-License-Identifier: Apache-2.0
"""Fills the form in as a person does: reads which field is asked, touches keys, tiles, days and candidates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kiosk.demo.finger import Finger, NotThereError
from kiosk.forms.renderer import FormPage
from kiosk.visit.screen import Screen

if TYPE_CHECKING:
    from kiosk.app.app import KioskApp
    from kiosk.forms.editors.date import DateEditor

MOST_STEPS = 120


class Writer:
    """`fill(answers)` goes through all form pages; `answers` by field path ("contact.name" for a part of a group)."""

    def __init__(self, kiosk: KioskApp, finger: Finger) -> None:
        self._kiosk = kiosk
        self._finger = finger
        self.characters = 0
        """Typed one by one; what the card gave is not."""

    def fill(self, answers: Mapping[str, Any], on_page: Callable[[str], None] = lambda _page: None) -> None:
        """Until the form is left. `on_page(page id)` is called once a page, when it is filled in."""
        seen: set[str] = set()
        for _step in range(MOST_STEPS):
            if self._kiosk.machine.screen != Screen.FORM:
                return
            page = self._kiosk.shell.page
            assert isinstance(page, FormPage)
            slot = page.board.active
            view = self._kiosk.machine.view()
            if slot is not None and page.board.data_of(slot) in (None, "", [], {}) and slot.path in answers:
                self._answer(page, slot.path, slot.field.type, answers[slot.path])
                continue
            name = view.page.id if view.page is not None else ""
            if name not in seen:
                seen.add(name)
                on_page(name)
            before = (self._kiosk.machine.screen, view.page_index, slot.path if slot else "")
            self._finger.tap("下一步")
            self._finger.breathe(0.02)
            if before == self._now():
                raise NotThereError(f"the form does not go on from {before}: {dict(view.problems)}")
        raise NotThereError("the form does not end")

    def _now(self) -> tuple[str, int, str]:
        page = self._kiosk.shell.page
        slot = page.board.active if isinstance(page, FormPage) else None
        machine = self._kiosk.machine
        return machine.screen, machine.view().page_index, slot.path if slot else ""

    def _answer(self, page: FormPage, path: str, kind: str, answer: Any) -> None:
        match kind:
            case "code":
                slot = page.board.active
                assert slot is not None
                self._finger.tap(slot.field.choice_label(answer), exact=False)
            case "date":
                self._day("", str(answer))
            case "date_range":
                for end in ("from", "to"):
                    self._day(end, str(answer[end]))
            case "name" | "text":
                self._write(str(answer))
            case "phone" | "digits" | "money" | "integer" | "decimal" | "id_number":
                self._finger.type(str(answer))
                self.characters += len(str(answer))
            case _:
                raise NotThereError(f"the demo cannot fill in {path} ({kind})")
        self._finger.breathe(0.02)

    def _day(self, end: str, iso: str) -> None:
        year, month, day = (int(part) for part in iso.split("-"))
        for part, number in (("year", year), ("month", month), ("day", day)):
            editor = self._date_editor()
            if editor.at != (end, part):
                self._finger.touch(editor.boxes[end, part])
                self._finger.breathe(0.01)
            for _turn in range(20):
                try:
                    key = self._date_editor().chooser.key(number)
                except KeyError:
                    self._finger.tap("更早")
                    continue
                break
            self._finger.touch(key)
            self._finger.breathe(0.01)

    def _date_editor(self) -> DateEditor:
        from kiosk.forms.editors.date import DateEditor

        page = self._kiosk.shell.page
        assert isinstance(page, FormPage)
        editor = page.board.editor
        assert isinstance(editor, DateEditor)
        return editor

    def _write(self, text: str) -> None:
        """Han characters by their pinyin, one after another; everything else by its key."""
        from pypinyin import lazy_pinyin

        for character in text:
            if "\u4e00" <= character <= "\u9fff":
                syllable = lazy_pinyin(character)[0].replace("ü", "v")
                self._finger.type(syllable)
                self.characters += len(syllable)
                self._candidate(character)
            else:
                self._finger.tap(character)
                self.characters += 1

    def _candidate(self, character: str) -> None:
        for _page in range(30):
            if self._finger.find(character):
                self._finger.tap(character)
                return
            self._finger.tap("更多的字")
            self._finger.breathe(0.01)
        raise NotThereError(f"no candidate {character}")

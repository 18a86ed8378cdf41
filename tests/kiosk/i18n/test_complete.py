# SPDX-License-Identifier: Apache-2.0
"""Every Chinese sentence of the screens has its English, and the compiled file is the one of the sources."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from contract.codes import CODE_LISTS
from contract.sample import sample_catalogue
from kiosk.i18n.compile import HERE, english, missing, sentences, translation_file
from kiosk.i18n.language import Languages
from kiosk.i18n.messages import text_of

CHINESE = re.compile("[\u3400-\u9fff]")
BOTH = {"换语言 / Language"}  # a stranger must find it whichever language is shown
NAMES = re.compile(r"{(\w+)}")


def test_no_sentence_is_without_english() -> None:
    found = sentences()
    assert len(found) > 500
    assert [f"{s.place}: {s.text}" for s in missing(found, english())] == []


def test_english_is_english_and_keeps_the_blanks() -> None:
    for source, words in english().items():
        assert source in BOTH or not CHINESE.search(words), words
        assert set(NAMES.findall(source)) == set(NAMES.findall(words)), source


def test_the_compiled_file_is_fresh() -> None:
    """`make translations` was run after the last change."""
    assert (HERE / "doorstep_en.ts").read_bytes() == translation_file(sentences(), english())


def test_switching_changes_what_is_said(qapp: object) -> None:
    del qapp
    languages = Languages()
    try:
        languages.use("en")
        assert QCoreApplication.translate("Shell", "返回") == "Back"
        assert text_of("signature-empty") == "Please sign in the box first."
    finally:
        languages.use("zh")
    assert QCoreApplication.translate("Shell", "返回") == "返回"


def test_every_published_text_has_english() -> None:
    catalogue = sample_catalogue()
    words: set[str] = set()

    def fields(found: object) -> None:
        for field in found:  # type: ignore[attr-defined]
            words.update((field.label, field.help, field.question, field.unit, *(c.label for c in field.choices)))
            fields(field.fields)

    for item in catalogue.items.values():
        words.update((item.name, item.plain_name, item.conditions, item.fee, item.life_event, *item.process))
        words.update((item.department.name, item.promised.note, item.statutory.note))
        words.update(basis.text for basis in item.legal_basis)
        words.update(material.name for material in item.materials)
        words.update(page.title for page in item.pages)
        fields(item.fields)
    words.update(label for codes in CODE_LISTS.values() for label in codes.values())
    assert {w for w in words if CHINESE.search(catalogue.text(w, "en"))} == set()

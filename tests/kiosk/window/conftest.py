# SPDX-License-Identifier: Apache-2.0
"""A shell with the sample catalogue at a fixed time, in any size, orientation, language and contrast."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

import kiosk.i18n
from kiosk.demo.gallery.samples import SIZES, sample_context
from kiosk.frame.page import PageContext
from kiosk.theme.current import set_theme
from kiosk.theme.tokens import Scale, Tokens
from kiosk.visit.view import VisitView
from kiosk.window.page_factories import page_factories
from kiosk.window.shell import Shell


class EnglishWords(QTranslator):
    """The English of the kiosk's own tables, as the compiled translation will have it."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        for path in (Path(kiosk.i18n.__file__).parent / "english").glob("*.json"):
            self.words.update(json.loads(path.read_text(encoding="utf-8")))

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        del context, disambiguation, n
        return self.words.get(source, "")


MakeShell = Callable[..., Shell]


@pytest.fixture
def make_shell(qtbot: QtBot) -> Iterator[MakeShell]:
    """make_shell("portrait", elder=False, language="zh", contrast="normal") -> a shown Shell."""
    translators: list[QTranslator] = []

    def make(orientation: str = "portrait", **scale: object) -> Shell:
        if scale.get("language") == "en":
            translator = EnglishWords()
            QCoreApplication.installTranslator(translator)
            translators.append(translator)
        context = sample_context(orientation, **scale)  # type: ignore[arg-type]
        shell = Shell(context, page_factories())
        shell.set_staff_names(("李明", "赵小兰"))
        qtbot.addWidget(shell)
        shell.resize(*SIZES[orientation])
        shell.show()
        return shell

    yield make
    for translator in translators:
        QCoreApplication.removeTranslator(translator)
    set_theme(Tokens.of(Scale()))


@pytest.fixture
def shell(make_shell: MakeShell) -> Shell:
    """A portrait shell at the home screen."""
    made = make_shell()
    made.show_page("home", VisitView("v1", "home"))
    return made


@pytest.fixture
def context(qapp: object) -> PageContext:
    """A portrait context."""
    del qapp
    return sample_context()


@pytest.fixture
def wishes(shell: Shell) -> list[object]:
    """Every intent the shell emits."""
    heard: list[object] = []
    shell.intent.connect(heard.append)
    return heard

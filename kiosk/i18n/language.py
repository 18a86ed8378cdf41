# SPDX-License-Identifier: Apache-2.0
"""Puts the translation of a language in place. Chinese needs none: it is what the sources say."""

from __future__ import annotations

import logging
from importlib import resources

from PySide6.QtCore import QCoreApplication, QTranslator

log = logging.getLogger(__name__)


class Languages:
    """One translator at a time."""

    def __init__(self) -> None:
        self._current = "zh"
        self._translator: QTranslator | None = None

    def use(self, language: str) -> None:
        """From now on `tr` answers in `language`; pages must be drawn anew."""
        if language == self._current:
            return
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        self._current = language
        if language == "zh":
            return
        translator = QTranslator()
        path = resources.files("kiosk.i18n").joinpath(f"doorstep_{language}.qm")
        if path.is_file() and translator.load(str(path)):
            QCoreApplication.installTranslator(translator)
            self._translator = translator
        else:
            log.warning("there is no translation for %s; Chinese is shown", language)

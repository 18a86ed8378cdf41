# SPDX-License-Identifier: Apache-2.0
"""A real window on a real visit: what is touched goes to the machine, what the machine says is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from kiosk.demo.finger import Finger
from kiosk.demo.gallery.samples import SIZES, sample_context
from kiosk.theme.current import set_theme
from kiosk.theme.tokens import Scale, Tokens
from kiosk.window.page_factories import page_factories
from kiosk.window.shell import Shell
from tests.kiosk.visit.conftest import Walk


class Stand(Walk):
    """A walk whose every step is drawn, and that can be walked by touching."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell
        self.finger = Finger(shell)
        shell.intent.connect(self.say)

    def say(self, *said: object) -> tuple[object, ...]:
        found = super().say(*said)
        view = self.view
        self.shell.show_page(view.screen, view)
        self.finger.breathe(0)  # nobody touches before the layout has settled
        return found

    def tap(self, *words: str) -> None:
        """Touches the buttons that say these words, one after the other."""
        for word in words:
            self.finger.tap(word, patience=3)
            self.finger.breathe(0.01)

    def there(self, words: str) -> bool:
        """Whether a button says so and can be touched."""
        return self.finger.find(words) is not None


MakeStand = Callable[..., Stand]


@pytest.fixture
def make_stand(qtbot: QtBot) -> Iterator[MakeStand]:
    def make(orientation: str = "portrait", kind: type[Stand] = Stand) -> Stand:
        shell = Shell(sample_context(orientation), page_factories())  # type: ignore[arg-type]
        shell.set_staff_names(("张代办",))
        qtbot.addWidget(shell)
        shell.resize(*SIZES[orientation])
        shell.show()
        return kind(shell)

    yield make
    set_theme(Tokens.of(Scale()))


@pytest.fixture
def stand(make_stand: MakeStand) -> Stand:
    """Portrait, on the attract screen."""
    made = make_stand()
    made.say()
    return made

# SPDX-License-Identifier: Apache-2.0
"""Pages made before they are needed, one at a time, while the window has nothing else to do.

Making a page takes longer than filling and painting it. A page in stock was never shown a visit: it holds nothing of
anybody, and the stock is bounded by the number of screens. Nothing runs when everything is in stock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QStackedWidget

from kiosk.frame.page import Page, PageContext
from kiosk.theme.current import theme
from kiosk.visit.screen import Screen

QUIET_MS = 30
"""How long nothing must have been shown: the answer to a touch is painted first."""


class PageStock(QObject):
    """`begin` for a frame, `take` each page once, `rest` whenever something was shown. In the order of `factories`.

    `then` is called when all of them are made.
    """

    def __init__(
        self, factories: Mapping[Screen, Callable[[PageContext], Page]], parent: QObject, then: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._then: Callable[[], None] = then
        self._complete = False
        self._factories = factories
        self._waiting: list[Screen] = []
        self._made: dict[Screen, Page] = {}
        self._context: PageContext | None = None
        self._stack: QStackedWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.make_one)

    def begin(self, context: PageContext, stack: QStackedWidget, made: Mapping[Screen, Page]) -> None:
        """From now on pages are for `context` and stand in `stack`; those `made` are there already.

        What was made before goes with its own stack.
        """
        self._context, self._stack = context, stack
        self._made = dict(made)
        self._waiting = [name for name in self._factories if name not in made]
        self._complete = False

    def rest(self) -> None:
        """Something was just shown; go on when it has been seen."""
        if not self._complete:
            self._timer.start(QUIET_MS)

    def stop(self) -> None:
        """Make no more: the window closes."""
        self._timer.stop()

    @property
    def complete(self) -> bool:
        """Whether everything is made that can be."""
        return self._complete

    @property
    def busy(self) -> bool:
        """Whether the timer will ask for another page."""
        return self._timer.isActive()

    def take(self, name: Screen) -> Page:
        """The page of a screen, made now if need be; the next one is another. Raises KeyError for an unknown screen."""
        if name in self._waiting:
            self._waiting.remove(name)
        assert self._context is not None
        return self._made.pop(name, None) or self._make(name, self._context)

    def ahead(self, name: Screen, context: PageContext, stack: QStackedWidget) -> Mapping[Screen, Page]:
        """The page of one screen for another context and stack, if there is such a screen."""
        if name not in self._factories:
            return {}
        page = self._make(name, context)
        page.setParent(stack)
        page.resize(stack.size())
        # Painted once out of sight: glyphs, icons and the layout are then at hand.
        page.render(QPixmap(page.size()))
        return {name: page}

    def make_one(self) -> None:
        """Make the next page there is none of, and have the timer ask again."""
        if self._stack is None or self._context is None or self._complete:
            return
        if not self._waiting:
            self._complete = True
            self._then()
            return
        self._made.update(self.ahead(self._waiting.pop(0), self._context, self._stack))
        self._timer.start(0)

    def _make(self, name: Screen, context: PageContext) -> Page:
        with theme(context.tokens):
            return self._factories[name](context)

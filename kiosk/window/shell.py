# SPDX-License-Identifier: Apache-2.0
"""The window: one frame around every screen, in portrait and landscape, and the overlays above it.

The shell knows no rules of the visit. It draws the page that a view names, turns touches on its frame into
intents, and asks the two questions that belong to the frame itself: leave for home, and who of the staff is it.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from kiosk.frame import questions
from kiosk.frame.dialog import Dialog, DialogSpec, Overlay
from kiosk.frame.frame import Frame
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.frame.state import NetState
from kiosk.frame.unlock import UnlockOverlay
from kiosk.theme.current import set_theme, theme
from kiosk.theme.stylesheet import clothe
from kiosk.theme.tokens import Scale, Tokens
from kiosk.visit import intents
from kiosk.visit.screen import Screen
from kiosk.visit.view import VisitView
from kiosk.window.page_stock import PageStock

if TYPE_CHECKING:
    from devices.base import CameraView, DeviceStatus

logger = logging.getLogger(__name__)

PageFactory = Callable[[PageContext], Page]
REST = Screen.ATTRACT
"""The screen between visits."""


@dataclasses.dataclass(frozen=True, slots=True)
class Spare:
    """A frame that nobody's visit was drawn in, and pages that stand in it."""

    frame: Frame
    pages: Mapping[Screen, Page]


class Shell(QWidget):
    """The full-screen frame. `intent` carries every wish of the person in front of it to the visit.

    Pages are made before they are first shown (`kiosk.window.page_stock`), from `factories` (screen -> maker), and made
    anew when size, language, contrast or catalogue change. `use_language` is called before that, so that a translator
    can be put in place.
    """

    intent = Signal(object)
    closed = Signal()

    def __init__(
        self,
        context: PageContext,
        factories: Mapping[Screen, PageFactory],
        *,
        use_language: Callable[[str], None] = lambda _language: None,
    ) -> None:
        super().__init__()
        self.setObjectName("Shell")
        self.stock = PageStock(dict(factories), self, self._make_spare)
        self._rest_context = context
        self._spare: Spare | None = None
        self._use_language = use_language
        self._network = NetState()
        self._devices: tuple[DeviceStatus, ...] = ()
        self._staff_names: tuple[str, ...] = ()
        self._view: VisitView | None = None
        self._overlay: Overlay | None = None
        self.context = context
        self.tokens = context.tokens
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        # The screen decides the size; what a page would like must not resize the window.
        outer.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._build()

    # --- what the application tells the shell ---------------------------------------------------------------

    def show_page(self, name: Screen, view: VisitView) -> None:
        """Show the screen `name` for `view`."""
        self._view = view
        self._adapt(view)
        page = self._page(name)
        page.show_state(view)
        if self.frame.stack.currentWidget() is not page:
            self.frame.stack.setCurrentWidget(page)
        self.refresh()
        self._show_idle(view)
        self._offer_draft(view)
        self.stock.rest()

    def set_network(self, state: NetState) -> None:
        """How the link to the platform is, and how far sending has got."""
        self._network = state
        self.frame.band.set_network(state)
        for page in self._pages.values():
            page.set_network(state)

    def set_devices(self, statuses: Sequence[DeviceStatus]) -> None:
        """How the devices are."""
        self._devices = tuple(statuses)
        self.frame.band.set_devices(self._devices)
        for page in self._pages.values():
            page.set_devices(self._devices)

    def show_camera(self, view: CameraView | None, code: str) -> None:
        """What the document camera sees."""
        if self.page is not None:
            self.page.show_camera(view, code)

    def set_staff_names(self, names: Sequence[str]) -> None:
        """Who may unlock."""
        self._staff_names = tuple(names)

    def set_scale(self, elder: bool) -> None:
        """Large or normal size; the present page is drawn anew."""
        scale = dataclasses.replace(self.tokens.scale, elder=elder)
        self.set_context(dataclasses.replace(self.context, tokens=Tokens.of(scale)))

    def set_context(self, context: PageContext) -> None:
        """Another size, language, contrast or catalogue: everything is made anew."""
        name, view = self.page_name, self._view
        if context.language != self.context.language:
            self._use_language(context.language)
        self.context, self.tokens = context, context.tokens
        self._build()
        if view is not None and name is not None:
            page = self._page(name)
            page.show_state(view)
            self.frame.stack.setCurrentWidget(page)
            self.refresh()

    def forget(self, context: PageContext) -> None:
        """Throws every page away with what it drew; the next `show_page` begins anew, in a frame made ahead."""
        if context.language != self.context.language:
            self._use_language(context.language)
        self._view = None
        self._rest_context = context
        self.context, self.tokens = context, context.tokens
        self._build()

    def ask(self, spec: DialogSpec) -> Dialog:
        """Put a question above the page; one at a time, the newest wins."""
        dialog = Dialog(self, spec)
        self._put(dialog)
        return dialog

    def answered(self) -> None:
        """Take any overlay away."""
        if self._overlay is not None:
            self._overlay.close_overlay()

    def ask_staff(self) -> UnlockOverlay:
        """Ask who of the staff is there, by name and number."""
        overlay = UnlockOverlay(
            self,
            self._staff_names,
            lambda name, pin: self.intent.emit(intents.StaffUnlock(name, pin)),
            landscape=self.context.orientation == "landscape",
        )
        self._put(overlay)
        return overlay

    def ask_staff_card(self, name: str) -> UnlockOverlay:
        """Ask for the number of the staff card that is in the reader."""
        overlay = UnlockOverlay(
            self,
            (name,),
            lambda _name, pin: self.intent.emit(intents.StaffCardPin(pin)),
            landscape=self.context.orientation == "landscape",
            by_card=True,
        )
        self._put(overlay)
        return overlay

    def refuse_staff(self, words: str) -> None:
        """Say in the unlock overlay why the number was not accepted."""
        if isinstance(self._overlay, UnlockOverlay):
            self._overlay.refuse(words)

    def show_called(self) -> None:
        """Say that a member of staff has been called, and offer them the unlock."""
        spec = questions.staff_called(self.context.station.phone, self._unlock)
        self.ask(spec)

    # --- what others may look at ----------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page shown."""
        current = self.frame.stack.currentWidget()
        return current if isinstance(current, Page) else None

    @property
    def page_name(self) -> Screen | None:
        """The screen shown, if any."""
        return next((name for name, page in self._pages.items() if page is self.page), None)

    @property
    def view(self) -> VisitView | None:
        """The view drawn last."""
        return self._view

    @property
    def overlay(self) -> Overlay | None:
        """The overlay above the page, if any."""
        return self._overlay

    def spoken(self) -> str:
        """What 朗读 reads now."""
        if isinstance(self._overlay, Dialog):
            spec = self._overlay.spec
            return f"{spec.title}。{spec.text}"
        if self.page is None:
            return ""
        message = self.frame.message_words
        return f"{message}{self.page.spoken()}" if message else self.page.spoken()

    # --- inside -----------------------------------------------------------------------------------------------

    def _adapt(self, view: VisitView) -> None:
        if view.elder == self.tokens.elder and view.language == self.context.language:
            return
        scale: Scale = dataclasses.replace(self.tokens.scale, elder=view.elder)
        if view.language != self.context.language:
            self._use_language(view.language)
        self.context = dataclasses.replace(self.context, tokens=Tokens.of(scale), language=view.language)
        self.tokens = self.context.tokens
        self._build()

    def _build(self) -> None:
        set_theme(self.tokens)
        if self._overlay is not None:
            self._overlay.close_overlay()
        outer = self.layout()
        assert outer is not None
        old: Frame | None = getattr(self, "frame", None)
        self._pages: dict[Screen, Page] = {}
        spare = self._take_spare()
        self.frame = frame = spare.frame if spare is not None else Frame(self.context, self)
        outer.addWidget(frame)
        if old is not None:
            outer.removeWidget(old)
            old.hide()
            QTimer.singleShot(0, old, old.deleteLater)  # at once, but not before the new one is painted
        self.stock.begin(self.context, frame.stack, spare.pages if spare is not None else {})
        frame.action_row.chosen.connect(self._act)
        frame.band.language.connect(lambda: self.intent.emit(intents.ToggleLanguage()))
        frame.banner.hand_back.connect(lambda: self.intent.emit(intents.StaffLock()))
        frame.banner.desk.connect(lambda: self.intent.emit(intents.OpenDesk()))
        frame.bar.back.connect(self._back)
        frame.bar.home.connect(self._home)
        frame.bar.staff.connect(lambda: self.intent.emit(intents.CallStaff()))
        frame.bar.elder.connect(lambda: self.intent.emit(intents.ToggleElder()))
        frame.bar.read.connect(lambda: self.intent.emit(intents.ReadAloud(self.spoken())))
        frame.band.set_network(self._network)
        frame.band.set_devices(self._devices)
        frame.band.show_time()
        frame.show()

    def _make_spare(self) -> None:
        """The frame for after this visit, with its page: it was never shown one. Made in the language it speaks."""
        context = self._rest_context
        if self._spare is not None and self._spare.frame.context != context:
            self._spare.frame.deleteLater()
            self._spare = None
        if self._spare is None and context.language == self.context.language:
            with theme(context.tokens):
                frame = Frame(context, self)
            frame.hide()
            frame.resize(self.size())
            pages = self.stock.ahead(REST, context, frame.stack)
            nobody = VisitView("", REST, language=context.language, elder=context.tokens.elder)
            for page in pages.values():
                frame.stack.addWidget(page)
                frame.dress(page, nobody, self._back)
            frame.render(QPixmap(frame.size()))  # its layout is done then
            self._spare = Spare(frame, pages)

    def _take_spare(self) -> Spare | None:
        if self._spare is None or self._spare.frame.context != self.context:
            return None
        spare, self._spare = self._spare, None
        return spare

    def _page(self, name: Screen) -> Page:
        if name not in self._pages:
            page = self.stock.take(name)
            page.intent.connect(self.intent)
            page.changed.connect(self.refresh)
            page.set_devices(self._devices)
            page.set_network(self._network)
            self._pages[name] = page
            if self.frame.stack.indexOf(page) < 0:
                self.frame.stack.addWidget(page)
        return self._pages[name]

    def refresh(self) -> None:
        """Read title, steps, actions and help from the present page again."""
        if self.page is not None and self._view is not None:
            self.frame.dress(self.page, self._view, self._back)

    def _put(self, overlay: Overlay) -> None:
        if self._overlay is not None:
            self._overlay.close_overlay()
        self._overlay = overlay
        clothe(overlay, self.tokens)
        overlay.intent.connect(self.intent)
        overlay.closed.connect(lambda _key, o=overlay: self._gone(o))
        overlay.open()

    def _gone(self, overlay: Overlay) -> None:
        if self._overlay is overlay:
            self._overlay = None

    def _show_idle(self, view: VisitView) -> None:
        shown = self._overlay if isinstance(self._overlay, Dialog) and self._overlay.key == "idle" else None
        if view.idle_left is None:
            if shown is not None:
                shown.close_overlay()
        elif shown is not None:
            shown.count(view.idle_left)
        else:
            self.ask(questions.still_there(view))

    def _offer_draft(self, view: VisitView) -> None:
        offer = view.draft_offer
        shown = self._overlay is not None and self._overlay.key == "draft"
        if offer is None:
            if shown:
                self.answered()
        elif not shown and self._overlay is None:
            self.ask(questions.draft_offer(offer))

    def _act(self, spec: ActionSpec) -> None:
        if spec.run is not None:
            spec.run()
        if spec.intent is not None:
            self.intent.emit(spec.intent)

    def _unlock(self) -> None:
        self.ask_staff()

    def _back(self) -> None:
        if self.page is not None and self.page.go_back():
            self.refresh()
            return
        self.intent.emit(intents.GoBack())

    def _home(self) -> None:
        if self._view is not None and questions.has_work(self._view):
            self.ask(questions.leave_for_home(self._view))
        else:
            self.intent.emit(intents.GoHome())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.answered()
        self.stock.stop()
        super().closeEvent(event)
        self.closed.emit()

# SPDX-License-Identifier: Apache-2.0
"""What every screen of the visit is: a widget that draws a view and emits intents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from contract.items import Catalogue
from kiosk.config import Orientation
from kiosk.theme.tokens import Tokens

if TYPE_CHECKING:
    from devices.base import CameraView, DeviceStatus
    from kiosk.frame.state import NetState
    from kiosk.visit.intents import Touch
    from kiosk.visit.view import VisitView


@dataclass(frozen=True, slots=True)
class StationInfo:
    """The service point this terminal stands in."""

    name: str
    phone: str = ""
    public_url: str = ""
    notice: str = ""
    reader_place: str = ""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page may know besides the view. A new one is made (and pages rebuilt) when size or language change."""

    tokens: Tokens
    catalogue: Catalogue
    language: str = "zh"
    orientation: Orientation = "portrait"
    station: StationInfo = field(default_factory=lambda: StationInfo(""))
    now: Callable[[], datetime] = datetime.now

    def text(self, source: str) -> str:
        """A published Chinese text of the catalogue in the visit's language."""
        return self.catalogue.text(source, self.language)


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """A button of the action row: what it says and does. `run` is called before `intent` is emitted."""

    text: str
    icon: str = ""
    enabled: bool = True
    intent: Touch | None = None
    run: Callable[[], None] | None = None
    kind: Literal["primary", "secondary", "danger"] = "primary"
    icon_after: bool = False


class Page(QWidget):
    """One screen. Subclasses draw what `show_state` gives them.

    Signals: `intent` carries a Touch of kiosk.visit.intents; `changed` asks the shell to read title and
    actions again (a page does that when a choice inside it enables its button).
    """

    bare: ClassVar[bool] = False
    """No title, no action row, no bottom bar: the attract screen."""
    shows_message: ClassVar[bool] = False
    """The page draws the view's message itself; else the shell puts it above the page."""

    intent = Signal(object)
    changed = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.tokens = context.tokens

    def say(self, touch: Touch) -> None:
        """A finger touched something: the only way a page speaks to the visit."""
        self.intent.emit(touch)

    @property
    def wide(self) -> bool:
        """In landscape the page takes the full width now, and shows its help itself."""
        return False

    def show_state(self, visit: VisitView) -> None:
        """Draw `visit`. Called when the page becomes current and whenever the state changes; must be cheap."""

    def title(self) -> str:
        """The question or statement this screen makes."""
        return ""

    def subtitle(self) -> str:
        """A second, quieter line under the title."""
        return ""

    def spoken(self) -> str:
        """What 朗读 reads."""
        return self.title()

    def help_widget(self) -> QWidget | None:
        """For the right third in landscape: a keypad, an explanation. Asked anew each time the page is shown."""
        return None

    def help_text(self) -> str:
        """For the right third in landscape where there is no help widget: what this step is about."""
        return ""

    def set_devices(self, statuses: tuple[DeviceStatus, ...]) -> None:
        """How the devices are; called when that changes and once when the page is built."""

    def set_network(self, state: NetState) -> None:
        """How sending stands; called when that changes and once when the page is built."""

    def show_camera(self, view: CameraView | None, code: str) -> None:
        """A frame of the document camera, while the visit is at its screen."""

    def primary(self) -> ActionSpec | None:
        """The one thing to do next, right in the action row."""
        return None

    def secondary(self) -> tuple[ActionSpec, ...]:
        """Other ways on, left of the primary action. Empty: the shell offers 返回."""
        return ()

    def go_back(self) -> bool:
        """Take one step back inside the page (a sub-list); False lets the visit go back."""
        return False

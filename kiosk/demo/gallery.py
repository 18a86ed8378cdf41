# SPDX-License-Identifier: Apache-2.0
"""Every screen as a picture, with sample states: to look at beside the design, and for the documents.

`python -m kiosk.demo.gallery OUTDIR [--landscape] [--elder] [--high] [--english] [--shell]`
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.visit.screen import Screen
from kiosk.visit.view import DraftOffer, Message, StaffMember, VisitView

if TYPE_CHECKING:
    from kiosk.config import Orientation
    from kiosk.frame.page import PageContext
    from kiosk.frame.state import NetState
    from kiosk.theme.tokens import Contrast
    from kiosk.window.shell import Shell

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
NOW = datetime(2026, 11, 23, 9, 41)


@dataclass(frozen=True, slots=True)
class GalleryState:
    """One picture: file name, the view, what to touch first, and how network is: in a word, or in full."""

    name: str
    view: VisitView
    touch: Callable[[Shell], None] | None = None
    link: str = "good"
    net: NetState | None = None


def offscreen_platform(folder: Path, orientation: Orientation | None = None) -> str:
    """A QT_QPA_PLATFORM value for a screen of the kiosk's size, described by a file in `folder`.

    Without `orientation` the window may be turned: touches beyond the screen's edge would go nowhere.
    """
    width, height = SIZES[orientation] if orientation else (1920, 1920)
    screen = {"name": "kiosk", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96}
    path = folder / f"offscreen-{orientation or 'both'}.json"
    path.write_text(json.dumps({"screens": [{**screen, "logicalBaseDpi": 96, "dpr": 1}]}), encoding="utf-8")
    return f"offscreen:configfile={path}"


def sample_context(
    orientation: Orientation = "portrait", *, elder: bool = False, language: str = "zh", contrast: Contrast = "normal"
) -> PageContext:
    """The sample catalogue at a sample service point, at a fixed time."""
    from contract.sample import sample_catalogue
    from kiosk.frame.page import PageContext, StationInfo
    from kiosk.theme.tokens import Scale, Tokens

    station = StationInfo(
        "示例村便民服务点", "0990-6123456", "https://example.org", "城乡居民医保集中缴费期到12月31日，可在本机登记。"
    )
    return PageContext(
        Tokens.of(Scale(4.0, elder, contrast)), sample_catalogue(), language, orientation, station, lambda: NOW
    )


def shell_states(context: PageContext) -> list[GalleryState]:
    """The screens of the frame and of kiosk.pages."""
    from kiosk.demo.people import GRANDMOTHER

    item = context.catalogue.items["old80"]
    view = VisitView("g", Screen.HOME, elder=context.tokens.elder, language=context.language)
    stepped = replace(view, item=item, step=1, step_count=6)
    staff = StaffMember("s1", "李明")
    expired = replace(
        stepped,
        screen=Screen.CARD,
        identity=replace(GRANDMOTHER, valid_from="2006-01-01", valid_to="2026-01-01"),
        card_code="card-expired",
        message=Message("card-expired", kind="waiting"),
    )
    return [
        GalleryState("01-attract", replace(view, screen=Screen.ATTRACT)),
        GalleryState("02-home", view),
        GalleryState("03-choose-life", replace(view, screen=Screen.CHOOSE)),
        GalleryState("03-choose-items", replace(view, screen=Screen.CHOOSE), lambda s: _choose(s, "group")),
        GalleryState("03-choose-department", replace(view, screen=Screen.CHOOSE), lambda s: _choose(s, "department")),
        GalleryState("03-choose-pinyin", replace(view, screen=Screen.CHOOSE), lambda s: _choose(s, "pinyin")),
        GalleryState("04-guide", replace(view, screen=Screen.GUIDE, item=item)),
        GalleryState(
            "04-guide-materials", replace(view, screen=Screen.GUIDE, item=item), lambda s: _tab(s, "materials")
        ),
        GalleryState("04-guide-process", replace(view, screen=Screen.GUIDE, item=item), lambda s: _tab(s, "process")),
        GalleryState("04-guide-law", replace(view, screen=Screen.GUIDE, item=item), lambda s: _tab(s, "law")),
        GalleryState("05-notice", replace(stepped, screen=Screen.NOTICE)),
        GalleryState("06-card", replace(stepped, screen=Screen.CARD)),
        GalleryState(
            "06-card-unreadable",
            replace(stepped, screen=Screen.CARD, message=Message("card-unreadable", kind="waiting")),
        ),
        GalleryState("06-card-expired", expired),
        GalleryState("06-card-expired-staff", replace(expired, staff=staff)),
        GalleryState("06-card-expired-check", replace(expired, holder=expired.identity)),
        GalleryState("30-print", replace(view, screen=Screen.PRINT)),
        GalleryState("31-complaint", replace(view, screen=Screen.COMPLAINT), _type, link="weak"),
        GalleryState("40-idle", replace(view, idle_left=24), link="down"),
        GalleryState("41-leave", stepped, lambda s: _leave(s)),
        GalleryState("42-called", view, lambda s: s.show_called()),
        GalleryState("43-unlock", view, _unlock),
        GalleryState(
            "44-draft",
            replace(stepped, screen=Screen.HOME, draft_offer=DraftOffer("old80", item.plain_name, "2026-11-20")),
        ),
    ]


def _choose(shell: Shell, what: str) -> None:
    from kiosk.pages.choose import ChoosePage

    page = shell.page
    assert isinstance(page, ChoosePage)
    if what == "group":
        page.open_group("养老")
    else:
        page.look(what)
        if what == "pinyin":
            page.pad.letter.emit("B")


def _tab(shell: Shell, tab: str) -> None:
    from kiosk.pages.guide import GuidePage

    assert isinstance(shell.page, GuidePage)
    shell.page.look(tab)


def _type(shell: Shell) -> None:
    from kiosk.pages.complaint import ComplaintPage

    page = shell.page
    assert isinstance(page, ComplaintPage)
    page.field.setPlainText("大厅里的人很耐心，")
    page.field.moveCursor(page.field.textCursor().MoveOperation.End)
    for letter in "xiexie":
        page.keyboard.key(letter).click()


def _leave(shell: Shell) -> None:
    from kiosk.frame.questions import leave_for_home

    assert shell.view is not None
    shell.ask(leave_for_home(shell.view))


def _unlock(shell: Shell) -> None:
    overlay = shell.ask_staff()
    overlay.name_buttons[0].click()
    for digit in "2580":
        overlay.keypad.button(digit).click()


def all_states(context: PageContext) -> list[GalleryState]:
    """The frame's screens, those of a visit under way, the document camera's, and the staff's."""
    from kiosk.demo.camera_gallery import camera_states
    from kiosk.demo.desk_gallery import desk_states
    from kiosk.demo.visit_gallery import people_states, visit_states

    of_visit = (*people_states(context), *visit_states(context), *camera_states(context))
    return [*shell_states(context), *of_visit, *desk_states(context)]


def show_state(shell: Shell, state: GalleryState) -> None:
    """Bring the shell into a state of the gallery."""
    from kiosk.frame.state import NetState

    shell.answered()
    links = {"good": NetState("good"), "weak": NetState("weak"), "down": NetState("down", 1)}
    shell.set_network(state.net or links[state.link])
    shell.set_devices([])  # all well, whatever the picture before has shown
    shell.show_page(state.view.screen, state.view)
    if state.touch is not None:
        state.touch(shell)


def render_gallery(
    outdir: Path,
    orientation: Orientation = "portrait",
    elder: bool = False,
    language: str = "zh",
    contrast: Contrast = "normal",
    *,
    states: Callable[[PageContext], Iterable[GalleryState]] = all_states,
) -> list[Path]:
    """Write one PNG per state into `outdir`; makes the application where there is none. Returns the files."""
    from PySide6.QtWidgets import QApplication

    from kiosk.i18n.language import Languages
    from kiosk.window.page_factories import page_factories
    from kiosk.window.shell import Shell

    outdir.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication([])
    languages = Languages()
    languages.use(language)
    context = sample_context(orientation, elder=elder, language=language, contrast=contrast)
    shell = Shell(context, page_factories(), use_language=languages.use)
    shell.set_staff_names(("李明", "赵小兰", "陈建国"))
    shell.resize(*SIZES[orientation])
    shell.show()
    written = []
    for state in states(context):
        show_state(shell, state)
        application.processEvents()
        path = outdir / f"{state.name}.png"
        shell.grab().save(str(path))
        written.append(path)
    shell.close()
    languages.use("zh")
    return written


def main(arguments: list[str]) -> int:
    """The command line of this module."""
    flags = [word for word in arguments if word.startswith("--")]
    rest = [word for word in arguments if not word.startswith("--")]
    if not rest:
        print(__doc__)
        return 2
    orientation: Orientation = "landscape" if "--landscape" in flags else "portrait"
    language = "en" if "--english" in flags else "zh"
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("QT_QPA_PLATFORM", offscreen_platform(Path(folder), orientation))
        contrast: Contrast = "high" if "--high" in flags else "normal"
        states = shell_states if "--shell" in flags else all_states
        files = render_gallery(Path(rest[0]), orientation, "--elder" in flags, language, contrast, states=states)
    print(f"{len(files)} pictures in {rest[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

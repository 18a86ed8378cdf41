# SPDX-License-Identifier: Apache-2.0
"""Brings the window into each state and writes what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.demo.gallery.frame import shell_states
from kiosk.demo.gallery.samples import SIZES, GalleryState, sample_context

if TYPE_CHECKING:
    from kiosk.config import Orientation
    from kiosk.frame.page import PageContext
    from kiosk.theme.tokens import Contrast
    from kiosk.window.shell import Shell


def all_states(context: PageContext) -> list[GalleryState]:
    """The frame's screens, those of a visit under way, the document camera's, and the staff's."""
    from kiosk.demo.gallery.camera import camera_states
    from kiosk.demo.gallery.desk import desk_states
    from kiosk.demo.gallery.visit import people_states, visit_states

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

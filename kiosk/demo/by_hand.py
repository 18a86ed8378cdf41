# SPDX-License-Identifier: Apache-2.0
"""The demo to be used by hand: the terminal's window, and the operator's panel beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from kiosk.config import PANEL_MM, KioskConfig, Orientation
from kiosk.demo import people
from kiosk.demo.stage import OFFICER, OFFICER_PASSWORD, Stage, set_stage
from kiosk.keeper.keeper import Keeper
from kiosk.keeper.settings import device_names, settings_of
from kiosk.keeper.stage import Stage as VisitStage
from kiosk.operator.panel import OperatorPanel, SampleCard
from kiosk.process.application import QuitOnSignal, application

SYNC_SECONDS = 5.0
PANEL_WIDTH = 560  # pixels
FAULTS = 0.1  # share of the answers that go wrong where a seed is given


def play_by_hand(out: Path, orientation: Orientation, scale: float | None, seed: int | None = None) -> int:
    """Until the terminal's window is closed or Ctrl-C; with `seed` devices fail at random.

    Raises PlatformFailedError, OfflineError.
    """
    app = application()
    out.mkdir(parents=True, exist_ok=True)
    click.echo("Starting the platform, the link and the devices ...")
    with set_stage(out) as stage:
        if seed is not None:
            stage.devices.fail_randomly(seed, FAULTS)
        config = KioskConfig(
            orientation=orientation,
            px_per_mm=_px_per_mm(app, orientation, scale),
            full_screen=False,
            sync_seconds=SYNC_SECONDS,
        )
        panel = _panel(stage)
        signals = QuitOnSignal(app.exit)
        app.setQuitOnLastWindowClosed(False)
        ended = _Ended(app.exit)
        profile = stage.devices.profile
        place = app.primaryScreen().availableGeometry().topLeft()
        settings = settings_of(config, profile, (place.x(), place.y()))
        keeper = Keeper(stage.terminal, sync_seconds=config.sync_seconds, settings=settings)
        visits = VisitStage(keeper, device_names(profile), closed=ended.told.emit, failed=ended.told.emit)
        click.echo(_account(stage, out))
        try:
            keeper.start()
            visits.start()
            QTimer.singleShot(0, partial(_show, app, config, panel))
            return app.exec()
        finally:
            visits.stop()
            keeper.stop()
            panel.stop()
            signals.close()


class _Ended(QObject):
    """The terminal's window was closed: reported on a thread of the stage's, heard in this window's."""

    told = Signal()

    def __init__(self, quit_now: Callable[[], None]) -> None:
        super().__init__()
        self._quit = quit_now
        self.told.connect(self._end, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _end(self) -> None:
        self._quit()


def _px_per_mm(app: QApplication, orientation: str, scale: float | None) -> float:
    """4 pixels a millimetre on a screen that holds the panel; smaller where the screen is."""
    if scale is not None:
        return 4.0 * scale
    room = app.primaryScreen().availableGeometry()
    wide, high = PANEL_MM if orientation == "portrait" else PANEL_MM[::-1]
    return max(1.0, min(4.0, (room.width() - PANEL_WIDTH) / wide, room.height() / high))


def _panel(stage: Stage) -> OperatorPanel:
    marks = {people.EXPIRED.id_number: "（过期）"}
    cards = [SampleCard(f"{p.name} {p.birth[:4]}{marks.get(p.id_number, '')}", p) for p in people.PEOPLE]
    cards.append(SampleCard(f"{people.NEIGHBOUR.name}（读不出）", people.NEIGHBOUR, "card-read-failed"))
    pages = [
        partial(people.scanned_page, "医疗收费票据", 14, 5),
        partial(people.scanned_page, "诊断证明书", 9, 7),
    ]
    return OperatorPanel(stage.devices, cards, pages, link_up=stage.link.up, link_down=stage.link.down)


def _show(app: QApplication, config: KioskConfig, panel: OperatorPanel) -> None:
    room = app.primaryScreen().availableGeometry()
    panel.resize(PANEL_WIDTH, min(panel.sizeHint().height(), room.height()))
    panel.move(room.left() + min(config.size[0], room.width() - PANEL_WIDTH), room.top())
    panel.show()


def _account(stage: Stage, out: Path) -> str:
    return "\n".join(
        (
            "",
            "  Lay a card down in the operator's panel, or touch the terminal.",
            f"  Staff at the terminal: {people.STAFF_NAME}, number {people.STAFF_PIN}",
            f"  The platform's desk:   {stage.platform.url}/desk/  ({OFFICER} / {OFFICER_PASSWORD})",
            f"  Papers that are printed: {out / 'prints'}",
            "  Ctrl-C, or closing the terminal's window, ends everything.",
            "",
        )
    )

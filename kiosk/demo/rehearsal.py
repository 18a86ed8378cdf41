# SPDX-License-Identifier: Apache-2.0
"""The demo that drives itself: plays the story, measures it from both sides, and says whether all of it held."""

from __future__ import annotations

import dataclasses
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.app.app import KioskApp
from kiosk.config import KioskConfig
from kiosk.demo import people
from kiosk.demo.camera import Camera
from kiosk.demo.director import Director
from kiosk.demo.finger import NotThereError
from kiosk.demo.stage import Stage, set_stage
from kiosk.demo.summary import Summary, Uploads, compare, find_readable
from kiosk.keeper.in_process import keeper_beside

if TYPE_CHECKING:
    from offline.case import CaseView

log = logging.getLogger(__name__)
CUTS = 2
SYNC_SECONDS = 2.0
"""Between two looks at the platform: the demo's minutes are short."""


def rehearse(out: Path, tell: Callable[[str], None]) -> Summary:
    """Plays into `out`; `tell` hears each scene. The summary's `problems` name all that did not hold."""
    began = time.monotonic()
    summary = Summary()
    with set_stage(out) as stage, keeper_beside(stage.terminal, sync_seconds=SYNC_SECONDS) as (keeper, client):
        config = KioskConfig(full_screen=False, speech=False, idle_seconds=900.0)
        kiosk = KioskApp(client, stage.devices.profile, config)
        camera = Camera(kiosk, out / "screens")
        director = Director(kiosk, keeper, stage.devices, stage.link, stage.platform, camera)
        kiosk.start()
        try:
            _play(director, tell)
        except NotThereError as fault:
            summary.problems.append(f"the visit stopped: {fault}")
            camera.take("stopped-here")
        finally:
            camera.close()
            kiosk.stop()
        _measure(summary, stage, director, camera)
    summary.prints = [f"prints/{p.name}" for p in sorted((out / "prints").iterdir())]
    summary.readable_on_terminal = find_readable(out / "terminal", people.all_secrets())
    summary.seconds = round(time.monotonic() - began, 2)
    judge(summary)
    (out / "summary.json").write_text(json.dumps(summary.to_dict(), ensure_ascii=False, indent=1), encoding="utf-8")
    return summary


def _play(director: Director, tell: Callable[[str], None]) -> None:
    scenes = (
        (
            "Born 1942, the network is down: she applies for the old-age allowance.",
            director.grandmother_applies_without_network,
        ),
        (
            "The network is back, but breaks twice: her neighbour claims medical costs, with scanned papers.",
            director.neighbour_applies_online_with_two_scans,
        ),
        (
            "An officer accepts one case and asks a correction on the other.",
            director.officer_accepts_one_and_asks_a_correction,
        ),
        ("She comes back with her card and sees how it stands.", director.grandmother_comes_back),
        ("So does he: what is asked of him is on the screen.", director.neighbour_comes_back),
    )
    for words, scene in scenes:
        tell(words)
        scene()


def _measure(summary: Summary, stage: Stage, director: Director, camera: Camera) -> None:
    arrived = stage.platform.listing()
    codes = _confirmed(stage)
    summary.applications, summary.lost, summary.duplicates = compare(codes, arrived)
    payload = stage.terminal.ask(lambda _o, _i, spool: sum(placed.place.size for placed in spool.walk()))
    summary.uploads = Uploads(stage.link.cuts, payload, director.bytes_sent)
    summary.screens = list(camera.pictures)
    summary.touches = director.finger.touches
    summary.typed = director.writer.characters
    summary.seen_on_return = director.seen_on_return
    summary.asked_on_return = director.asked_on_return


def _confirmed(stage: Stage) -> list[CaseView]:
    """Every application the terminal ever confirmed, from its own books: not from what the story remembers."""
    found = []
    for person in (people.GRANDMOTHER, people.NEIGHBOUR):
        found += stage.terminal.cases_of(person.id_number)
    return sorted((dataclasses.replace(case) for case in found), key=lambda case: case.confirmed_at)


def judge(summary: Summary) -> None:
    """Adds what did not hold to the problems."""
    expected = {
        "two applications are registered": len(summary.applications) == 2,
        "nothing is lost": summary.lost == 0,
        "nothing arrived twice": summary.duplicates == 0,
        f"the link was cut {CUTS} times": summary.uploads.cuts == CUTS,
        "one case is accepted, the other needs a correction": sorted(a["state"] for a in summary.applications)
        == ["accepted", "correction"],
        "the first resident sees that hers is accepted": summary.seen_on_return == "accepted",
        "the second resident sees what to correct": summary.asked_on_return == "correction",
        "all pictures arrived": all(a["attachments"] == a["attachments_complete"] for a in summary.applications)
        and sum(a["attachments"] for a in summary.applications) == 3,
        "two receipts, two strips, two forms and two checklists were printed": len(summary.prints) == 8,
        "no personal data is readable on the terminal's disk": not summary.readable_on_terminal,
        "what was sent is at least what waited": summary.uploads.bytes_sent >= summary.uploads.bytes_payload > 0,
    }
    summary.problems += [f"not true: {words}" for words, held in expected.items() if not held]

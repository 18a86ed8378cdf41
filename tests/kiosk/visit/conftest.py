# SPDX-License-Identifier: Apache-2.0
"""A visit walked by hand, with a clock moved by hand."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest

from contract.identity import Identity, check_id_number, make_id_number
from contract.sample import sample_calendar, sample_catalogue
from contract.sample.people import example_values
from kiosk.visit import effects, intents
from kiosk.visit.machine import VisitMachine
from kiosk.visit.view import Submitted, VisitView

START = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))
SIGNATURE = {"width": 600, "height": 200, "strokes": [[[1, 2, 0, 0.5], [30, 40, 20, 0.6]]]}


class HandClock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed


def person(name: str = "王秀英", born: str = "1942-03-05", sequence: int = 2, **changes: Any) -> Identity:
    number = make_id_number("990123", datetime.fromisoformat(born).date(), sequence)
    known = Identity(
        name=name,
        id_number=number,
        sex=check_id_number(number).sex,
        ethnic="01",
        birth=born,
        address="示例省示例市示例县示例镇示例村3组12号",
        issuer="示例县公安局",
        valid_from="2016-01-01",
        valid_to=None,
    )
    return dataclasses.replace(known, **changes)


VALUES = {
    "mobile": {"number": "13800000000"},
    "contact": {"name": "王小明", "phone": "13900000000"},
    "bank": "rcb",
    "bank_no": "6200000000000000",
}


class Walk:
    """Says things to a real machine and keeps what it asked for."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.machine = VisitMachine(sample_catalogue(), sample_calendar(), self.clock, area="990123101201")
        self.asked: list[object] = []

    @property
    def view(self) -> VisitView:
        return self.machine.view()

    @property
    def screen(self) -> str:
        return self.machine.screen

    def say(self, *said: object) -> tuple[object, ...]:
        found: tuple[object, ...] = ()
        for intent in said:
            found = self.machine.handle(intent)
            self.asked += found
        return found

    def wait(self, seconds: float) -> tuple[object, ...]:
        self.clock.passed += seconds
        found = self.machine.tick(self.clock.passed)
        self.asked += found
        return found

    def last(self, kind: type) -> Any:
        return next((e for e in reversed(self.asked) if isinstance(e, kind)), None)

    def count(self, kind: type) -> int:
        return sum(isinstance(e, kind) for e in self.asked)

    def to_card(self, item: str = "old80", *, keep: bool = True) -> None:
        self.say(intents.Touched(), intents.OpenChoose(), intents.ChooseService(item), intents.StartApplication())
        assert self.last(effects.CheckIntake) is not None
        self.say(intents.IntakeChecked(True), intents.ConsentGiven(keep))
        assert self.screen == "card"

    def to_form(self, item: str = "old80", who: Identity | None = None, *, keep: bool = True) -> None:
        self.to_card(item, keep=keep)
        self.say(intents.CardSeen(who or person()))
        if self.screen == "applyfor":
            self.say(intents.ApplyFor("self"))
        assert self.screen == "form"

    def fill(self) -> None:
        item = self.machine.visit.item
        assert item is not None
        known = example_values(item, Random(3), self.clock.now().date(), sample_catalogue().areas)[1] | VALUES
        picture = {"attachment": "c" * 64, "media_type": "image/jpeg"}
        known |= {f.id: picture for f in item.fields if f.type == "image"}
        while self.screen == "form":
            page = self.view.page
            assert page is not None
            for field in page.fields:
                if field in known and field not in self.view.values:
                    self.say(intents.SetValue(field, known[field]))
            before = self.view.page_index
            self.say(intents.NextPage())
            assert self.screen != "form" or self.view.page_index > before, self.view.problems

    def to_sign(self, **options: Any) -> None:
        self.to_form(**options)
        self.fill()
        assert self.screen == "materials"
        for material in self.machine.visit.item.materials:  # type: ignore[union-attr]
            if material.required and material.id not in self.view.materials:
                self.say(intents.AnswerMaterial(material.id, "later"))
        self.say(intents.NextPage())
        assert self.screen == "check"
        assert self.view.checks == ()
        self.say(intents.NextPage())
        assert self.screen == "review"
        self.say(intents.NextPage())
        assert self.screen == "sign"

    def to_done(self, **options: Any) -> None:
        self.to_sign(**options)
        self.say(intents.Signed(SIGNATURE), intents.Submit())
        assert self.screen == "submitting"
        self.say(intents.SubmitDone(Submitted("r1", "000420000013", self.clock.now().isoformat())))
        assert self.screen == "done"


@pytest.fixture
def walk() -> Walk:
    return Walk()

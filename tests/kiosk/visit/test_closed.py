# SPDX-License-Identifier: Apache-2.0
"""What can be said and asked for is closed; that each has its rule, mypy proves (assert_never)."""

from __future__ import annotations

import dataclasses
import inspect
from types import ModuleType
from typing import get_args

import pytest

from kiosk.visit import (
    assistance,
    camera,
    desk,
    effects,
    form,
    guide,
    intents,
    lookup,
    materials,
    people,
    routes,
    submission,
)
from kiosk.visit.intents import devices, frame, resident, staff, store


def _written(*modules: ModuleType) -> set[type]:
    """The dataclasses defined in `modules`."""
    found = [v for m in modules for v in vars(m).values() if inspect.isclass(v) and v.__module__ == m.__name__]
    return {kind for kind in found if dataclasses.is_dataclass(kind)}


def test_every_intent_written_down_belongs_to_the_union() -> None:
    assert _written(frame, resident, staff, devices, store) == set(get_args(intents.Intent))


def test_every_effect_written_down_belongs_to_the_union() -> None:
    assert _written(effects) == set(get_args(effects.Effect))


def test_a_finger_a_device_and_the_store_say_different_things() -> None:
    kinds = [get_args(union) for union in (intents.Touch, intents.Presented, intents.Answer)]
    assert sum(map(len, kinds)) == len({kind for union in kinds for kind in union})


def test_every_intent_has_its_rule_in_one_room() -> None:
    rooms = (
        *(guide.GuideIntent, people.PeopleIntent, form.FormIntent, materials.MaterialsIntent, camera.CameraIntent),
        *(
            submission.SubmissionIntent,
            lookup.LookupIntent,
            assistance.AssistanceIntent,
            desk.DeskIntent,
            routes.RoutesIntent,
        ),
    )
    ruled = [kind for room in rooms for kind in get_args(room)]
    assert len(ruled) == len(set(ruled))
    assert set(ruled) == set(get_args(intents.Intent))


@pytest.mark.parametrize("kind", sorted(get_args(intents.Intent), key=lambda kind: kind.__name__))
def test_intents_cannot_be_changed_on_their_way(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]

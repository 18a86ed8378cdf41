# SPDX-License-Identifier: Apache-2.0
"""Sizes are millimetres; every pair of colours that carries words is readable."""

from __future__ import annotations

import pytest

from kiosk.theme.icons import icon, icon_names
from kiosk.theme.tokens import PALETTES, Scale, Tokens, contrast_ratio

GROUNDS = ("paper", "card", "jade_wash", "amber_wash", "green_wash")


def test_sizes_follow_the_screen_and_the_resident() -> None:
    normal, elder = Tokens.of(Scale(4.0)), Tokens.of(Scale(4.0, elder=True))
    assert (normal.body, normal.key, normal.primary, normal.gap) == (28, 80, 100, 16)
    assert (elder.body, elder.key, elder.primary, elder.gap) == (40, 100, 120, 24)
    large = Tokens.of(Scale(2.7))
    assert large.key == 54
    assert large.space(20) == large.key


def test_the_contrast_formula_knows_its_ends() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_ratio("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("name", sorted(PALETTES))
def test_words_are_readable_on_every_ground(name: str) -> None:
    tokens = Tokens.of(Scale(contrast=name))  # type: ignore[arg-type]
    for ground in GROUNDS:
        assert contrast_ratio(tokens.ink, getattr(tokens, ground)) >= 7, ground
    for ground in ("paper", "card"):
        assert contrast_ratio(tokens.muted, getattr(tokens, ground)) >= 7 - 0.05, ground
    assert contrast_ratio(tokens.on_jade, tokens.jade) >= 7
    assert contrast_ratio(tokens.on_jade, tokens.jade_deep) >= 7
    assert contrast_ratio(tokens.on_vermilion, tokens.vermilion) >= 7
    assert contrast_ratio(tokens.vermilion, tokens.card) >= 7
    assert contrast_ratio(tokens.amber, tokens.amber_wash) >= 7
    assert contrast_ratio(tokens.jade, tokens.jade_wash) >= 4.5
    assert contrast_ratio(tokens.green, tokens.green_wash) >= 4.5


def test_every_icon_is_drawn(qapp: object) -> None:
    del qapp
    for name in icon_names():
        picture = icon(name, 32, "#0A5A55").toImage()
        assert any(picture.pixelColor(x, y).alpha() for x in range(32) for y in range(32)), name


def test_an_unknown_icon_is_refused(qapp: object) -> None:
    del qapp
    with pytest.raises(KeyError, match="no-such-icon"):
        icon("no-such-icon", 24, "#000000")

# SPDX-License-Identifier: Apache-2.0
"""How many examples a fuzz test tries: few in every run, many times more in `make fuzz`."""

from __future__ import annotations

from hypothesis import settings

LONG = "long"
TIMES = 10
# Nobody's machine is so slow that an example would be wrong for it.
settings.register_profile("short", deadline=None, print_blob=True)
settings.register_profile(LONG, deadline=None, print_blob=True, max_examples=100 * TIMES)
settings.load_profile("short")  # what --hypothesis-profile names is loaded after this


def examples(count: int) -> int:
    """For `max_examples` of a test that is slower or quicker than most."""
    return count * TIMES if settings.get_current_profile_name() == LONG else count

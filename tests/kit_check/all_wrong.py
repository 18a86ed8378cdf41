# SPDX-License-Identifier: Apache-2.0
"""All wrong gateways."""

from __future__ import annotations

from tests.kit_check import (
    wrong_access,
    wrong_bytes,
    wrong_custody,
    wrong_opened,
    wrong_sealed,
    wrong_told,
    wrong_uploads,
)
from tests.kit_check.wrong import WRONG

__all__ = [
    "WRONG",
    "wrong_access",
    "wrong_bytes",
    "wrong_custody",
    "wrong_opened",
    "wrong_sealed",
    "wrong_told",
    "wrong_uploads",
]

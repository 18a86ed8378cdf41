# SPDX-License-Identifier: Apache-2.0
"""The HTTP contract as OpenAPI 3.1. The gateway publishes it; a test holds it against the routes."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def openapi() -> dict[str, Any]:
    """The document."""
    text = resources.files("contract.schema").joinpath("openapi.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document

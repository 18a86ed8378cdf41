# SPDX-License-Identifier: Apache-2.0
"""What only staff say: standing in for a card or a signature, the desk, the stick, paper forms, the devices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class AcceptCard:
    """Staff accept a card that has expired or is not yet valid; the record says so."""


@dataclass(frozen=True, slots=True)
class SignOnPaper:
    """Staff saw a fingerprint or signature put on the printed form instead; False takes that back."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class SendNow:
    """Staff do not want to wait for the next exchange."""


@dataclass(frozen=True, slots=True)
class OpenUsb:
    """Out and back with a stick."""


@dataclass(frozen=True, slots=True)
class StartUsb:
    """Take what is on the stick and write what waits."""


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """Forms that came on paper."""


@dataclass(frozen=True, slots=True)
class ScanPaper:
    """Read the codes of the form that lies there."""

    by: Literal["scanner", "camera"]


@dataclass(frozen=True, slots=True)
class OpenDevices:
    """Staff look at the devices."""


@dataclass(frozen=True, slots=True)
class TryDevice:
    """Staff try one."""

    device: str

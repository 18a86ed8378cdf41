# SPDX-License-Identifier: Apache-2.0
"""What happened, measured: compared from both sides, searched for on the disk. Nothing here is written by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from offline.case import CaseView


@dataclass(frozen=True, slots=True)
class Uploads:
    """`bytes_payload`: sealed records and attachments that waited; `bytes_sent`: what went into the link for them."""

    cuts: int
    bytes_payload: int
    bytes_sent: int


@dataclass(slots=True)
class Summary:
    """As written to summary.json."""

    applications: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0
    duplicates: int = 0
    uploads: Uploads = field(default_factory=lambda: Uploads(0, 0, 0))
    prints: list[str] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    seconds: float = 0.0
    touches: int = 0
    typed: int = 0
    seen_on_return: str = ""
    asked_on_return: str = ""
    readable_on_terminal: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all of it held."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """JSON types; `ok` too."""
        return {**asdict(self), "ok": self.ok}


def compare(confirmed: Sequence[CaseView], arrived: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], int, int]:
    """What the terminal confirmed beside what the platform has: (applications, lost, duplicates)."""
    received = [row for row in arrived if row["kind"] == "application"]
    times = Counter(str(row["record_id"]) for row in received)
    known = {str(row["record_id"]): row for row in received}
    applications = []
    for case in confirmed:
        row = known.get(case.record_id)
        applications.append(
            {
                "tracking_code": case.tracking_code,
                "item": case.item_id,
                "record_id": case.record_id,
                "confirmed_at": case.confirmed_at,
                "received_at": row["received_at"] if row else None,
                "case_number": row["case_number"] if row else None,
                "state": row["state"] if row else "lost",
                "attachments": len(row["attachments"]) if row else 0,
                "attachments_complete": sum(bool(a["complete"]) for a in row["attachments"]) if row else 0,
            }
        )
    lost = sum(case.record_id not in known for case in confirmed)
    lost += sum(not a["complete"] for row in received for a in row["attachments"])
    duplicates = sum(count - 1 for count in times.values())
    codes = Counter(str(row["tracking_code"]) for row in received)
    duplicates += sum(count - 1 for count in codes.values()) if not duplicates else 0
    strangers = set(times) - {case.record_id for case in confirmed}
    return applications, lost, duplicates + len(strangers)


def find_readable(folder: Path, secrets: Iterable[str]) -> list[str]:
    """Every file in which one of the secrets stands readable, in the encodings that programs use."""
    wanted = [s.encode(encoding) for s in secrets for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030") if s]
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if any(secret in data for secret in wanted):
            found.append(str(path.relative_to(folder)))
    return found


def account(summary: Summary, out: Path) -> str:
    """A readable account of the visit, for the person at the keyboard."""
    lines = ["", "What happened:"]
    for number, a in enumerate(summary.applications, 1):
        lines.append(
            f"  {number}. {a['item']}: registered {a['confirmed_at'][11:19]} under {a['tracking_code']},"
            f" received {str(a['received_at'])[11:19]} as {a['case_number']}, now: {a['state']};"
            f" pictures {a['attachments_complete']} of {a['attachments']}"
        )
    up = summary.uploads
    lines.append(f"  The link was cut {up.cuts} times; {up.bytes_payload} bytes waited, {up.bytes_sent} were sent.")
    lines.append(f"  Lost: {summary.lost}. Twice: {summary.duplicates}. Printed: {len(summary.prints)} papers.")
    lines.append(f"  Touches: {summary.touches}, characters typed: {summary.typed}, seconds: {summary.seconds:.1f}.")
    lines.append(f"  When the first resident came back, the screen said: {summary.seen_on_return}.")
    readable = "none" if not summary.readable_on_terminal else ", ".join(summary.readable_on_terminal)
    lines.append(f"  Files on the terminal with readable personal data: {readable}.")
    lines += [f"  NOT AS PROMISED: {problem}" for problem in summary.problems]
    lines.append(f"  Look at {out}: screens/, prints/, gateway/, terminal/, summary.json")
    return "\n".join(lines)

# SPDX-License-Identifier: Apache-2.0
"""What the kit found, for people and for programs."""

from __future__ import annotations

import json
import textwrap
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.contract_kit.points import BROKEN, KEPT, NOT_TRIED, Finding, in_order

VERSION = 1  # of the report
WIDTH = 120
_WORD = {KEPT: "kept", BROKEN: "BROKEN", NOT_TRIED: "not tried"}


def lines(url: str, findings: Iterable[Finding]) -> list[str]:
    """Point by point, then the sum."""
    out = [f"The contract at {url}", ""]
    ordered = in_order(findings)
    for finding in ordered:
        out.append(f"{_WORD[finding.outcome]:<10} {finding.point.number}  {finding.point.title}")
        if finding.outcome == BROKEN:
            out += _more("seen", finding.seen) + _more("do", finding.point.do)
        elif finding.seen:
            out += _more("why" if finding.outcome == NOT_TRIED else "seen", finding.seen)
    return [*out, "", summary(ordered)]


def summary(findings: Sequence[Finding]) -> str:
    """One line."""
    count = Counter(finding.outcome for finding in findings)
    verdict = "The platform does not keep the contract." if count[BROKEN] else "What was tried is kept."
    return (
        f"{len(findings)} points: {count[KEPT]} kept, {count[BROKEN]} broken, {count[NOT_TRIED]} not tried. {verdict}"
    )


def write(path: Path, url: str, findings: Iterable[Finding]) -> None:
    """As JSON."""
    ordered = in_order(findings)
    count = Counter(finding.outcome for finding in ordered)
    said = {
        "report": VERSION,
        "gateway": url,
        "at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
        "kept": count[KEPT],
        "broken": count[BROKEN],
        "not_tried": count[NOT_TRIED],
        "points": [
            {
                "number": f.point.number, "title": f.point.title, "outcome": f.outcome, "seen": f.seen,
                "do": f.point.do if f.outcome == BROKEN else "",
            }
            for f in ordered
        ],
    }  # fmt: skip
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _more(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"{'':<17}{label}: ",
        subsequent_indent=" " * (19 + len(label)),
        break_long_words=False,
    )

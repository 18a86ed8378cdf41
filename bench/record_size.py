# SPDX-License-Identifier: Apache-2.0
"""How large an application is on its way: from the line as JSON to the whole sealed and signed record.

The applications are those that `doorstep intake --example` prints, every item of the sample catalogue but those that
demand a photograph (an attachment of its own).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import mean
from typing import Any

import click
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.figures import Figure, keep
from contract.application import Application
from contract.packing import pack, to_cbor
from contract.paper import to_symbols
from contract.record import Kind, seal_record
from contract.sample import sample_catalogue
from contract.sample.people import example_line
from contract.sealing import SUITE_X25519, SUITE_XWING, OpeningKey, PlatformKeys
from contract.tracking import make_tracking_code
from offline.intake.lines import read_line

AIM = 560  # bytes of a sealed record, on average
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=timezone(timedelta(hours=8)))


def applications(each: int) -> Iterator[tuple[dict[str, object], Application]]:
    """Lines and what they become."""
    catalogue = sample_catalogue()
    for item in catalogue.items.values():
        if any(field.type == "image" and field.required for field in item.fields):
            continue
        rng = random.Random(f"{item.id} bench")
        for number in range(1, each + 1):
            line = example_line(item, rng, NOW.date(), catalogue)
            application, _ = read_line(catalogue, line, Path(), NOW)
            object.__setattr__(application, "tracking_code", make_tracking_code(421, number))
            yield line, application


def unheard_of(value: Any, strange: dict[str, str], rng: random.Random) -> Any:
    """The same with every Chinese character replaced, each by the same wherever it stands: names and addresses that no
    dictionary knows, an upper bound for real people."""
    match value:
        case str():
            return "".join(
                strange.setdefault(c, chr(rng.randint(0x4E00, 0x9FA5))) if c > "\u2fff" else c for c in value
            )
        case dict():
            return {k: unheard_of(v, strange, rng) for k, v in value.items()}
        case list() | tuple():
            return [unheard_of(v, strange, rng) for v in value]
    return value


@click.command()
@click.option("--each", default=20, show_default=True, help="Applications of each item.")
def main(each: int) -> None:
    """Prints bytes, and the ratio to the line as JSON."""
    signer = Ed25519PrivateKey.generate()
    opening = [OpeningKey.new(suite) for suite in (SUITE_X25519, SUITE_XWING)]
    keys = PlatformKeys(signer.public_key(), tuple(key.public for key in opening))
    hybrid = PlatformKeys(keys.sign, keys.sealing, SUITE_XWING)
    squeeze = zstandard.ZstdCompressor(level=19).compress
    rows: dict[str, list[int]] = {}
    for number, (line, application) in enumerate(applications(each), 1):
        payload = application.to_payload()
        plain = to_cbor(payload)
        personal = {k: unheard_of(payload[k], {}, random.Random(number)) for k in ("applicant", "values")}
        records = [
            seal_record(
                Kind.APPLICATION, what, terminal=421, sequence=number, tracking_code=application.tracking_code,
                item=application.item_id, attachments=[], platform=platform, signer=signer,
                now_ms=int(NOW.timestamp() * 1000),
            ).encode()
            for what, platform in ((payload, keys), (payload, hybrid), (payload | personal, keys))
        ]  # fmt: skip
        for name, size in {
            "the line as JSON": len(json.dumps(line, ensure_ascii=False).encode()),
            "the application as JSON": len(json.dumps(payload, ensure_ascii=False).encode()),
            "the application as CBOR": len(plain),
            "CBOR and zstd": len(squeeze(plain)),
            "CBOR and zstd with the dictionary": len(pack(payload)),
            "whole record, suite 1": len(records[0]),
            "the same, of unheard-of names": len(records[2]),
            "whole record, suite 2 (post-quantum)": len(records[1]),
            "suite 1 as QR text (characters)": sum(map(len, to_symbols(records[0]))),
        }.items():
            rows.setdefault(name, []).append(size)
    line_mean = mean(rows["the line as JSON"])
    print(f"{len(rows['the line as JSON'])} applications\n{'bytes':<38}{'mean':>7}{'least':>7}{'most':>7}{'ratio':>8}")
    for name, sizes in rows.items():
        print(f"{name:<38}{mean(sizes):>7.0f}{min(sizes):>7}{max(sizes):>7}{mean(sizes) / line_mean:>8.2f}")
    ours = mean(rows["whole record, suite 1"])
    met = ours <= AIM
    keep("record_size", [Figure("a sealed, signed record, mean", f"<= {AIM} B", f"{ours:.0f} B",
                                f"as JSON {line_mean:.0f} B", "-", met)])  # fmt: skip
    print(f"aim: a mean record of at most {AIM} bytes: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()

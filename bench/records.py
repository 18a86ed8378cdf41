# SPDX-License-Identifier: Apache-2.0
"""How many records a second one core reads, checks, opens and makes; beside it, cbor2 reading the same bytes.

What a platform must do before it can answer is the custodian's view; signature and payload follow in its own time.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from itertools import cycle
from typing import Any

import cbor2
import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from record_size import NOW, applications

from contract.custody import read_custody
from contract.record import Kind, Record, open_record, seal_record, verify_record
from contract.sealing import SUITE_X25519, SUITE_XWING, Keyring, OpeningKey, PlatformKeys

ROUNDS = 5


def rate(work: Callable[[Any], object], things: list[Any], number: int) -> float:
    """Calls a second, of the best of some rounds: the others were disturbed."""
    following = cycle(things)
    return number / min(timeit.repeat(lambda: work(next(following)), number=number, repeat=ROUNDS))


@click.command()
@click.option("--each", default=5, show_default=True, help="Applications of each item.")
def main(each: int) -> None:
    """Prints rates, and ratios to cbor2.loads."""
    signer = Ed25519PrivateKey.generate()
    opening = [OpeningKey.new(suite) for suite in (SUITE_X25519, SUITE_XWING)]
    ring = Keyring(opening)
    keys = PlatformKeys(signer.public_key(), tuple(key.public for key in opening))
    hybrid = PlatformKeys(keys.sign, keys.sealing, SUITE_XWING)
    payloads = [(a.item_id, a.tracking_code, a.to_payload()) for _, a in applications(each)]

    def sealed(platform: PlatformKeys) -> Callable[[tuple[str, str, dict[str, Any]]], Record]:
        def work(made: tuple[str, str, dict[str, Any]]) -> Record:
            return seal_record(
                Kind.APPLICATION, made[2], terminal=421, sequence=1, tracking_code=made[1], item=made[0],
                attachments=[], platform=platform, signer=signer, now_ms=int(NOW.timestamp() * 1000),
            )  # fmt: skip

        return work

    raws = [sealed(keys)(made).encode() for made in payloads]
    records = [Record.decode(raw) for raw in raws]
    later = [sealed(hybrid)(made) for made in payloads]
    public = signer.public_key()
    base = rate(cbor2.loads, raws, 20_000)
    print(f"{len(raws)} records, {sum(map(len, raws)) / len(raws):.0f} bytes on average; one core")
    print(f"{'':<44}{'a second':>10}{'us each':>9}{'ratio':>8}")
    for name, found in (
        ("cbor2.loads of the outer array (no checks)", base),
        ("the custodian's view: read_custody", rate(read_custody, raws, 10_000)),
        ("Record.decode", rate(Record.decode, raws, 10_000)),
        ("verify_record: the terminal's signature", rate(lambda r: verify_record(r, public), records, 1_000)),
        ("open_record, suite 1", rate(lambda r: open_record(r, ring), records, 1_000)),
        ("open_record, suite 2 (post-quantum)", rate(lambda r: open_record(r, ring), later, 500)),
        ("seal_record, suite 1", rate(sealed(keys), payloads, 500)),
        ("seal_record, suite 2 (post-quantum)", rate(sealed(hybrid), payloads, 500)),
    ):
        print(f"{name:<44}{found:>10,.0f}{1e6 / found:>9.1f}{found / base:>8.3f}")


if __name__ == "__main__":
    main()

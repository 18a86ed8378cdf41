# SPDX-License-Identifier: Apache-2.0
"""K: new keys of the platform."""

from __future__ import annotations

import shlex
import subprocess

from contract.events import KeyChange, Receipts, read_statement
from tests.contract_kit.answers import said
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import NotTried, must, point, same


@point(
    "K-01",
    "New keys are announced in every feed, signed by the key before; what is sealed to old ones still opens",
    "Put a `keys` statement into each terminal's feed under the old signature, sign everything after it by the new "
    "key, keep old private keys.",
)
def change(kit: Kit) -> str:
    if not kit.choices.rotate:
        raise NotTried("it needs a change of keys; name a command that makes one with --rotate-command")
    one, two = kit.one, kit.two
    one.feed()
    old = one.platform
    waiting = one.note()  # sealed to the old key, sent after the change
    done = subprocess.run(
        shlex.split(kit.choices.rotate), capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip
    if done.returncode:
        raise NotTried(f"the rotate command failed: {done.stderr.strip()[-300:]}")

    def announced() -> bool:
        return all(terminal.feed() and terminal.platform.to_dict() != old.to_dict() for terminal in (one, two))

    kit.wait("a `keys` statement in both feeds, signed by the key before", announced)
    must(
        any(isinstance(s, KeyChange) and s.platform.to_dict() == one.platform.to_dict() for s in one.feed()),
        "the new keys are in no `keys` statement",
    )
    same(one.platform.to_dict(), two.platform.to_dict(), "keys announced to two terminals")
    fresh = one.note()
    answer = said(one.send(waiting.encode(), fresh.encode()), 200)
    same(
        [r["status"] for r in answer["results"]], ["stored", "stored"], "results of records to the old and the new key"
    )
    must(isinstance(read_statement(answer["receipt"], one.platform), Receipts), "the receipt is no receipt")
    for record in (waiting, fresh):
        event = kit.fate(one, record.header.id)
        same((event.type, event.reason), ("received", ""), "event after the change of keys")
    return f"now sealing to {one.platform.key_id}"

# SPDX-License-Identifier: Apache-2.0
"""Drafts and pictures that release 0.1.0 kept in clear under the vault, locked anew, once.

Doing so shows what is in them, so the keeper has it done by a process that ends: `python -m offline.store.relock DATA`.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from offline.secrets import lock
from offline.store.drafts import Drafts, LockedDraft
from offline.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)
_DIGEST = re.compile(r"[0-9a-f]{64}")
WITHIN = 120.0  # seconds


def relock(vault: Vault, drafts: Drafts) -> int:
    """Everything that is still in clear, in one transaction; how many things. A damaged draft is left out."""
    rows = vault.rows("SELECT id, person, saved_at, body FROM drafts")
    pictures = vault.rows("SELECT digest, data, kept_at FROM kept")
    if not rows and not pictures:
        return 0
    with vault.atomic():
        for row in pictures:
            digest = str(row["digest"])
            locked = lock(drafts.lock_of("picture", digest), bytes(row["data"]), "picture")
            vault.run(
                "INSERT OR IGNORE INTO locked_pictures (digest, data, kept_at) VALUES (?, ?, ?)",
                *(digest, locked, row["kept_at"]),
            )
        for row in rows:
            body = str(row["body"])
            try:
                json.loads(body)
            except ValueError:  # of a long value the last page may come as zeros
                log.warning("a draft is damaged and is left out")
                continue
            used = tuple(dict.fromkeys(_DIGEST.findall(body)))
            draft_id, person = str(row["id"]), str(row["person"])
            locked = lock(drafts.lock_of("draft", draft_id), body.encode(), "draft")
            if drafts.of(person) is None:  # else a newer one was kept since
                drafts.save(LockedDraft(draft_id, person, str(row["saved_at"]), locked, used))
        vault.run("DELETE FROM drafts")
        vault.run("DELETE FROM kept")
    return len(rows) + len(pictures)


def relock_apart(data: Path) -> None:
    """By a process that ends. What it cannot do is done, or told, when the directory is opened."""
    command = [sys.executable, "-m", "offline.store.relock", str(data)]
    try:
        done = subprocess.run(command, timeout=WITHIN, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        done = False
    if not done:
        log.warning("drafts of an earlier release were not locked anew beforehand")


def main(arguments: Sequence[str]) -> int:
    """Opens the directory, which does it, and ends."""
    from offline.errors import OfflineError
    from offline.terminal import Terminal

    try:
        Terminal.open(Path(arguments[0])).close()
    except OfflineError:
        return 1  # the next program to open it says why
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

# SPDX-License-Identifier: Apache-2.0
"""The platform's private keys, in generations: the newest signs, all of them open what was ever sealed to us.

One file per generation under `keys/`, written once, readable by the owner only. Which one is in force is said by the
database, so that it changes in the same transaction in which the feeds announce it; other processes see the new file
and then ask the database.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from contract.sealing import SUITE_X25519, SUITES, Keyring, OpeningKey, PlatformKeys
from gateway.database.store import Store
from gateway.database.tables import settings
from gateway.errors import GatewayError

log = logging.getLogger(__name__)
ACTIVE = "key_generation"
_SETTLED_NS = 2_000_000_000  # a directory changed within its file system's tick may change again and look the same


@dataclass(frozen=True, slots=True)
class Generation:
    """What was made at one time: a signing key, and one to open per suite."""

    number: int
    sign: Ed25519PrivateKey
    opening: tuple[OpeningKey, ...]
    preferred: int

    @property
    def public(self) -> PlatformKeys:
        """What terminals may know."""
        return PlatformKeys(self.sign.public_key(), tuple(key.public for key in self.opening), self.preferred)

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(
            {
                "sign": base64.b64encode(self.sign.private_bytes_raw()).decode(),
                "opening": [{"suite": k.suite, "secret": base64.b64encode(k.secret).decode()} for k in self.opening],
                "preferred": self.preferred,
            }
        )

    @staticmethod
    def from_json(number: int, text: str) -> Generation:
        """Back again."""
        kept = json.loads(text)
        opening = tuple(OpeningKey(k["suite"], base64.b64decode(k["secret"])) for k in kept["opening"])
        sign = Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept["sign"]))
        return Generation(number, sign, opening, kept["preferred"])


class Keys:
    """All generations. Any thread may use it. Raises GatewayError keys-away when none can be read."""

    def __init__(self, data: Path, store: Store) -> None:
        self._directory = data / "keys"
        self._directory.mkdir(mode=0o700, exist_ok=True)
        self._store = store
        self._lock = threading.Lock()
        self._generations: dict[int, Generation] = {}
        self._seen_ns = -1
        self._told: set[str] = set()  # faults that were logged
        self.session = _once(data / "session.key", os.urandom(32))
        if not any(self._directory.glob("*.json")):
            self.make(1)
        self._ring = Keyring(())
        self._look()
        if not self._generations:
            raise GatewayError(503, "keys-away", f"no key in {self._directory} can be read; restore it from its backup")
        self._active = min(self._generations)

    @property
    def current(self) -> Generation:
        """The generation in force. Raises GatewayError keys-away."""
        self._look()
        newest = max(self._generations)
        if newest != self._active:  # the file is there; whether it is in force yet, the database says
            with self._store.reading() as db:
                return self.within(db)
        return self._generations[self._active]

    def within(self, db: Connection) -> Generation:
        """The generation in force for this transaction. Raises GatewayError keys-away: its file is not here."""
        said = db.execute(select(settings.c.value).where(settings.c.name == ACTIVE)).scalar()
        number = int(said) if said else min(self._generations)
        if number not in self._generations:
            self._look(again=True)
        if number not in self._generations:
            raise GatewayError(
                503, "keys-away", f"key generation {number} is in force and its file is not in this machine's keys/",
                {"Retry-After": "30"},
            )  # fmt: skip
        self._active = number
        return self._generations[number]

    @property
    def public(self) -> PlatformKeys:
        """What terminals may know now."""
        return self.current.public

    @property
    def ring(self) -> Keyring:
        """All that open."""
        self._look()
        return self._ring

    def look_again(self) -> Keyring:
        """All that open, whatever the directory's time says: for who has met a key that is not among them."""
        self._look(again=True)
        return self._ring

    @property
    def count(self) -> int:
        """How many generations are here."""
        self._look()
        return len(self._generations)

    @property
    def newest(self) -> int:
        """The highest number of a generation, in force or not yet."""
        self._look(again=True)
        return max(self._generations)

    def generation(self, number: int) -> Generation:
        """One by its number."""
        self._look(again=True)
        return self._generations[number]

    def make(self, number: int, preferred: int = SUITE_X25519) -> None:
        """Writes a generation; it is not in force by that. What another process wrote first stays."""
        fresh = Generation(
            number, Ed25519PrivateKey.generate(), tuple(OpeningKey.new(suite) for suite in SUITES), preferred
        )
        _once(self._directory / f"{number:04d}.json", fresh.to_json().encode())

    def _look(self, *, again: bool = False) -> None:
        """Takes in what is new. What cannot be read now is passed over: what is known stays in use."""
        try:
            changed_ns = os.stat(self._directory).st_mtime_ns
        except OSError as fault:
            self._tell(f"{self._directory} cannot be read: {fault.strerror}")
            return
        if changed_ns == self._seen_ns and not again:
            return
        with self._lock:
            whole = True
            for path in self._directory.glob("*.json"):
                if not path.stem.isdecimal() or int(path.stem) in self._generations:
                    continue
                try:
                    read = Generation.from_json(int(path.stem), path.read_text(encoding="utf-8"))
                except (OSError, ValueError, KeyError, TypeError) as fault:  # being copied, damaged, not ours to read
                    whole = False
                    self._tell(f"the key {path} cannot be read: {type(fault).__name__}")
                    continue
                self._generations = {**self._generations, read.number: read}
            self._ring = Keyring(key for g in self._generations.values() for key in g.opening)
            settled = whole and time.time_ns() - changed_ns > _SETTLED_NS
            self._seen_ns = changed_ns if settled else -1

    def _tell(self, words: str) -> None:
        """Once each, not with every request."""
        if words not in self._told:
            self._told.add(words)
            log.error("%s", words)


def _once(path: Path, content: bytes) -> bytes:
    """Writes a secret once: to a temporary name first, so that two starters agree on one. What is there then."""
    if not path.exists():
        draft = path.with_suffix(f".{os.urandom(8).hex()}.new")  # a process's number may come again
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    return path.read_bytes()

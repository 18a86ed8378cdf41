# SPDX-License-Identifier: Apache-2.0
"""Attachments on their way: what was given up, whose they are, and how much room they take."""

from __future__ import annotations

import hashlib
import io
import random
from pathlib import Path
from typing import Any

import pytest

from contract.attachment import seal_whole
from contract.header import AttachmentRef
from contract.record import MAX_ATTACHMENTS
from offline.client.registrar import Registrar
from offline.client.store import StoreClient
from offline.errors import AttachmentRejected, OfflineError
from offline.port import messages as m
from offline.registration import Attachment
from offline.store.staging import IN_MEMORY, Staging
from offline.store.submission import HandInRefused
from offline.terminal import Terminal
from tests.offline.client.test_registrar import Ask, Forger, in_order, read, register
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, own_records, terminal_at
from tests.offline.port.conftest import serving


class Torn(io.BytesIO):
    """A file that goes away while it is read."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 200_000:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_one_that_was_given_up_midway_leaves_nothing_to_the_next(
    client: StoreClient, terminal: Terminal, platform: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = Attachment("ab" * 32, random.Random(1).randbytes(600_000), "image/jpeg", "bankcard")
    made = application(client.registrar.new_tracking_code())
    with monkeypatch.context() as patched:
        patched.setattr(Attachment, "open", lambda self: Torn(self.data))
        with pytest.raises(AttachmentRejected) as refused:
            client.registrar.submit(made, [attachment(1, 60), large])
    assert refused.value.code == "attachment-truncated"
    client.registrar.submit(made, [attachment(1, 60), large])
    (record,) = in_order(terminal, 1)
    assert len(record.header.attachments) == 2
    read(record, platform, terminal)


def test_trying_again_and_again_does_not_fill_up(
    client: StoreClient, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = application(client.registrar.new_tracking_code())
    pictures = [attachment(n, 40) for n in range(20)]
    with monkeypatch.context() as patched:
        patched.setattr("offline.store.spool.Spool.begin_segment", full)
        terminal.ask(lambda _o, _i, spool: setattr(spool, "_closed_at", 1))
        for _ in range(5):
            with pytest.raises(OfflineError) as refused:
                client.registrar.submit(made, pictures)
            assert refused.value.code == "disk-full"
    client.registrar.submit(made, pictures)
    (record,) = own_records(terminal)
    assert len(record.header.attachments) == 20


def full(_self: object) -> None:
    from offline.errors import DiskFull

    raise DiskFull("the disk is full")


def test_what_one_client_stages_is_not_another_s(ask: Ask, terminal: Terminal) -> None:
    mine, theirs = Forger(ask(), terminal), Forger(ask(), terminal)
    sealed = seal_whole(b"picture", terminal.require_enrolment().platform)
    digest = mine.port.ask(m.Stage(sealed, True)).digest
    header, payload = theirs.sealed(theirs.header(attachments=(AttachmentRef(digest, len(sealed)),)))
    assert theirs.refused(header, payload, (digest,)) == "hand-in-attachment"


def test_all_that_is_staged_takes_little_memory(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging:
        for number in range(MAX_ATTACHMENTS):
            piece = bytes([number]) * 500_000
            size, digest = staging.add(piece, True)
            assert (size, digest) == (500_000, hashlib.sha256(piece).hexdigest())
        assert sum(one.size for one in staging.whole.values() if one.in_memory) <= IN_MEMORY
        for digest, one in staging.whole.items():
            assert hashlib.sha256(b"".join(one.pieces())).hexdigest() == digest
        with pytest.raises(AttachmentRejected) as refused:
            staging.add(b"one more", True)
        assert refused.value.code == "attachment-too-many"
        assert list(tmp_path.iterdir()) == [], "the files have no names"
    assert staging.whole == {}


def test_a_large_one_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline.store.staging.MAX_ATTACHMENT", 1_000_000)
    with Staging(tmp_path) as staging:
        staging.add(bytes(900_000), False)
        with pytest.raises(AttachmentRejected) as refused:
            staging.add(bytes(200_000), False)
        assert refused.value.code == "attachment-too-large"
        assert staging.add(b"the next", True)[0] == 8


def test_the_registrar_tells_a_picture_that_grew(client: StoreClient, terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    path.write_bytes(bytes(300_000))
    one = Attachment("cd" * 32, b"", "image/jpeg", None, path)

    class Growing(Registrar):
        def _stage(self, given: Any, platform: Any) -> Any:
            size = type(given).size
            try:
                type(given).size = property(lambda _self: 200_000)
                return super()._stage(given, platform)
            finally:
                type(given).size = size

    registrar = Growing(client.port, terminal.hash_key)
    made = application(client.registrar.new_tracking_code())
    with pytest.raises(AttachmentRejected):
        registrar.submit(made, [one])
    client.registrar.submit(made, [one])
    in_order(terminal, 1)


def test_without_a_keeper_it_is_the_same(tmp_path: Path, platform: Keys) -> None:
    with terminal_at(tmp_path / "alone", platform) as terminal:
        for seed in range(3):
            register(terminal.client, seed, pictures=1)
        for record in in_order(terminal, 3):
            read(record, platform, terminal)
        with pytest.raises(OfflineError) as refused:
            terminal.client.port.ask(m.HandIn(b"", b""))
        assert isinstance(refused.value, HandInRefused)
        with serving(terminal):
            register(terminal.client, 4)
        in_order(terminal, 4)

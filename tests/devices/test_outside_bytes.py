# SPDX-License-Identifier: Apache-2.0
"""Whatever comes over a line, a bus, a socket or out of a program: a valid result, or the kind's own error."""

from __future__ import annotations

import functools
import struct
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.identity import Identity, check_id_number
from devices.base import IdCard, StaffCard
from devices.drivers import SECTIONS
from devices.errors import CardError, DeviceError, PrintFailed, ReaderError, ScanFailed
from devices.id_card import usb_reader as usb
from devices.id_card.frames import build_frame
from devices.id_card.record import build_text_block
from devices.id_card.sam_engine import SamEngine
from devices.id_card.sam_reader import SamReader
from devices.id_card.usb_simulator import SimulatedUsbReader
from devices.printer.ipp import IppPrinter
from devices.printer.ipp_simulator import SimulatedIppPrinter
from devices.profile import DeviceProfile, parse_profile
from devices.scanner import pile, sane
from devices.smart_card import piv, social_security
from devices.smart_card.apdu import build_item, items
from devices.smart_card.applets import PivApplet, SocialSecurityApplet
from devices.smart_card.reader import read_card
from devices.speech.prompts import INDEX, RecordedPrompts
from tests.devices.conftest import person
from tests.devices.printer.test_ipp import answering
from tests.fuzzing import examples

PDF = b"%PDF-1.4\n%%EOF\n"
SLOW = settings(
    max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
SPOILS = st.lists(
    st.tuples(st.sampled_from(["flip", "cut", "insert"]), st.integers(0, 5000), st.binary(min_size=1, max_size=8)),
    min_size=1,
    max_size=4,
)


def spoilt(data: bytes, spoils: list[tuple[str, int, bytes]]) -> bytes:
    """`data` with some places changed."""
    out = bytearray(data)
    for how, place, other in spoils:
        at = place % (len(out) + 1)
        if how == "flip":
            out[at : at + len(other)] = other
        elif how == "insert":
            out[at:at] = other
        else:
            del out[at : at + other[0]]
    return bytes(out)


def valid(identity: Identity) -> None:
    """What any part of the house relies on."""
    assert identity.name
    texts = (identity.name, identity.address, identity.issuer, identity.sex)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for text in texts for c in text)
    if identity.document != "foreigner-2017":
        check_id_number(identity.id_number)
    date.fromisoformat(identity.birth)
    assert Identity.from_dict(identity.to_dict()) == identity


# --- the resident card's reader -------------------------------------------------------------------------------------


class Saying:
    """A line at whose end anything may be said."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers

    def open(self) -> None:
        """Always."""

    def close(self) -> None:
        """Always."""

    def ask(self, _command: bytes, _patience: float) -> bytes:
        if not self._answers:
            raise ReaderError("reader-silent", "nothing more to say")
        return self._answers.pop(0)


BLOCK = build_text_block(person())
READ = b"\x00\x00\x90\x01\x00\x04\x00" + BLOCK + bytes(1024)
CONTENT = st.one_of(
    st.binary(max_size=40),
    st.binary(max_size=60).map(lambda b: b"\x00\x00\x90" + b),
    st.binary(min_size=256, max_size=256).map(lambda b: b"\x00\x00\x90\x01\x00\x04\x00" + b + bytes(1024)),
    SPOILS.map(lambda spoils: spoilt(READ, spoils)),
    SPOILS.map(lambda spoils: READ[:7] + spoilt(BLOCK, spoils)[:256].ljust(256) + bytes(1024)),
)


@given(st.lists(CONTENT, max_size=5), st.booleans())
def test_a_card_reader_that_says_anything(answers: list[bytes], finger: bool) -> None:
    reader = SamReader(Saying(answers), with_fingerprint=finger)
    for call in (reader.open, reader.present, reader.read):
        try:
            found = call()
        except (CardError, ReaderError):
            continue
        if isinstance(found, IdCard):
            valid(found.identity)


@given(SPOILS)
def test_a_card_whose_text_is_damaged_is_a_valid_person_or_refused(spoils: list[tuple[str, int, bytes]]) -> None:
    block = spoilt(BLOCK, spoils)[:256].ljust(256, b"\x20")
    try:
        found = SamReader(Saying([b"\x00\x00\x90", READ[:7] + block + bytes(1024)])).read()
    except CardError:
        return
    valid(found.identity)


class _Bus(SimulatedUsbReader):
    """A reader on USB that answers with anything, in packets of any size."""

    def __init__(self, said: bytes, most: int) -> None:
        super().__init__(most=most)
        self._said = said

    def bulk_write(self, _handle: Any, ep: int, _intf: int, data: Any, _timeout: int) -> int:
        if ep == usb.OUT_REST:
            self._waiting = {usb.IN_HEAD: self._said[: usb.HEAD], usb.IN_REST: self._said[usb.HEAD :]}
        return len(bytes(data))


@SLOW
@given(
    st.one_of(st.binary(max_size=900), SPOILS.map(lambda s: spoilt(build_frame(b"\x00\x00\x90"), s))),
    st.integers(1, 64),
)
def test_a_usb_line_on_which_anything_comes(said: bytes, most: int) -> None:
    line = usb.UsbLine(_Bus(said, most))
    line.open()
    try:
        assert build_frame(line.ask(b"\x11\xff", 0.03)) in said
    except ReaderError as fault:
        assert fault.code in ("reader-silent", "reader-checksum", "reader-fault")
    finally:
        line.close()


@given(st.lists(st.binary(max_size=12), max_size=6))
def test_the_simulated_reader_takes_any_command(commands: list[bytes]) -> None:
    engine = SamEngine()
    engine.present_card(person())
    for command in commands:
        assert engine.answer(command).startswith(b"\xaa\xaa\xaa\x96\x69")


# --- cards behind PC/SC -----------------------------------------------------------------------------------------------


@given(st.binary(max_size=300))
def test_any_bytes_are_items_or_a_card_error(data: bytes) -> None:
    with suppress(CardError):
        assert sum(len(value) for _, value in items(data)) <= len(data)


TAGS = sorted({*social_security.CARD_RECORDS, *social_security.HOLDER_RECORDS})
VALUE = st.one_of(st.binary(max_size=60), st.text(max_size=20).map(lambda t: t.encode("gb18030", "ignore")))


@given(st.dictionaries(st.sampled_from(TAGS), VALUE, max_size=4))
def test_a_social_security_card_with_any_contents(contents: dict[int, bytes]) -> None:
    applet = SocialSecurityApplet(person(), contents)
    try:
        found = read_card(applet.respond)
    except CardError:
        return
    assert isinstance(found, IdCard)
    valid(found.identity)


@given(st.dictionaries(st.sampled_from(TAGS), VALUE, max_size=3), SPOILS, st.integers(0, 30))
def test_a_social_security_card_on_a_bad_contact(
    contents: dict[int, bytes], spoils: list[tuple[str, int, bytes]], after: int
) -> None:
    applet, asked = SocialSecurityApplet(person(), contents), [0]

    def transmit(apdu: bytes) -> bytes:
        asked[0] += 1
        assert asked[0] < 5000, "a card keeps its reader for ever"
        answer = applet.respond(apdu)
        return spoilt(answer, spoils) if asked[0] > after else answer

    try:
        found = read_card(transmit)
    except CardError:
        return
    if isinstance(found, IdCard):
        valid(found.identity)


@functools.cache
def staff_certificate() -> bytes:
    applet = PivApplet("张代办", "258036")
    return applet.certificate


CERTIFICATE = st.one_of(st.binary(max_size=300), SPOILS.map(lambda s: spoilt(staff_certificate(), s)))


def packed(data: bytes, kind: int) -> bytes:
    import gzip

    return gzip.compress(data) if kind == 1 else data


@settings(max_examples=examples(300))
@given(CERTIFICATE, st.sampled_from([0, 1, 2, 255]), SPOILS, st.booleans())
def test_a_staff_card_with_any_certificate(
    body: bytes, kind: int, spoils: list[tuple[str, int, bytes]], outer: bool
) -> None:
    told = build_item(0x70, packed(body, kind)) + build_item(0x71, bytes([kind])) + build_item(0xFE, b"")
    data = build_item(0x53, spoilt(told, spoils) if outer else told)

    def transmit(apdu: bytes) -> bytes:
        if apdu[1] == 0xA4 and social_security.APPLICATION in apdu:
            return b"\x6a\x82"
        return (data if apdu[1] == 0xCB else b"") + b"\x90\x00"

    read: Callable[[], object]
    for read in (lambda: read_card(transmit), lambda: piv.prove(transmit, "258036")):
        try:
            found = read()
        except CardError:
            continue
        assert isinstance(found, StaffCard)
        assert len(found.key) == 64


# --- printers and scanners --------------------------------------------------------------------------------------------


@functools.cache
def ipp_answers() -> tuple[bytes, ...]:
    """A printer's true answers: of itself, and of a job."""
    from devices.printer import ipp_simulator as ipp

    peer = SimulatedIppPrinter()
    peer.close()
    printer = {"printer-state": 3, "printer-state-reasons": ["media-low-warning", "cover-open-report"]}
    return ipp._response(0, 1, [], printer), ipp._response(0, 1, [{"job-id": 1, "job-state": 5}], None)


@SLOW
@given(st.integers(0, 1), SPOILS)
def test_a_printer_whose_answer_is_damaged(which: int, spoils: list[tuple[str, int, bytes]]) -> None:
    with answering(spoilt(ipp_answers()[which], spoils)) as uri:
        printer = IppPrinter(uri)
        assert printer.status().device == "printer"
        with suppress(PrintFailed):
            printer.print_pdf(PDF, "x", timeout=0.01)


SIZES = st.sampled_from([0, 1, 7, 200, 99999, 2**31, -1])
PNM = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda kind, w, h, most, rest: f"P{kind}\n{w} {h}\n{most}\n".encode() + rest,
        st.integers(1, 7), SIZES, SIZES, st.sampled_from([0, 1, 255, 65535, 70000]), st.binary(max_size=300),
    ),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=PNM)
def test_a_page_of_any_bytes_from_scanimage(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "page-001.pnm"
    path.write_bytes(data)
    try:
        assert pile._page(path).data.startswith(b"\xff\xd8")
    except ScanFailed as fault:
        assert fault.code in ("scanner-fault", "picture-too-large")


SAID = ["scanimage: ", "sane_start: ", "sane_read: ", "open of device failed: ", "\n"]
LINES = st.lists(st.sampled_from(SAID) | st.text(max_size=20))


@given(st.integers(0, 255), LINES.map("".join))
def test_whatever_scanimage_says_is_a_fault_with_a_code(code: int, text: str) -> None:
    assert sane._fault(code or 1, text).code
    said = sane._said(text)
    assert said is None or said.code


# --- files ------------------------------------------------------------------------------------------------------------

TOML = st.one_of(
    st.text(max_size=120),
    st.builds(
        lambda section, key, value: f"[{section}]\ndriver = 'ipp'\n{key} = {value}\n",
        st.sampled_from([*SECTIONS, "coffee"]),
        st.sampled_from(["driver", "uri", "port", "x"]),
        st.sampled_from(["1", "'a'", "[1]", "{a = 1}", "1979-05-27", "inf", "''", "true"]),
    ),
)


@given(TOML)
def test_any_profile_is_one_or_says_what_is_wrong(text: str) -> None:
    try:
        assert isinstance(parse_profile(text), DeviceProfile)
    except DeviceError as fault:
        assert fault.code == "profile-wrong"
        assert str(fault)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=100), st.just(b'{"zh": {"a": "../../etc/x"}}'), st.just(struct.pack(">I", 7))))
def test_any_index_of_recordings_is_read_or_left(tmp_path: Path, data: bytes) -> None:
    (tmp_path / INDEX).write_bytes(data)
    assert len(RecordedPrompts(tmp_path)) == 0


def test_the_damage_really_differs() -> None:
    assert spoilt(b"abc", [("flip", 1, b"x")]) == b"axc"
    assert spoilt(b"abc", [("cut", 0, b"\x02")]) == b"c"
    assert spoilt(b"abc", [("insert", 3, b"!")]) == b"abc!"
    with pytest.raises(CardError):
        read_card(lambda _apdu: b"\x6a\x82")

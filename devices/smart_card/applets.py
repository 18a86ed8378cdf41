# SPDX-License-Identifier: Apache-2.0
"""What is inside virtual cards: a social-security card and a PIV card, answering commands as real ones do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import NameOID

from contract.identity import Identity
from devices.smart_card import piv, social_security
from devices.smart_card.apdu import build_item, item

DONE, NOT_FOUND, WRONG_DATA, NOT_KNOWN, DENIED = b"\x90\x00", b"\x6a\x82", b"\x6a\x80", b"\x6d\x00", b"\x69\x82"
NO_RECORD, BLOCKED = b"\x6a\x83", b"\x69\x83"
ATR = bytes.fromhex("3B800181")
_PIECE = 256  # bytes a card sends at once


class Applet(Protocol):
    """Answers commands; `reset` when power was off."""

    def reset(self) -> None:
        """Forgets what was selected and proven."""

    def respond(self, apdu: bytes) -> bytes:
        """The answer with its status."""


class _Answering:
    """GET RESPONSE (ISO/IEC 7816-4, 7.6.1): long answers leave in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def reset(self) -> None:
        """Power was off."""
        self._rest = b""

    def _leave(self, answer: bytes) -> bytes:
        piece, self._rest = answer[:_PIECE], answer[_PIECE:]
        return piece + (bytes([0x61, min(len(self._rest), 255)]) if self._rest else DONE)

    def _more(self, count: int) -> bytes:
        piece, self._rest = self._rest[: count or _PIECE], self._rest[count or _PIECE :]
        return piece + (bytes([0x61, min(len(self._rest), 255)]) if self._rest else DONE)


class SocialSecurityApplet(_Answering):
    """Records of EF05 and EF06 for a person. `spoilt` replaces the value of single tags, for damaged cards."""

    def __init__(self, identity: Identity, spoilt: dict[int, bytes] | None = None) -> None:
        super().__init__()
        holder = {
            social_security.NUMBER: identity.id_number.encode(),
            **_names(identity.name),
            social_security.SEX: identity.sex.encode(),
            social_security.NATION: _digits(identity.ethnic, 1),
            social_security.BIRTH: _digits(identity.birth, 4),
        }
        card = {
            social_security.CARD_ID: _digits(identity.id_number[:6] + "0" * 26, 16),
            social_security.VERSION: b"3.00",
            social_security.ISSUED: _digits(identity.valid_from, 4),
            social_security.EXPIRES: _digits(identity.valid_to or "", 4),
            social_security.CARD_NUMBER: b"A12345678",
        }
        spoilt = spoilt or {}
        self._files = {
            social_security.CARD_FILE: {t: spoilt.get(t, v) for t, v in card.items()},
            social_security.HOLDER_FILE: {t: spoilt.get(t, v) for t, v in holder.items()},
        }
        self._numbers = {
            social_security.CARD_FILE: social_security.CARD_RECORDS,
            social_security.HOLDER_FILE: social_security.HOLDER_RECORDS,
        }
        self._file = 0

    def reset(self) -> None:
        """Power was off."""
        super().reset()
        self._file = 0

    def respond(self, apdu: bytes) -> bytes:
        """SELECT and READ RECORD."""
        if len(apdu) < 4:
            return NOT_KNOWN
        ins, p1, p2, data = apdu[1], apdu[2], apdu[3], apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        if ins == 0xA4:
            return self._select(p1, data)
        if ins == 0xB2:
            return self._record(p1, by_tag=p2 == 0, expect=apdu[4] if len(apdu) > 4 else 0)
        return self._more(apdu[4]) if ins == 0xC0 and len(apdu) > 4 else NOT_KNOWN

    def _select(self, p1: int, data: bytes) -> bytes:
        if p1 == 4:
            return DONE if data == social_security.APPLICATION else NOT_FOUND
        self._file = int.from_bytes(data, "big")
        return DONE if self._file in self._files else NOT_FOUND

    def _record(self, number: int, *, by_tag: bool, expect: int) -> bytes:
        numbers = self._numbers.get(self._file, {})
        tag = number if by_tag else next((t for t, n in numbers.items() if n == number), -1)
        value = self._files.get(self._file, {}).get(tag)
        if value is None:
            return NO_RECORD
        answer = bytes([tag, len(value)]) + value
        if expect not in (0, len(answer)):
            return bytes([0x6C, len(answer)])
        return answer + DONE


def _names(name: str) -> dict[int, bytes]:
    """30 bytes of name; what does not fit goes into the extension."""
    first = name
    while len(first.encode("gb18030")) > 30:
        first = first[:-1]
    rest = name[len(first) :].encode("gb18030")
    found = {social_security.NAME: first.encode("gb18030").ljust(30, b"\0")}
    return found | ({social_security.NAME_REST: rest} if rest else {})


def _digits(text: str, size: int) -> bytes:
    digits = "".join(c for c in text if c.isdigit())
    return bytes.fromhex(digits.ljust(size * 2, "F")[: size * 2])


class PivApplet(_Answering):
    """A staff card with a key of its own. `certificate_of` another card's key makes it one that is not genuine."""

    TRIES = 3

    def __init__(
        self, name: str, pin: str, *, algorithm: str = "p256", key: bytes = b"", certificate_of: bytes = b""
    ) -> None:
        super().__init__()
        self._pin = pin.encode().ljust(8, b"\xff")
        self.tries = self.TRIES
        self._open = False
        self._chain = b""
        self._key = _load(key) if key else _new_key(algorithm)
        self.certificate = _certificate(name, _load(certificate_of) if certificate_of else self._key)

    def private_key(self) -> bytes:
        """PKCS 8, DER."""
        return self._key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def reset(self) -> None:
        """Power was off: the PIN must be given again."""
        super().reset()
        self._open, self._chain = False, b""

    def respond(self, apdu: bytes) -> bytes:
        """SELECT, GET DATA, VERIFY, GENERAL AUTHENTICATE."""
        if len(apdu) < 4:
            return NOT_KNOWN
        cla, ins, data = apdu[0], apdu[1], apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        if cla & 0x10:
            self._chain += data
            return DONE
        data, self._chain = self._chain + data, b""
        if ins == 0xA4:
            return DONE if data == piv.APPLICATION else NOT_FOUND
        if ins == 0xCB:
            body = build_item(0x70, self.certificate) + build_item(0x71, b"\0") + build_item(0xFE, b"")
            return self._leave(build_item(0x53, body))
        if ins == 0x20:
            return self._verify(data)
        if ins == 0x87:
            return self._authenticate(data)
        return self._more(apdu[4]) if ins == 0xC0 and len(apdu) > 4 else NOT_KNOWN

    def _verify(self, pin: bytes) -> bytes:
        if self.tries == 0:
            return BLOCKED
        if pin == self._pin:
            self.tries, self._open = self.TRIES, True
            return DONE
        self.tries, self._open = self.tries - 1, False
        return bytes([0x63, 0xC0 + self.tries]) if self.tries else BLOCKED

    def _authenticate(self, data: bytes) -> bytes:
        if not self._open:
            return DENIED
        challenge = item(item(data, 0x7C), 0x81)
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            signature = self._key.sign(challenge, ec.ECDSA(Prehashed(hashes.SHA256())))
        else:
            numbers = self._key.private_numbers()
            signature = pow(int.from_bytes(challenge, "big"), numbers.d, numbers.public_numbers.n).to_bytes(256, "big")
        return self._leave(build_item(0x7C, build_item(0x82, signature)))


Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def _new_key(algorithm: str) -> Key:
    return ec.generate_private_key(ec.SECP256R1()) if algorithm == "p256" else rsa.generate_private_key(65537, 2048)


def _load(key: bytes) -> Key:
    found = serialization.load_der_private_key(key, None)
    assert isinstance(found, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    return found


def _certificate(name: str, key: Key) -> bytes:
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(who, who, key.public_key(), 1, begin, begin + timedelta(days=3650))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

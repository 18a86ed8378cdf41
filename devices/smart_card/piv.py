# SPDX-License-Identifier: Apache-2.0
"""The PIV card of a member of staff (NIST SP 800-73-4): its certificate, its PIN, and a proof that it is the one."""

from __future__ import annotations

import hashlib
import os
import zlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from devices.errors import CardError
from devices.smart_card.apdu import CardRefused, Transmit, build_item, command, exchange, exchange_long, item

APPLICATION = bytes.fromhex("A000000308000010000100")
AUTHENTICATION_CERTIFICATE = bytes.fromhex("5FC105")  # SP 800-73-4 part 1, table 3
PIN_REFERENCE, AUTHENTICATION_KEY = 0x80, 0x9A
RSA_2048, P256 = 0x07, 0x11  # SP 800-78-4, table 6-2
_PIN_SIZE = 8
_BLOCKED = 0x6983
_DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")  # RFC 8017, 9.2
_MOST_CERTIFICATE = 65536  # bytes, unpacked


class PinRefused(CardError):
    """pin-wrong or pin-blocked; `remaining` tries."""

    def __init__(self, remaining: int) -> None:
        code = "pin-wrong" if remaining else "pin-blocked"
        super().__init__(code, f"the card refused the PIN; {remaining} tries remain")
        self.remaining = remaining


def is_piv(transmit: Transmit) -> bool:
    """Whether the card knows the application; it is selected then."""
    try:
        exchange(transmit, command(0, 0xA4, 4, 0, APPLICATION, expect=0))
    except CardRefused:
        return False
    return True


def certificate(transmit: Transmit) -> x509.Certificate:
    """The certificate for authentication. Raises CardError card-malformed, card-refused."""
    wanted = build_item(0x5C, AUTHENTICATION_CERTIFICATE)
    outer = item(exchange(transmit, command(0, 0xCB, 0x3F, 0xFF, wanted, expect=0)), 0x53)
    body, info = item(outer, 0x70), item(outer, 0x71)
    try:
        if info[:1] == b"\x01":
            body = zlib.decompressobj(wbits=31).decompress(body, _MOST_CERTIFICATE)
        found = x509.load_der_x509_certificate(body)
        found.public_key(), found.subject
    except (ValueError, zlib.error, UnsupportedAlgorithm) as fault:
        raise CardError("card-malformed", "the certificate on the card is damaged") from fault
    return found


def key_digest(found: x509.Certificate) -> str:
    """SHA-256 of the public key, hex: by this a member of staff's card is known."""
    key = found.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()


def verify_pin(transmit: Transmit, pin: str) -> None:
    """Opens the key. Raises PinRefused, CardError pin-malformed before a try is spent on what can be no PIN."""
    if not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= _PIN_SIZE):
        raise CardError("pin-malformed", "a card's PIN has six to eight digits")
    try:
        exchange(transmit, command(0, 0x20, 0, PIN_REFERENCE, pin.encode().ljust(_PIN_SIZE, b"\xff")))
    except CardRefused as fault:
        if fault.status == _BLOCKED:
            raise PinRefused(0) from fault
        if fault.status & 0xFFF0 == 0x63C0:
            raise PinRefused(fault.status & 0x0F) from fault
        raise


def prove(transmit: Transmit, pin: str) -> str:
    """Signs in: the PIN, then a fresh challenge that only this card's key can sign. Its `key_digest`.

    Raises PinRefused, CardError card-not-genuine. That the key is one of ours is for the caller to know.
    """
    found = certificate(transmit)
    verify_pin(transmit, pin)
    challenge = os.urandom(32)
    _check(found.public_key(), _sign(transmit, found.public_key(), challenge), challenge)
    return key_digest(found)


def _sign(transmit: Transmit, key: object, digest: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size == 256:
        algorithm, message = P256, digest
    elif isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048:
        filling = b"\xff" * (256 - 3 - len(_DIGEST_INFO_SHA256) - len(digest))
        algorithm, message = RSA_2048, b"\x00\x01" + filling + b"\x00" + _DIGEST_INFO_SHA256 + digest
    else:
        raise CardError("card-unsupported", "the card's key is neither P-256 nor RSA-2048")
    template = build_item(0x7C, build_item(0x82, b"") + build_item(0x81, message))
    answer = exchange_long(transmit, 0, 0x87, algorithm, AUTHENTICATION_KEY, template)
    return item(item(answer, 0x7C), 0x82)


def _check(key: object, signature: bytes, digest: bytes) -> None:
    hashed = Prehashed(hashes.SHA256())
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(hashed))
        else:
            assert isinstance(key, rsa.RSAPublicKey)
            key.verify(signature, digest, padding.PKCS1v15(), hashed)
    except InvalidSignature as fault:
        raise CardError("card-not-genuine", "the card cannot prove that it is the one it says") from fault

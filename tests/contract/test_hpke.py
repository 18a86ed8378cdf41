# SPDX-License-Identifier: Apache-2.0
"""HPKE in two halves: by RFC 9180's own vectors, and against the library's in both directions."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from contract.hpke import ENC_SIZE, decapsulate, key_schedule, open_with_secret
from contract.sealing import OpeningKey, SealError, open_sealed, seal

RAW = bytes.fromhex

# RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode
EPHEMERAL = X25519PrivateKey.from_private_bytes(RAW("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600"))
RECIPIENT = X25519PrivateKey.from_private_bytes(RAW("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"))
PUBLIC = RAW("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
ENC = RAW("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
SECRET = RAW("0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7")
INFO = b"Ode on a Grecian Urn"
KEY = RAW("ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91")
NONCE = RAW("5c4d98150661b848853b547f")
# A.2.1.1, sequence number 0
PLAIN = b"Beauty is truth, truth beauty"
AAD = b"Count-0"
CIPHERTEXT = RAW("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28")

SMALL_ORDER = (  # RFC 7748, section 7 and its errata: points whose product with any key is zero
    bytes(32),
    b"\x01" + bytes(31),
    RAW("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    RAW("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    RAW("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
)


def test_the_half_with_the_key_by_the_vectors() -> None:
    assert RECIPIENT.public_key().public_bytes_raw() == PUBLIC
    assert EPHEMERAL.public_key().public_bytes_raw() == ENC
    assert decapsulate(ENC, RECIPIENT) == SECRET


def test_the_half_without_by_the_vectors() -> None:
    assert key_schedule(SECRET, INFO) == (KEY, NONCE)
    assert open_with_secret(CIPHERTEXT, SECRET, INFO, AAD) == PLAIN
    assert ChaCha20Poly1305(KEY).encrypt(NONCE, PLAIN, AAD) == CIPHERTEXT


@pytest.mark.parametrize("plain", [b"", b"x", "请补正".encode() * 500])
@pytest.mark.parametrize("info", [b"", b"doorstep event 1" + bytes(40)])
def test_what_the_library_seals_opens_in_two_halves(plain: bytes, info: bytes) -> None:
    key = OpeningKey.new()
    sealed = seal(plain, key.public, info)
    secret = decapsulate(sealed[:ENC_SIZE], X25519PrivateKey.from_private_bytes(key.secret))
    assert open_with_secret(sealed[ENC_SIZE:], secret, info) == plain == open_sealed(sealed, key, info)


@pytest.mark.parametrize("plain", [b"", b"x" * 1000])
def test_what_the_two_halves_would_seal_the_library_opens(plain: bytes) -> None:
    """Encapsulation with a key of ours (section 4.1): Diffie-Hellman is the same from both sides."""
    recipient, ephemeral = OpeningKey.new(), X25519PrivateKey.generate()
    enc = ephemeral.public_key().public_bytes_raw()
    secret = decapsulate(enc, X25519PrivateKey.from_private_bytes(recipient.secret))
    key, nonce = key_schedule(secret, INFO)
    assert open_sealed(enc + ChaCha20Poly1305(key).encrypt(nonce, plain, b""), recipient, INFO) == plain


@pytest.mark.parametrize("enc", [*SMALL_ORDER, b"", b"x" * 31, b"x" * 33])
def test_an_encapsulated_key_that_is_none_is_refused(enc: bytes) -> None:
    with pytest.raises(SealError) as refused:
        decapsulate(enc, RECIPIENT)
    assert refused.value.code == "seal-broken"


def test_another_secret_info_aad_or_byte_opens_nothing() -> None:
    for ciphertext, secret, info, aad in (
        (CIPHERTEXT[:-1] + b"\x00", SECRET, INFO, AAD),
        (CIPHERTEXT[:15], SECRET, INFO, AAD),
        (b"", SECRET, INFO, AAD),
        (CIPHERTEXT, bytes(32), INFO, AAD),
        (CIPHERTEXT, SECRET, INFO + b"\x00", AAD),
        (CIPHERTEXT, SECRET, INFO, b""),
    ):
        with pytest.raises(SealError) as refused:
            open_with_secret(ciphertext, secret, info, aad)
        assert refused.value.code == "seal-broken"


def test_the_secret_of_one_message_opens_no_other() -> None:
    key = OpeningKey.new()
    one, two = (seal(b"plain", key.public, INFO) for _ in range(2))
    secret = decapsulate(one[:ENC_SIZE], X25519PrivateKey.from_private_bytes(key.secret))
    assert open_with_secret(one[ENC_SIZE:], secret, INFO) == b"plain"
    with pytest.raises(SealError):
        open_with_secret(two[ENC_SIZE:], secret, INFO)

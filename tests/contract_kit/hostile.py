# SPDX-License-Identifier: Apache-2.0
"""H: bytes that nobody foresaw are refused; the platform stays well."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from contract.parcel import FrameType, frame, parcel_header
from tests.contract_kit.answers import refusal_form
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import broken, point, same
from tests.contract_kit.terminal import digest_of, parcel_of

ROUNDS = 40


def looked_at(kit: Kit, method: str, path: str, body: bytes = b"", **headers: str) -> None:
    """Raises Broken where the platform fails instead of refusing."""
    answer = kit.one.call(method, path, body, **headers)
    if answer.status_code == 503:  # it may be busy, or call a fault of the sender its own
        time.sleep(1)
        answer = kit.one.call(method, path, body, **headers)
    if answer.status_code >= 500:
        broken(f"{method} {path[:80]} with {len(body)} bytes ({body[:24].hex()}...) was answered {answer.status_code}")
    if answer.status_code >= 400 and method != "HEAD":
        refusal_form(answer)


def spoiled(source: random.Random, whole: bytes) -> bytes:
    """The same with some bytes changed, cut or doubled."""
    data = bytearray(whole)
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(data))
        match source.randrange(4):
            case 0:
                data[at] ^= 1 << source.randrange(8)
            case 1:
                del data[at : at + source.randint(1, 40)]
            case 2:
                data[at:at] = data[at : at + source.randint(1, 40)]
            case _:
                data[at : at + 4] = b"\xff\xff\xff\xff"
        if not data:
            data = bytearray(b"\x00")
    return bytes(data)


@point(
    "H-01",
    "Spoiled parcels and records are refused, never a failure (5xx)",
    "Check before you believe: lengths, types, depth. Refuse with 4xx or per record.",
)
def parcels(kit: Kit) -> str:
    source = random.Random(kit.choices.seed)
    good = kit.one.note()
    kit.one.kept(good)  # first: custody may not look at its own terminal's signatures, and an id is taken once
    for _ in range(ROUNDS):
        looked_at(kit, "POST", "/v1/records", spoiled(source, parcel_of(good.encode())))
        records = (frame(FrameType.RECORD, spoiled(source, good.encode())) for _ in range(8))
        looked_at(kit, "POST", "/v1/records", parcel_header() + b"".join(records))
    same(kit.one.results(good.encode())[0].get("status"), "duplicate", "status of the true record afterwards")
    return f"{ROUNDS * 9} spoiled records and parcels, seed {kit.choices.seed}"


def bodies(source: random.Random) -> Iterator[bytes]:
    """What is no request of ours."""
    yield from (b"", b"\x00", b"\xff\xfe", b"[" * 5000, b'{"a":' * 3000, b'"\\ud800"', b"{}", b"null", b"1e999")
    yield from (b'{"records":[[' + b"1," * 9 + b"1]]}", b'{"code":"\\u0000","sign_key":"","seal_key":""}')
    for _ in range(8):
        yield source.randbytes(source.randint(1, 300))


@point(
    "H-02",
    "Nonsense in the other calls is refused, never a failure (5xx)",
    "Answer 4xx with a refusal as JSON to any body.",
)
def nonsense(kit: Kit) -> None:
    source = random.Random(kit.choices.seed)
    for body in bodies(source):
        for method, path, kind in (
            ("POST", "/v1/enrol", "application/json"),
            ("POST", "/v1/token", "application/x-www-form-urlencoded"),
            ("POST", "/v1/inventory", "application/json"),
            ("PATCH", f"/v1/attachments/{'5' * 64}", "application/offset+octet-stream"),
        ):
            looked_at(kit, method, path, body, Content_Type=kind)
    looked_at(kit, "POST", "/v1/token", b"--x\r\nbroken", Content_Type="multipart/form-data; boundary=x")
    looked_at(kit, "POST", "/v1/token", b"a=b", Content_Type="multipart/form-data")


@point(
    "H-03",
    "Numbers, names and headers out of any range are refused, never a failure (5xx)",
    "Check ranges: a number of thirty digits, a negative one, text with odd characters.",
)
def ranges(kit: Kit) -> None:
    huge = "9" * 30
    for query in (
        f"since={huge}", f"since=-{huge}", "since=-1", f"limit={huge}", "limit=0", "limit=-5", f"since={2**63}",
        "mark=" + "x" * 3000, "mark=%00", "since=%EF%BC%91", f"since=5&mark={huge}", "since=&limit=",
    ):  # fmt: skip
        looked_at(kit, "GET", f"/v1/feed?{query}")
    for path in (
        "/v1/dictionary/" + huge, "/v1/dictionary/-1", "/v1/dictionary/x", "/v1/attachments/..%2F..%2Fkeys",
        "/v1/attachments/%00", "/v1/attachments/" + "A" * 64, "/v1/catalogue?since=%00",
        "/v1/catalogue?since=" + "x" * 3000,
    ):  # fmt: skip
        looked_at(kit, "GET", path)
        looked_at(kit, "HEAD", path)
        looked_at(kit, "PATCH", path, b"x", Upload_Offset="0")
    file = kit.one.file(50)
    kit.one.kept(kit.one.note([file]))
    path = f"/v1/attachments/{digest_of(file)}"
    for offset in (huge, "-1", f"-{huge}", "1.5", "0x10", "", "١"):
        looked_at(kit, "PATCH", path, b"x", Upload_Offset=offset.encode().decode("latin-1"))
    for token in ("Bearer " + "x" * 5000, "Bearer a.b.c", "Bearer \x80\xff", "Bearer e30.e30.e30", "Bearer"):
        answer = kit.line.ask("GET", "/v1/feed", Authorization=token)
        same(answer.status_code, 401, f"status with the token {token[:20]!r}")

# SPDX-License-Identifier: Apache-2.0
"""Trains contract/dictionary/N.dict from fictional applications. A number's bytes never change once shipped."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import zstandard

from contract.application import Application, Consent, MaterialAnswer, Value
from contract.packing import to_cbor
from contract.sample import sample_catalogue
from contract.sample.people import example_line, example_values
from offline.intake.lines import read_line

SIZE = 32 * 1024
EACH = 60


def payloads(seed: int) -> list[bytes]:
    """Applications of every item, as they are packed: from visits, and from lines that staff entered."""
    catalogue, rng, today = sample_catalogue(), random.Random(seed), date(2026, 11, 23)
    made = []
    for item in catalogue.items.values():
        for _ in range(EACH):
            now = _moment(rng)
            identity, values = example_values(item, rng, today, catalogue.areas)
            sources = {f.id: "card" if (f.prefill or "").startswith("card.") else "resident" for f in item.fields}
            application = Application(
                item.id, item.version, item.content_hash, f"{rng.randint(10**11, 10**12 - 1)}", identity,
                {k: Value(v, sources[k], sources[k] == "card") for k, v in values.items()},
                tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
                Consent("1", _moment(rng).isoformat(), True, True), now.isoformat(),
                signature=_strokes(rng),
            )  # fmt: skip
            made.append(to_cbor(application.to_payload()))
            if not any(field.type == "image" and field.required for field in item.fields):
                line = example_line(item, rng, now.date(), catalogue)
                entered, _ = read_line(catalogue, line, Path(), now)
                made.append(to_cbor(replace(entered, tracking_code=application.tracking_code).to_payload()))
    return made


def _moment(rng: random.Random) -> datetime:
    return datetime.fromtimestamp(rng.randint(1_764_500_000, 1_859_100_000), timezone(timedelta(hours=8)))


def _strokes(rng: random.Random) -> dict[str, object]:
    strokes = [[[rng.randint(0, 800), rng.randint(0, 300), 12 * i, 0.5] for i in range(8)] for _ in range(3)]
    return {"width": 800, "height": 300, "strokes": strokes}


def main() -> None:
    """Writes the dictionary whose number is the argument."""
    target = Path("contract/dictionary") / f"{int(sys.argv[1])}.dict"
    if target.exists():
        sys.exit(f"{target} is shipped; a new dictionary takes a new number")
    samples = payloads(1)
    dictionary = zstandard.train_dictionary(SIZE, samples, level=19)
    target.write_bytes(dictionary.as_bytes())
    print(f"{target}: {len(dictionary.as_bytes())} bytes from {len(samples)} applications")
    compress = zstandard.ZstdCompressor(level=19, dict_data=dictionary, write_dict_id=False).compress
    plain = zstandard.ZstdCompressor(level=19).compress
    others = payloads(2)
    print("mean bytes:", *(round(sum(map(len, map(f, others))) / len(others)) for f in (bytes, plain, compress)))


if __name__ == "__main__":
    main()

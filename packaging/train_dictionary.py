# SPDX-License-Identifier: Apache-2.0
"""Trains contract/dictionary/N.dict from fictional applications. A number's bytes never change once shipped."""

from __future__ import annotations

import random
import sys
from datetime import date
from pathlib import Path

import zstandard

from contract.application import Application, Consent, MaterialAnswer, Value
from contract.packing import to_cbor
from contract.people import example_values
from contract.sample import sample_catalogue

SIZE = 16 * 1024
EACH = 60


def payloads(seed: int) -> list[bytes]:
    """Applications of every item, as they are packed."""
    catalogue, rng, today = sample_catalogue(), random.Random(seed), date(2026, 11, 23)
    made = []
    for item in catalogue.items.values():
        for number in range(EACH):
            identity, values = example_values(item, rng, today, catalogue.areas)
            sources = {f.id: "card" if (f.prefill or "").startswith("card.") else "resident" for f in item.fields}
            application = Application(
                item.id, item.version, item.content_hash, f"{rng.randint(10**11, 10**12 - 1)}", identity,
                {k: Value(v, sources[k], sources[k] == "card") for k, v in values.items()},
                tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
                Consent("1", "2026-11-23T09:41:00+08:00", True, True), "2026-11-23T09:52:00+08:00",
                signature=_strokes(rng),
            )  # fmt: skip
            made.append(to_cbor(application.to_payload()))
            del number
    return made


def _strokes(rng: random.Random) -> dict[str, object]:
    strokes = [[[rng.randint(0, 800), rng.randint(0, 300), 12 * i, 0.5] for i in range(8)] for _ in range(3)]
    return {"width": 800, "height": 300, "strokes": strokes}


def main() -> None:
    """Writes the dictionary whose number is the argument."""
    target = Path("contract/dictionary") / f"{int(sys.argv[1])}.dict"
    if target.exists():
        sys.exit(f"{target} is shipped; a new dictionary takes a new number")
    dictionary = zstandard.train_dictionary(SIZE, payloads(1), level=19)
    target.write_bytes(dictionary.as_bytes())
    compress = zstandard.ZstdCompressor(level=19, dict_data=dictionary, write_dict_id=False).compress
    plain = zstandard.ZstdCompressor(level=19).compress
    others = payloads(2)
    print("mean bytes:", *(round(sum(map(len, map(f, others))) / len(others)) for f in (bytes, plain, compress)))


if __name__ == "__main__":
    main()

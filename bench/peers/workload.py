# SPDX-License-Identifier: Apache-2.0
"""What is to be carried: applications of the sample catalogue, each with pictures that nothing can compress."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contract.application import Application, Consent, MaterialAnswer, Value
from contract.sample import sample_catalogue
from contract.sample.people import example_values

TODAY = date(2026, 11, 23)
STROKE = [[12 + 7 * n, 30 + n * n % 23, 16 * n, 0.5] for n in range(12)]


@dataclass(frozen=True, slots=True)
class Workload:
    """So many applications, each with so many attachments of `size` bytes."""

    applications: int
    attachments: int = 3
    size: int = 200_000
    seed: int = 1

    def application(self, number: int, tracking_code: str) -> Application:
        """The same for the same number and seed, whoever carries it."""
        catalogue = sample_catalogue()
        without_photo = [item for item in catalogue.items.values() if all(f.type != "image" for f in item.fields)]
        item = without_photo[number % len(without_photo)]
        rng = random.Random(f"{self.seed} {number}")
        identity, values = example_values(item, rng, TODAY, catalogue.areas)
        return Application(
            item.id, item.version, item.content_hash, tracking_code, identity,
            {name: Value(data, "resident") for name, data in values.items()},
            tuple(
                MaterialAnswer(m.id, "generated" if m.ecert == "gen" else "later") for m in item.materials if m.required
            ),
            Consent("1", "2026-11-23T09:41:00+08:00", True, True), "2026-11-23T09:52:00+08:00",
            signature={"width": 400, "height": 160, "strokes": [STROKE]},
        )  # fmt: skip

    def record(self, number: int) -> bytes:
        """The application as JSON, which is what peers send."""
        payload = self.application(number, f"99-{number:06d}").to_payload()
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()

    def attachment(self, number: int, index: int) -> bytes:
        """Noise."""
        return random.Random(f"{self.seed} {number} {index}").randbytes(self.size)

    def files(self, number: int) -> dict[str, bytes]:
        """An application as files."""
        pictures = {f"{index}.bin": self.attachment(number, index) for index in range(1, self.attachments + 1)}
        return {"0-record.json": self.record(number), **pictures}

    def payload(self) -> int:
        """Bytes of all applications, as peers send them."""
        records = sum(len(self.record(number)) for number in range(self.applications))
        return records + self.applications * self.attachments * self.size

    def write(self, folder: Path) -> None:
        """All of it as FOLDER/NUMBER/FILE."""
        for number in range(self.applications):
            place = folder / name_of(number)
            place.mkdir(parents=True)
            for name, data in self.files(number).items():
                (place / name).write_bytes(data)


def name_of(number: int) -> str:
    """An application's folder, in the order of submission."""
    return f"{number:05d}"

# SPDX-License-Identifier: Apache-2.0
"""Intake without a window, and pictures before they are taken."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from contract.sample import sample_catalogue, sample_text
from offline.client.images import prepare_image
from offline.command import catalogue as catalogue_command
from offline.command import sync as sync_command
from offline.errors import AttachmentRejected
from offline.intake.command import intake
from offline.terminal import Terminal
from tests.offline.conftest import picture


def example(item: str, count: int = 1, seed: int = 0) -> list[dict[str, object]]:
    done = CliRunner().invoke(intake, ["--example", item, "--count", str(count), "--seed", str(seed)])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def take(data: Path, file: Path, lines: list[object]) -> tuple[int, list[dict[str, object]]]:
    file.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    done = CliRunner().invoke(intake, [str(file), "--data", str(data)])
    return done.exit_code, [json.loads(line) for line in done.output.splitlines()]


def test_examples_of_all_items_are_taken(terminal: Terminal, tmp_path: Path) -> None:
    terminal.close()
    lines = [example(item)[0] for item in sample_catalogue().items]
    status, answers = take(terminal.data, tmp_path / "all.jsonl", lines)  # type: ignore[arg-type]
    assert [a.get("errors") for a in answers if "errors" in a] == []
    assert (status, len({a["tracking_code"] for a in answers})) == (0, 30)


def test_the_same_seed_prints_the_same_lines() -> None:
    assert example("dibao", 3, 5) == example("dibao", 3, 5)
    assert example("dibao", 3, 5) != example("dibao", 3, 6)


def test_bad_lines_are_answered_and_the_good_ones_taken(terminal: Terminal, tmp_path: Path) -> None:
    terminal.close()
    good, wrong_number, no_staff, unasked, missing_file, no_picture = example("old80", 6)
    wrong_number["identity"]["id_number"] = wrong_number["values"]["idno"] = "990123194203050023"  # type: ignore[index]
    no_staff["staff"] = ""
    unasked["values"]["income_m"] = "5"  # type: ignore[index]
    missing_file["materials"] = [{"material": "bankcard", "files": ["no.jpg"]}]
    (tmp_path / "text.jpg").write_text("no picture")
    no_picture["materials"] = [{"material": "bankcard", "files": ["text.jpg"]}]
    lines = [good, "{", wrong_number, no_staff, unasked, missing_file, no_picture, {**good, "x": 1}]
    status, answers = take(terminal.data, tmp_path / "mixed.jsonl", lines)  # type: ignore[arg-type]
    codes = [[e["code"] for e in a.get("errors", [])] for a in answers]  # type: ignore[attr-defined]
    assert status == 1
    assert [a["line"] for a in answers] == list(range(1, 9))
    assert codes == [
        [], ["json"], ["id-check-digit"], ["required"], ["unknown-field"], ["attachment-missing"],
        ["attachment-not-image"], ["unknown-field"],
    ]  # fmt: skip


def test_pictures_travel_with_the_line(terminal: Terminal, tmp_path: Path) -> None:
    terminal.close()
    (tmp_path / "card.jpg").write_bytes(picture())
    line = example("old80")[0]
    line["materials"] = [{"material": "idcard"}, {"material": "bankcard", "files": ["card.jpg"]}]
    status, _ = take(terminal.data, tmp_path / "one.jsonl", [line])
    assert status == 0
    done = CliRunner().invoke(sync_command, ["status", "--data", str(terminal.data), "--json"])
    assert json.loads(done.output)["attachments_waiting"] == 1


def test_an_unknown_item_names_the_known_ones() -> None:
    done = CliRunner().invoke(intake, ["--example", "moon"])
    assert done.exit_code == 1
    assert "old80" in done.output


def test_the_linter_tells_every_problem(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text(sample_text("catalogue.yaml"), encoding="utf-8")
    assert CliRunner().invoke(catalogue_command, ["check", str(good)]).exit_code == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(sample_text("catalogue.yaml").replace("type: money", "type: cash"), encoding="utf-8")
    done = CliRunner().invoke(catalogue_command, ["check", str(bad), "--json"])
    assert done.exit_code == 1
    assert any("cash" in problem["message"] for problem in json.loads(done.output))


def test_pictures_are_checked() -> None:
    whole = picture(side=400)
    assert prepare_image(whole).data == whole
    for data, code in ((b"%PDF-1.7", "attachment-not-image"), (b"", "attachment-not-image"),
                       (whole[: len(whole) // 2], "attachment-truncated")):  # fmt: skip
        with pytest.raises(AttachmentRejected) as refused:
            prepare_image(data)
        assert refused.value.code == code
    with pytest.raises(AttachmentRejected) as refused:
        prepare_image(bytes(9000), max_bytes=1000)
    assert refused.value.code == "attachment-too-large"
    out = io.BytesIO()
    Image.new("RGBA", (3000, 1500), "white").save(out, "PNG")
    kept = prepare_image(out.getvalue())
    with Image.open(io.BytesIO(kept.data)) as image:
        assert (image.format, image.size) == ("JPEG", (2480, 1240))


def test_hidden_data_of_a_camera_does_not_travel() -> None:
    with Image.open(io.BytesIO(picture())) as image:
        exif = image.getexif()
        exif[0x010E] = "taken at home"
        out = io.BytesIO()
        image.save(out, "JPEG", exif=exif)
    assert b"taken at home" in out.getvalue()
    assert b"taken at home" not in prepare_image(out.getvalue()).data


@pytest.mark.parametrize("given", ["data:image/jpeg;base64,!!!!", "data:text/html,x", "data:image/jpeg;base64,AAAA"])
def test_a_picture_in_the_line_is_checked_like_one_in_a_file(terminal: Terminal, tmp_path: Path, given: str) -> None:
    terminal.close()
    line = example("old-card")[0]
    line["values"]["photo"] = given  # type: ignore[index]
    status, answers = take(terminal.data, tmp_path / "one.jsonl", [line])
    assert status == 1
    assert [e["field"] for e in answers[0]["errors"]] == ["photo"]


def test_a_line_that_is_too_large_is_refused_and_the_next_is_taken(terminal: Terminal, tmp_path: Path) -> None:
    """One that the keeper refuses, and one that cannot even be sealed, are their own lines' trouble."""
    terminal.close()
    (tmp_path / "card.jpg").write_bytes(picture(1, 40))
    lines = example("old80", 3)
    lines[0]["staff"] = "x" * 300_000  # nobody checks how long this is
    lines[1]["materials"] = [{"material": "idcard"}, {"material": "bankcard", "files": ["card.jpg"] * 65}]
    status, answers = take(terminal.data, tmp_path / "lines.jsonl", lines)  # type: ignore[arg-type]
    assert status == 1
    codes = [answer.get("errors", [{}])[0].get("code", "") for answer in answers]  # type: ignore[index]
    assert codes == ["payload-too-large", "attachment-too-many", ""]
    with Terminal.open(terminal.data) as again:
        assert again.outbox().waiting == 1

# SPDX-License-Identifier: Apache-2.0
"""Collects the Chinese sentences of the screens, puts their English beside them, and compiles what Qt loads.

`python -m kiosk.i18n.compile` writes doorstep_en.ts and doorstep_en.qm. English lives in english/*.json by sentence;
a sentence without one is named and the exit status is 1. Qt's own collector does not know our `tr(context, text)`.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
KIOSK = HERE.parent
FUNCTIONS = ("tr", "translate")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A source sentence; `context` is the class or the word given to translate."""

    context: str
    text: str
    place: str


def sentences(folder: Path = KIOSK) -> list[Sentence]:
    """Every sentence of the sources below `folder`, in their order."""
    found: list[Sentence] = []
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder.parent).as_posix()
        found += _in_node(ast.parse(path.read_text(encoding="utf-8")), "", place)
    return found


def _in_node(node: ast.AST, owner: str, place: str) -> Iterator[Sentence]:
    if isinstance(node, ast.Call) and (sentence := _call(node, owner, place)) is not None:
        yield sentence
    inside = node.name if isinstance(node, ast.ClassDef) else owner
    for child in ast.iter_child_nodes(node):
        yield from _in_node(child, inside, place)


def _call(call: ast.Call, owner: str, place: str) -> Sentence | None:
    words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in FUNCTIONS or len(words) != len(call.args):
        return None
    where = f"{place}:{call.lineno}"
    if isinstance(call.func, ast.Attribute) and name == "tr" and len(words) == 1:
        return Sentence(owner, words[0], where)
    return Sentence(words[0], words[1], where) if len(words) == 2 else None


def english() -> dict[str, str]:
    """Sentence -> English, from all files of english/."""
    known: dict[str, str] = {}
    for path in sorted((HERE / "english").glob("*.json")):
        known |= json.loads(path.read_text(encoding="utf-8"))
    return known


def translation_file(found: list[Sentence], known: dict[str, str]) -> bytes:
    """Qt's TS format, sorted so that it changes only where sentences do."""
    root = ElementTree.Element("TS", version="2.1", language="en", sourcelanguage="zh_CN")
    by_context: dict[str, set[str]] = {}
    for sentence in found:
        by_context.setdefault(sentence.context, set()).add(sentence.text)
    for name in sorted(by_context):
        context = ElementTree.SubElement(root, "context")
        ElementTree.SubElement(context, "name").text = name
        for text in sorted(by_context[name]):
            message = ElementTree.SubElement(context, "message")
            ElementTree.SubElement(message, "source").text = text
            target = ElementTree.SubElement(message, "translation")
            if text in known:
                target.text = known[text]
            else:
                target.set("type", "unfinished")
    ElementTree.indent(root, " ")
    body: bytes = ElementTree.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n' + body + b"\n"


def missing(found: list[Sentence], known: dict[str, str]) -> list[Sentence]:
    """Sentences without English."""
    return [s for s in found if s.text not in known]


def main() -> int:
    """Writes both files; 1 where English is missing."""
    found, known = sentences(), english()
    source = HERE / "doorstep_en.ts"
    source.write_bytes(translation_file(found, known))
    release = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([str(release), "-silent", str(source), "-qm", str(HERE / "doorstep_en.qm")], check=True)
    without = missing(found, known)
    for sentence in without:
        print(f"{sentence.place}: no English for {sentence.text}")
    print(f"{len({s.text for s in found})} sentences, {len(without)} without English")
    return 1 if without else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""The pages that people read: wrapped, reachable from the index, and what they name exists."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from kiosk.command import main
from kiosk.config import KioskConfig

ROOT = Path(__file__).parent.parent
INDEX = ROOT / "docs" / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])
LIMIT = 100  # characters
TOP = ("contract", "devices", "offline", "printing", "gateway", "kiosk", "packaging", "tests", "bench", "docs")
HISTORY = {ROOT / "CHANGELOG.md"}  # names what there was
CONTEXT = re.compile(r"doorstep (record|attachment|statement|return|event|correction) 1")  # docs/parcel.md: signed
TEXT = {page: page.read_text("utf-8") for page in PAGES}


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", PAGES, ids=named)
every_present_page = pytest.mark.parametrize("page", [p for p in PAGES if p not in HISTORY], ids=named)


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines outside of code and tables."""
    code = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            code = not code
        elif not code and not line.startswith("|"):
            yield number, line


def code(text: str) -> list[str]:
    """Lines of fenced blocks, and what stands between single backticks."""
    fenced = re.findall(r"^ *```[^\n]*\n(.*?)^ *```", text, re.M | re.S)
    inline = re.findall(r"`([^`]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S))
    lines = [line for block in fenced for line in block.replace("\\\n", " ").splitlines()]
    return lines + [" ".join(words.split()) for words in inline]


@every_page
def test_lines_are_wrapped(page: Path) -> None:
    alone = re.compile(r"!?\[[^\]]*\]\([^)]*\)\S?")  # a picture or a link for itself cannot be
    long = [n for n, line in prose(TEXT[page]) if len(line) > LIMIT and not alone.fullmatch(line.strip())]
    assert not long, f"lines {long} have more than {LIMIT} characters"


# links


def links(page: Path) -> list[str]:
    text = re.sub(r"^ *```.*?^ *```", "", TEXT[page], flags=re.M | re.S)
    return [to for to in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"\w+:", to)]


def target(page: Path, to: str) -> Path:
    """The file that a link opens; of a directory its README, as a forge shows it."""
    path = (page.parent / to.partition("#")[0]).resolve() if not to.startswith("#") else page
    return path / "README.md" if path.is_dir() else path


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", TEXT[page], re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@every_page
def test_links_resolve(page: Path) -> None:
    for to in links(page):
        found = target(page, to)
        assert found.is_file(), to
        assert "#" not in to or to.partition("#")[2] in anchors(found), to


def reachable(start: Path) -> set[Path]:
    seen, todo = set[Path](), [start]
    while todo:
        page = todo.pop()
        if page in TEXT and page not in seen:
            seen.add(page)
            todo += [target(page, to) for to in links(page)]
    return seen


@pytest.mark.parametrize("start", [INDEX, INDEX.with_name("README.zh-CN.md"), ROOT / "README.md"], ids=named)
def test_every_page_is_reachable(start: Path) -> None:
    assert {named(p) for p in PAGES} - {named(p) for p in reachable(start)} == set()


def test_every_picture_is_shown() -> None:
    shown = {target(page, to) for page in PAGES for to in links(page)}
    assert {named(p) for p in (ROOT / "docs" / "pictures").iterdir() if p not in shown} == set()


# for whom


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=named)
def test_a_page_says_for_whom_it_is(page: Path) -> None:
    head = TEXT[page].split("\n")[:6]
    assert any(line.startswith(("**For** ", "Look for who you are", "按您的身份找")) for line in head)


def test_decisions_are_numbered_and_listed() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    for page, number in zip(pages, numbers, strict=True):
        assert TEXT[page].startswith(f"# {number}. ")
        assert "**Decision.**" in TEXT[page]
        assert f"[{number}]({page.name})" in TEXT[page.with_name("README.md")]


# commands


def wrong_in(line: str) -> str:
    """What of a command's line does not exist; empty where all of it does."""
    words = re.split(r"\s+(?:[#|&>]|\d?>)|\s{2,}(?!--?\w)", line.strip())[0].replace("(", " ").split()
    command: click.Command = main
    known = {"--help", "--version"}
    context = click.Context(main)
    for word in words[1:]:
        if word.startswith("--"):
            if word.partition("=")[0].rstrip(".,;)]") not in known:
                return word
        elif isinstance(command, click.Group):
            found = command.get_command(context, word.strip("`.,;)"))
            if found is not None:
                command = found
                known |= {name for one in found.params for name in (*one.opts, *one.secondary_opts)}
            elif command is main or (word.islower() and not command.invoke_without_command):
                return word
    return ""


def commands(text: str) -> list[str]:
    found = []
    for line in code(text):
        for part in re.findall(r"(?:^|[\s(\"/])(doorstep(?:\s+[^\s\"$]+)+.*)", line):
            found += re.split(r"\$\(\S*(?=doorstep )", part) if not CONTEXT.match(part) else []
    return found


@every_present_page
def test_commands_and_their_options_exist(page: Path) -> None:
    wrong = {line: wrong_in(line) for line in commands(TEXT[page])}
    assert not {line: word for line, word in wrong.items() if word}


def test_a_command_that_is_none_would_be_found() -> None:
    assert wrong_in("doorstep heal --all") == "heal"
    assert wrong_in("doorstep sync later") == "later"
    assert wrong_in("doorstep sync now --data T --twice  # again") == "--twice"
    assert wrong_in("doorstep sync now --data T   says --twice") == ""


def test_every_command_is_on_a_page() -> None:
    told = {" ".join(line.split()[:2]) for page in PAGES for line in commands(TEXT[page])}
    assert {f"doorstep {name}" for name in main.list_commands(click.Context(main))} - told == set()


@every_present_page
def test_what_make_makes_exists(page: Path) -> None:
    goals = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert {m for line in code(TEXT[page]) for m in re.findall(r"^make ([a-z-]+)", line)} <= goals


# files and modules


@cache
def tracked() -> frozenset[str]:
    """Every file of the repository, and every directory with a slash behind it."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [line for line in listed.stdout.splitlines() if (ROOT / line).exists()]
    return frozenset(files) | {f"{parent}/" for name in files for parent in Path(name).parents}


def exists(name: str) -> bool:
    """A path from the root (with * for any), or the bare name of some file."""
    if "*" in name or "NNNN" in name:
        return any(ROOT.glob(name.replace("NNNN", "*").replace("words", "*")))
    if "/" not in name:
        return any(path.rpartition("/")[2] == name for path in tracked())
    return any(path == name or path.rstrip("/") == name or path.endswith(f"/{name}") for path in tracked())


@every_present_page
def test_files_that_are_named_exist(page: Path) -> None:
    spans = [span for span in code(TEXT[page]) if " " not in span]
    paths = {s for s in spans if re.match(rf"({'|'.join(TOP)})/", s) or re.fullmatch(r"(test_)?\w+\.py(::\w+)?", s)}
    assert not {path for path in paths if not exists(path.partition("::")[0])}


@every_present_page
def test_tests_that_are_named_exist(page: Path) -> None:
    for name, test in re.findall(r"`((?:tests/)?[\w/]+\.py)::(\w+)`", TEXT[page]):
        sources = [ROOT / path for path in tracked() if path == name or path.endswith(f"/{name}")]
        trees = [ast.walk(ast.parse(source.read_text("utf-8"))) for source in sources]
        assert test in {node.name for tree in trees for node in tree if isinstance(node, ast.FunctionDef)}, test


@every_present_page
def test_modules_and_what_is_in_them_exist(page: Path) -> None:
    packages = [top for top in TOP if (ROOT / top / "__init__.py").exists()]
    for name in re.findall(rf"`((?:{'|'.join(packages)})(?:\.\w+)+)", TEXT[page]):
        if name.endswith((".py", ".toml", ".json", ".db")):
            continue
        parts = name.split(".")
        module = importlib.import_module(parts[0])
        for number, part in enumerate(parts[1:], 2):
            if not hasattr(module, part):
                importlib.import_module(".".join(parts[:number]))  # raises where there is none
            module = getattr(module, part)


def test_the_settings_of_a_terminal_are_those_of_its_file() -> None:
    table = TEXT[ROOT / "docs" / "terminal.md"].split("| setting |", 1)[1]
    told = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*)`? \|", table, re.M))
    known = {one.name: one.default for one in dataclasses.fields(KioskConfig)}
    assert list(told) == list(known)
    for name, default in known.items():
        assert told[name] == {"devices": "none", "documents": "all four"}.get(name, json.dumps(default)), name


def names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)/?`", cell)


def test_the_table_of_architecture_names_modules() -> None:
    table = TEXT[ROOT / "docs" / "architecture.md"].split("| package |", 1)[1]
    for package, cell in re.findall(r"^\| `(\w+)/` \| (.*) \|$", table, re.M):
        there = {path.stem for path in (ROOT / package).rglob("*") if path.suffix in ("", ".py")}
        assert set(names(cell)) - there == set(), package


def test_the_table_of_sync_names_modules() -> None:
    table = TEXT[ROOT / "docs" / "sync.md"].split("| module |", 1)[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert {name for cell in cells for name in names(cell)} <= {
        path.stem for path in (ROOT / "offline" / "sync").rglob("*.py")
    }

"""ARCHITECTURE.md tells the truth: its pictures are the imports, and what it names is there."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from vertragsgraph.register import load_register

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "server/vertragsgraph"
ONTOLOGY = "https://w3id.org/vertragsgraph/ontology#"
TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
PICTURES = re.findall(r"```mermaid\nflowchart LR\n(.*?)```", TEXT, re.DOTALL)
ARROW = re.compile(r"\s+(?:-->|-- \"[^\"]+\" -->)\s+")
FOLDERS = dict(zip((".", "sparql", "web"), PICTURES, strict=True))


def rooms(folder: str) -> set[str]:
    """Return the packages within a folder of the package."""
    return {path.parent.name for path in (PACKAGE / folder).glob("*/__init__.py")}


def imports(folder: str) -> set[tuple[str, str]]:
    """Return which room within a folder imports which."""
    prefix = ("vertragsgraph", *Path(folder).parts)
    return {
        (room, parts[len(prefix)])
        for room in rooms(folder)
        for path in (PACKAGE / folder / room).rglob("*.py")
        for name in imported(ast.parse(path.read_text("utf-8")))
        if (parts := tuple(name.split(".")))[: len(prefix)] == prefix and len(parts) > len(prefix)
    }


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


def floors(folder: str) -> list[set[str]]:
    """Return the layers of the import contract of a folder, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    container = ".".join(("vertragsgraph", *Path(folder).parts))
    (found,) = (each for each in contracts if each.get("containers") == [container])
    return [{room.strip() for room in re.split(r"[|:]", layer)} for layer in found["layers"]]


def arrows(picture: str) -> set[tuple[str, str]]:
    """Return from where to where each arrow of a picture goes."""
    names = dict(re.findall(r"(\w+)\[(\w+)\]", picture))
    chains = [ARROW.split(line.strip()) for line in re.sub(r"\[\w+\]", "", picture).splitlines()]
    return {(names.get(start, start), names.get(end, end)) for chain in chains for start, end in pairwise(chain)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_room_is_in_the_picture_and_in_the_table(folder: str) -> None:
    assert {room for arrow in arrows(FOLDERS[folder]) for room in arrow} == rooms(folder)
    before = "" if folder == "." else f"{folder}/"
    described = set(re.findall(rf"^\| `{before}(\w+)` \| \w", TEXT, re.MULTILINE))
    assert described == rooms(folder)


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_arrow_is_an_import_that_the_contract_allows(folder: str) -> None:
    """In the first picture arrows go from what is imported, in the others to it."""
    levels = {room: number for number, floor in enumerate(floors(folder)) for room in floor}
    drawn = {(end, start) if folder == "." else (start, end) for start, end in arrows(FOLDERS[folder])}
    assert {(above, below) for above, below in drawn if levels[above] >= levels[below]} == set()
    assert drawn - imports(folder) == set()


def test_single_modules_are_named() -> None:
    modules = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert modules <= set(re.findall(r"`([\w.]+)`", TEXT))


def test_each_path_that_is_named_exists() -> None:
    named = re.findall(r"`([\w./-]+(?:/|\.(?:py|toml|ttl|md)))`", TEXT)
    assert named
    assert [path for path in named if not any((base / path).exists() for base in (ROOT, PACKAGE))] == []


def test_each_class_that_is_named_exists() -> None:
    named = set(re.findall(r"`([A-Z][a-z]+[A-Za-z]*)`", TEXT)) - {"Accept"}
    classes = {
        node.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    assert named - classes == set()


def test_the_statement_of_the_example_is_written_and_named_so() -> None:
    written_in = r"`(data/[\w/-]+\.ttl)`[^`]*?(?:`[^`]+`[^`]*?)?```turtle\n(.*?)```"
    examples = re.findall(written_in, TEXT, re.DOTALL)
    assert len(examples) == 1
    for path, lines in examples:
        written = (ROOT / path).read_text("utf-8")
        assert all(line.strip() in written for line in lines.splitlines()), path
    base = load_register(ROOT).base
    triple = f"<{base}id/contract/drk-hessen> <{ONTOLOGY}partner> <{base}id/organisation/drk-hessen> ."
    digest = hashlib.sha256(triple.encode()).hexdigest()
    assert f"\n   {base}id/statement/{digest[:16]}\n" in TEXT

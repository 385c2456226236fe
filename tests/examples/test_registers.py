"""The examples pass the gate, their quotations stand in their texts, and whoever reads them is told that they are invented."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT
from vertragsgraph.finding import Severity
from vertragsgraph.gate import quotations
from vertragsgraph.graph import collect
from vertragsgraph.release import inspect

from .conftest import NAMES, Example

INVENTED = re.compile("invent|verzonnen|erfunden", re.IGNORECASE)


def test_there_are_two_and_the_table_names_them() -> None:
    assert NAMES == ["montclair", "moorwalde"]
    table = re.findall(r"^\| `(\w+)` \|", (ROOT / "examples/README.md").read_text("utf-8"), re.MULTILINE)
    assert table == NAMES


def test_an_example_passes_the_gate_and_each_quotation_is_in_its_text(example: Example, tmp_path: Path) -> None:
    graphs = collect(example.register, tmp_path)
    report = inspect(example.register, graphs)
    assert [str(finding) for finding in report.findings if finding.severity == Severity.VIOLATION] == []
    quoted = quotations(example.register, graphs, example.texts)
    assert [str(finding) for finding in quoted.findings] == []
    assert quoted.coverage.unproved == 0 and quoted.quotations == quoted.compared > 30
    assert sorted(path.stem[:2] for path in example.texts.iterdir()) == [f"s{n + 1}" for n in range(quoted.sources)]


def test_it_says_that_it_is_invented(example: Example) -> None:
    register = example.register
    assert register.base.startswith("https://example.org/") and register.contact.email.endswith("@example.org")
    for language in register.languages:
        for text in (register.title, register.description, register.provenance, register.spatial.name):
            assert text and INVENTED.search(text.root[language])
    for path in example.texts.iterdir():
        assert INVENTED.search(path.read_text("utf-8").partition("\n")[0]), path


def test_data_are_written_as_by_hand(example: Example) -> None:
    """A comment says what a file is about; only what is used is declared; lines can be read."""
    for path in example.register.data.rglob("*.ttl"):
        text = path.read_text("utf-8")
        assert text.startswith("# "), path
        for prefix in re.findall(r"^@prefix ([a-z-]+):", text, re.MULTILINE):
            assert len(re.findall(rf"\b{prefix}:", text)) > 1, f"{path}: {prefix}"


def test_the_files_that_the_documents_point_to_are_there() -> None:
    rows = re.findall(r"^\| [^|]+ \| (`m\w+/data/.+) \|$", (ROOT / "docs/register.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 10
    for row in rows:
        first, *others = re.findall(r"`([^`]+)`", row)
        path = ROOT / "examples" / first
        assert [each for each in (path, *map(path.with_name, others)) if not each.is_file()] == []

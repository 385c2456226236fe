"""A register with a table, made for a test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.conftest import ROOT
from vertragsgraph.register import Register, load_register

GRANT, RECIPIENT = "id/grant/g-{_row}", "id/organisation/{number}"
COLUMNS: list[dict[str, Any]] = [
    {"name": "number", "aboutUrl": RECIPIENT, "propertyUrl": "dcterms:identifier"},
    {"name": "recipient", "titles": "Wer", "aboutUrl": RECIPIENT, "propertyUrl": "rdfs:label", "lang": "de"},
    {"name": "sum", "aboutUrl": GRANT, "propertyUrl": "schema:amount", "datatype": "decimal"},
    {"name": "to", "virtual": True, "aboutUrl": GRANT, "propertyUrl": "schema:fundedItem", "valueUrl": RECIPIENT},
]
HEADER = "number,Wer,sum\n"

MakeTable: TypeAlias = Callable[..., Path]


def description(columns: list[dict[str, Any]] = COLUMNS, **more: Any) -> str:
    own = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "t.csv",
        "dc:source": {"@id": "id/source/s"},
        "dc:date": "2026-11-27",
        "tableSchema": {"columns": columns},
    }
    return json.dumps({key: value for key, value in {**own, **more}.items() if value is not None}, ensure_ascii=False)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    shutil.copy(ROOT / "register.toml", tmp_path)
    (tmp_path / "data/tables").mkdir(parents=True)
    return load_register(tmp_path)


@pytest.fixture
def make_table(register: Register) -> MakeTable:
    """Write a table of the register, and what describes it."""

    def make(content: str | bytes, described: str | None = None, *, name: str = "t.csv") -> Path:
        path = register.data / "tables" / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (path.parent / "t.csv-metadata.json").write_text(description() if described is None else described, "utf-8")
        return path

    return make

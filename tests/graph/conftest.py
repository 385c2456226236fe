"""Small registers made for a test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from vertragsgraph.register import Register, load_register

ROOT = Path(__file__).parents[2]

ONTOLOGY = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<https://example.org/o> a owl:Ontology .
[] a owl:AllDifferent ; owl:distinctMembers ( <https://example.org/o#a> <https://example.org/o#b> ) .
"""
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/s> a sh:NodeShape ; sh:property [ sh:path <https://example.org/o#p> ; sh:minCount 1 ] .
"""

MakeRegister = Callable[..., Register]


@pytest.fixture
def make_register(tmp_path_factory: pytest.TempPathFactory) -> MakeRegister:
    """Make a register of the given data files (path below data/ to text), with a small ontology and shapes of its own."""

    def make(data: Mapping[str, str | bytes], *, ontology: str = ONTOLOGY, shapes: str = SHAPES) -> Register:
        folder = tmp_path_factory.mktemp("register")
        shutil.copy(ROOT / "register.toml", folder)
        files = {f"data/{name}": text for name, text in data.items()}
        for name, text in {"ontology/o.ttl": ontology, "shapes/s.ttl": shapes, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return load_register(folder)

    return make

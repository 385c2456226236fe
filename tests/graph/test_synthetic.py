"""The synthetic register that benchmarks and large tests are made with."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from vertragsgraph.gate import check
from vertragsgraph.gate.checks.contradictions import check_contradictions
from vertragsgraph.gate.places import Places
from vertragsgraph.graph import collect
from vertragsgraph.register import load_register

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "synthetic_register.py"


@pytest.fixture(scope="module")
def synthetic() -> ModuleType:
    spec = importlib.util.spec_from_file_location("synthetic_register", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_seed_gives_the_same_bytes(synthetic: ModuleType, tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        synthetic.write_register(tmp_path / name, 30, seed=seed)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "same")
    assert files_in(tmp_path / "one") != files_in(tmp_path / "other")


@pytest.mark.parametrize("contracts", [1, 7, 120])
def test_it_passes_the_gate(synthetic: ModuleType, tmp_path: Path, contracts: int) -> None:
    synthetic.write_register(tmp_path / "register", contracts)
    register = load_register(tmp_path / "register")
    graphs = collect(register, tmp_path / "graphs")
    assert check_contradictions(register, graphs, Places(register)) == []
    report = check(register, graphs)
    assert [finding.text("en") for finding in report.findings if finding.severity != "info"] == []
    assert report.conforms


def test_files_are_of_bounded_size(synthetic: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic, "SHARD", 10)
    synthetic.write_register(tmp_path / "register", 25)
    shards = sorted(path.name for path in (tmp_path / "register" / "data" / "contracts").iterdir())
    assert shards == [f"contracts-000{number}.ttl" for number in range(5)]  # 25 contracts and their signings
    assert collect(load_register(tmp_path / "register"), tmp_path / "graphs").roles[0] == "contracts"


def test_without_evidence_there_is_none(synthetic: ModuleType, tmp_path: Path) -> None:
    synthetic.write_register(tmp_path / "register", 5, evidence=False)
    assert "evidence" not in collect(load_register(tmp_path / "register"), tmp_path / "graphs").roles

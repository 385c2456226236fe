from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register, load_register, shipped_folder
from vertragsgraph.sources import SourceError, SourceFile, source_files

Write = Callable[[dict[str, str]], Register]


def complaints(register: Register) -> dict[str, str]:
    with pytest.raises(SourceError) as caught:
        source_files(register)
    return {str(f.place.file.relative_to(register.data)): f.message["en"] for f in caught.value.findings if f.place}


def test_the_first_part_of_the_path_decides(register_of: Write) -> None:
    names = [
        "contracts.ttl",
        "contracts/2019/a.ttl",
        "people/b.ttl",
        "topics.ttl",
        "links/wd.sssom.tsv",
        "evidence/c.ttl",
    ]
    register = register_of(dict.fromkeys(names, ""))
    roles = {str(file.path.relative_to(register.data)): file.role for file in source_files(register)}
    assert roles == dict(zip(names, ["contracts", "contracts", "agents", "topics", "links", "evidence"], strict=True))
    assert source_files(register) == sorted(source_files(register))


def test_what_is_no_data_is_left_out(register_of: Write) -> None:
    hidden = [
        ".contracts.ttl.swp",
        "contracts.ttl~",
        "#contracts.ttl#",
        "queries/1.rq",
        "README.md",
        "people/.git/x.ttl",
        "a.bak",
    ]
    register = register_of(dict.fromkeys(["contracts.ttl", *hidden], ""))
    assert source_files(register) == [SourceFile(register.data / "contracts.ttl", "contracts")]


def test_all_that_is_unknown_is_told(register_of: Write) -> None:
    register = register_of(
        dict.fromkeys(["contracts.ttl", "contract.ttl", "zzz/a.ttl", "people/a.rdf", "links/a.ttl"], "")
    )
    told = complaints(register)
    assert set(told) == {"contract.ttl", "zzz/a.ttl", "people/a.rdf", "links/a.ttl"}
    assert 'did you mean "contracts"?' in told["contract.ttl"]
    assert "known are: contracts, programme" in told["zzz/a.ttl"]
    assert "end in .ttl" in told["people/a.rdf"]
    assert "end in .sssom.tsv" in told["links/a.ttl"]


def test_no_data(register_of: Write) -> None:
    register = register_of({})
    assert "data/contracts.ttl" in complaints(register)["."]
    register.data.rmdir()
    assert "no such folder" in complaints(register)["."]


def test_the_shipped_register_has_all_its_parts() -> None:
    roles = {file.role for file in source_files(load_register(shipped_folder()))}
    assert {"contracts", "agents", "topics", "sources"} <= roles


def test_links_to_folders_are_followed_and_a_loop_is_told(
    register_of: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    register = register_of({"contracts.ttl": ""})
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "a.ttl").touch()
    (register.data / "people").symlink_to(elsewhere, target_is_directory=True)
    assert SourceFile(register.data / "people/a.ttl", "agents") in source_files(register)
    (elsewhere / "again").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(SourceError, match="again/again"):
        source_files(register)


def test_paths_are_told_from_the_current_folder(register_of: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    register = register_of({"contracts.ttl": ""})
    monkeypatch.chdir(register.folder)
    assert source_files(register) == [SourceFile(Path("data/contracts.ttl"), "contracts")]

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register, load_register, shipped_folder
from vertragsgraph.sources import SourceError, SourceFile, documents, read_queries, source_files

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
        "Thumbs.db",
        "people/~$liste.docx",
        "people/.DS_Store",
        ".~lock.people.ods#",
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


def test_links_inside_of_the_register_are_followed(register_of: Write) -> None:
    register = register_of({"contracts.ttl": "", "../shared/people/a.ttl": "", "../shared/b.ttl": ""})
    (register.data / "people").symlink_to("../shared/people", target_is_directory=True)
    (register.data / "places.ttl").symlink_to("../shared/b.ttl")
    names = {"contracts.ttl", "people/a.ttl", "places.ttl"}
    assert {str(file.path.relative_to(register.data)) for file in source_files(register)} == names


@pytest.mark.parametrize("target", ["file", "folder", "elsewhere/a.ttl", "/dev/null"])
def test_links_that_lead_out_are_told(
    register_of: Write, tmp_path_factory: pytest.TempPathFactory, target: str
) -> None:
    register = register_of({"contracts.ttl": "", "people/a.ttl": ""})
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "file").touch()
    (elsewhere / "folder").mkdir()
    (register.folder / "elsewhere").symlink_to(elsewhere)
    (elsewhere / "a.ttl").touch()
    to = Path("../../elsewhere/a.ttl") if target == "elsewhere/a.ttl" else elsewhere / target
    (register.data / "people/link.ttl").symlink_to(to)
    assert complaints(register) == {
        "people/link.ttl": "this link leads out of the register's folder; put the file itself here"
    }


def test_circles_of_links_end(register_of: Write) -> None:
    register = register_of({"people/a.ttl": ""})
    for name in ("one", "two"):
        (register.data / "people" / name).symlink_to(".", target_is_directory=True)
    (register.data / "people/self").symlink_to("self")
    told = complaints(register)
    assert set(told) == {"people/one", "people/two", "people/self"}
    assert told["people/one"].endswith("data/people, which is read already; take it away")
    assert told["people/self"].startswith("can't be read")


def test_what_is_read_already_is_not_read_again(register_of: Write) -> None:
    register = register_of({"people/a.ttl": "", "../shared/inner/b.ttl": ""})
    (register.data / "places.ttl").symlink_to("people/a.ttl")
    (register.data / "offices").symlink_to("../shared/inner", target_is_directory=True)
    (register.data / "topics").symlink_to("../shared", target_is_directory=True)
    assert set(complaints(register)) == {"places.ttl", "topics/inner"}


def test_what_is_no_file_is_told_and_not_opened(register_of: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    register = register_of({"contracts.ttl": ""})
    os.mkfifo(register.data / "people.ttl")
    monkeypatch.chdir(register.data)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as server, pytest.raises(SourceError) as caught:
        server.bind("places.ttl")
        source_files(register)
    assert [str(finding.place) for finding in caught.value.findings] == ["people.ttl", "places.ttl"]


def test_files_that_look_like_sources_and_are_none_are_told(register_of: Write) -> None:
    names = ["people/a.ttl.txt", "people/b.TTL", "people/c.ttl.TXT", "links/d.tsv", "links/e.sssom.tsv.txt", "f.nt.md"]
    told = complaints(register_of(dict.fromkeys(["contracts.ttl", *names], "")))
    assert set(told) == set(names)
    assert all("that end in" in text or "no known part" in text for text in told.values())


@pytest.mark.parametrize("folder", ["ontology", "shapes", "data/queries"])
def test_other_folders_are_held_to_the_same(register_of: Write, folder: str) -> None:
    register = register_of({"contracts.ttl": ""})
    place = register.folder / folder
    place.mkdir()
    suffix = ".rq" if folder == "data/queries" else ".ttl"
    for name in (f"right{suffix}", f"wrong{suffix}.txt", f"wrong{suffix.upper()}", "README.md", "Thumbs.db", "x.py"):
        (place / name).touch()
    (place / f"link{suffix}").symlink_to("/etc/passwd")
    os.mkfifo(place / f"pipe{suffix}")
    with pytest.raises(SourceError) as caught:
        documents(register, place, suffix)
    told = {finding.place.file.name for finding in caught.value.findings if finding.place}
    assert told == {f"wrong{suffix}.txt", f"wrong{suffix.upper()}", f"link{suffix}", f"pipe{suffix}"}
    assert documents(register, place / "none") == []


def test_queries_stand_directly_in_their_folder(register_of: Write) -> None:
    register = register_of({"contracts.ttl": "", "queries/b.rq": "", "queries/a.rq": "", "queries/old/c.rq": ""})
    assert [path.name for path in read_queries(register)] == ["a.rq", "b.rq"]


def test_paths_are_told_from_the_current_folder(register_of: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    register = register_of({"contracts.ttl": ""})
    monkeypatch.chdir(register.folder)
    assert source_files(register) == [SourceFile(Path("data/contracts.ttl"), "contracts")]


def test_a_query_from_outside_of_the_register_is_not_read(register_of: Write) -> None:
    register = register_of({"contracts.ttl": "", "queries/a.rq": "ASK {}"})
    (register.data / "queries/b.rq").symlink_to("/etc/passwd")
    with pytest.raises(SourceError, match=r"b\.rq: violation: this link leads out"):
        read_queries(register)


def test_a_table_is_read_with_what_describes_it(register_of: Callable[[dict[str, str]], Register]) -> None:
    described = {f"tables/{name}.csv-metadata.json": "{}" for name in "abc"}
    register = register_of({**described, "tables/a.csv": "", "tables/b.csv.gz": "", "tables/c.xlsx": ""})
    found = [(file.path.name, file.role) for file in source_files(register)]
    assert found == [("a.csv", "tables"), ("b.csv.gz", "tables"), ("c.xlsx", "tables")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tables/a.csv", "this table is described nowhere; write a.csv-metadata.json beside it"),
        ("tables/a.csv-metadata.json", "there is no table beside this description; put a.csv here"),
        ("tables/a.ods", "only files that end in .csv, .csv.gz, .xlsx, .csv-metadata.json are read here"),
    ],
)
def test_a_table_and_its_description_belong_together(
    register_of: Callable[[dict[str, str]], Register], name: str, text: str
) -> None:
    with pytest.raises(SourceError) as caught:
        source_files(register_of({"contracts.ttl": "", name: ""}))
    assert text in caught.value.findings[0].message["en"]

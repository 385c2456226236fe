"""Building: whole or not at all, the same bytes for the same sources, nothing where nothing has changed."""

from __future__ import annotations

import errno
import hashlib
import importlib
import shutil
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib.compare import isomorphic

from vertragsgraph.finding import FindingsError
from vertragsgraph.register import Register
from vertragsgraph.release import (
    GateRefused,
    Release,
    ReleaseError,
    Request,
    activate,
    build,
    current_release,
    disk,
    open_release,
    released,
    takedown,
    verify,
)
from vertragsgraph.release import manifest as manifests
from vertragsgraph.release.contents.formats import FORMATS, Dump
from vertragsgraph.release.digest import FORMAT

Add = Callable[[str], None]


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a release but manifest and catalogue (which tell the instant) and the store (whose files differ)."""
    names = {path.relative_to(folder).as_posix(): path for path in disk.files(folder)}
    return {
        name: path.read_bytes()
        for name, path in names.items()
        if name not in {"release.json", "catalog.ttl"} and not name.startswith("store/")
    }


def test_a_release_holds_what_its_manifest_says(register: Register, releases: Path) -> None:
    built = build(register, releases, today=date(2026, 11, 22))
    release = built.release
    assert built.new
    assert built.report is not None
    assert built.report.conforms
    assert release.id == f"2026-11-22.{release.digest[:8]}"
    assert release.folder == releases / release.id
    assert (releases / "current").readlink() == Path(release.id)
    assert release.roles[:2] == ("contracts", "agents")
    assert sum(release.counts.values()) == release.manifest.triples
    assert release.key == "test"
    for name, entry in release.manifest.files.items():
        data = (release.folder / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry.bytes, entry.sha256)
    assert verify(release) == []
    assert not list(releases.glob(".building-*"))


def test_the_store_holds_the_quads_of_the_dump(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    store = pyoxigraph.Store.read_only(str(release.store))
    quads = list(pyoxigraph.parse(path=release.dump("nq"), format=RdfFormat.N_QUADS))
    assert set(store) == set(quads)
    assert len(quads) == release.manifest.triples
    assert {quad.graph_name.value for quad in quads} == {register.graph(role) for role in release.roles}


def test_the_store_of_a_large_release_holds_what_stands_beside_the_data(
    register: Register, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vertragsgraph.release.release.IN_MEMORY", 0)
    release = build(register, releases).release
    store = pyoxigraph.Store.read_only(str(release.store))
    default = {quad.triple for quad in store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())}
    assert default == {quad.triple for quad in pyoxigraph.parse(path=release.dump("nt"))}
    about = {register.graph(role) for role in ("ontology", "shapes", "catalog", "void", "queries")}
    assert about <= {str(graph.value) for graph in store.named_graphs()}


def test_triple_dumps_are_isomorphic_for_two_readers(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    lines = release.dump("nt").read_text("utf-8")
    expected = rdflib.Graph().parse(data=lines, format="nt")
    triples = {quad.triple for quad in pyoxigraph.parse(lines, RdfFormat.N_TRIPLES)}
    assert len(triples) == release.manifest.triples, "the default graph of the endpoint"
    for extension in ("ttl", "jsonld", "rdf"):
        assert isomorphic(rdflib.Graph().parse(release.dump(extension)), expected)
        assert {quad.triple for quad in pyoxigraph.parse(path=release.dump(extension))} == triples
    assert set(pyoxigraph.parse(path=release.dump("trig"))) == set(pyoxigraph.parse(path=release.dump("nq")))


def test_line_dumps_are_sorted_by_bytes(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    for extension in ("nt", "nq"):
        lines = release.dump(extension).read_bytes().splitlines(keepends=True)
        assert lines == sorted(set(lines))


def test_building_again_elsewhere_gives_the_same_bytes(register: Register, tmp_path: Path) -> None:
    first = build(register, tmp_path / "one", today=date(2026, 1, 1)).release
    second = build(register, tmp_path / "two", today=date(2026, 1, 2)).release
    assert first.digest == second.digest
    assert contents(first.folder) == contents(second.folder)


def test_nothing_is_built_where_nothing_has_changed(register: Register, releases: Path, add_contract: Add) -> None:
    first = build(register, releases, today=date(2026, 1, 1)).release
    before = {path: path.stat().st_mtime_ns for path in disk.files(releases)}
    again = build(register, releases, today=date(2026, 5, 5))
    assert not again.new
    assert again.release == first
    assert {path: path.stat().st_mtime_ns for path in disk.files(releases)} == before
    add_contract("c")
    changed = build(register, releases)
    assert changed.new
    assert changed.release.digest != first.digest


def test_going_back_to_former_sources_activates_the_former_release(
    register: Register, releases: Path, add_contract: Add
) -> None:
    text = (register.data / "contracts.ttl").read_text("utf-8")
    first = build(register, releases).release
    add_contract("c")
    build(register, releases)
    (register.data / "contracts.ttl").write_text(text, "utf-8")
    back = build(register, releases)
    assert not back.new
    assert current_release(releases) == first


def test_a_release_can_be_built_without_being_served(register: Register, releases: Path, add_contract: Add) -> None:
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases, activate=False).release
    assert second.folder.is_dir()
    assert current_release(releases) == first


def without_contract_b(register: Register) -> None:
    path = register.data / "contracts.ttl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("contract:b ", "signing:b "))]
    path.write_text("".join(kept), "utf-8")


def test_what_was_released_does_not_vanish(register: Register, releases: Path) -> None:
    first = build(register, releases).release
    without_contract_b(register)
    with pytest.raises(GateRefused) as refused:
        build(register, releases)
    focus = {finding.focus for finding in refused.value.findings if finding.focus and finding.rule == "withdrawals"}
    assert focus == {f"<{register.iri(f'id/{kind}/b')}>" for kind in ("contract", "signing")}
    assert current_release(releases) == first
    assert build(register, releases, compared=False).new


def test_a_version_of_the_vocabulary_stays_as_it_was_released(register: Register, releases: Path) -> None:
    path = register.folder / "ontology" / "version.ttl"
    version = "<urn:vocabulary> a owl:Ontology ; owl:versionIRI <urn:vocabulary:1> ."
    path.write_text(f"@prefix owl: <http://www.w3.org/2002/07/owl#> .\n{version}\n", "utf-8")
    first = build(register, releases).release
    path.write_text(path.read_text("utf-8") + "<urn:vocabulary#new> a owl:Class .\n", "utf-8")
    with pytest.raises(GateRefused) as refused:
        build(register, releases)
    (finding,) = (finding for finding in refused.value.findings if finding.rule == "versions")
    assert first.id in finding.message["en"]
    assert "urn:vocabulary:1" in finding.message["en"]
    assert build(register, releases, compared=False).new


def test_every_release_at_hand_is_followed_the_served_one_first(
    register: Register, releases: Path, add_contract: Add, age: Callable[[Release], None]
) -> None:
    assert released(register, releases) == []
    first = build(register, releases).release
    age(first)
    add_contract("c")
    second = build(register, releases, activate=False).release
    followed = released(register, releases)
    assert [item.id for item in followed] == [first.id, second.id]
    assert followed[0].triples == first.folder / "resources.nt"
    (releases / "current").unlink()
    assert [item.id for item in released(register, releases)] == [second.id, first.id]


def test_what_came_after_a_rollback_does_not_vanish(register: Register, releases: Path, add_contract: Add) -> None:
    text = (register.data / "contracts.ttl").read_text("utf-8")
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    activate(releases, first.id)
    (register.data / "contracts.ttl").write_text(text.replace("Abschluss A", "Der Abschluss A"), "utf-8")
    with pytest.raises(GateRefused, match=f"contract:c stands in release {second.id}"):
        build(register, releases)


def test_the_list_of_resources_is_what_the_gate_reads(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    lines = (release.folder / "resources.nt").read_text("utf-8").splitlines()
    assert len(lines) == 6
    assert set(lines) <= set(release.dump("nt").read_text("utf-8").splitlines())


def test_a_damaged_release_and_another_registers_are_not_followed(
    register: Register, releases: Path, add_contract: Add
) -> None:
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    (second.folder / "resources.nt").write_text("cut off", "utf-8")
    assert [item.id for item in released(register, releases)] == [first.id]
    (second.folder / "release.json").write_text("{", "utf-8")
    assert [item.id for item in released(register, releases)] == [first.id]
    assert released(register.model_copy(update={"base": "https://example.org/elsewhere/"}), releases) == []


def test_a_release_of_the_first_format_is_followed_by_its_triples(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    files = {name: entry for name, entry in release.manifest.files.items() if name != "resources.nt"}
    (release.folder / "resources.nt").unlink()
    older = release.manifest.model_copy(update={"files": files})
    (release.folder / "release.json").write_text(older.text(), "utf-8")
    assert [item.triples for item in released(register, releases)] == [release.dump("nt")]


def test_a_release_gone_back_to_stays_until_there_is_something_new(
    register: Register, releases: Path, add_contract: Add, age: Callable[[Release], None]
) -> None:
    first = build(register, releases).release
    age(first)
    add_contract("c")
    second = build(register, releases).release
    activate(releases, first.id)
    again = build(register, releases)
    assert (again.new, again.release, again.held) == (False, second, open_release(first.folder))
    assert current_release(releases) == again.held
    activate(releases, second.id)
    assert build(register, releases).held is None
    activate(releases, first.id)
    add_contract("d")
    third = build(register, releases)
    assert (third.new, third.held) == (True, None)
    assert current_release(releases) == third.release


def test_a_damaged_release_is_built_anew(register: Register, releases: Path) -> None:
    first = build(register, releases)
    expected = contents(first.release.folder)
    first.release.dump("ttl").write_bytes(b"cut")
    (first.release.folder / "search.sqlite").unlink()
    again = build(register, releases)
    assert again.new
    assert len(again.mended) == 2
    assert again.release.id == first.release.id
    assert contents(again.release.folder) == expected
    assert verify(again.release) == []
    assert not build(register, releases).new


def test_a_damaged_release_that_was_redacted_is_not_built_anew(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    (redacted,) = takedown(releases, [release.id], Request(["organisation:x"]), "reason")
    redacted.dump("ttl").write_bytes(b"cut")
    with pytest.raises(ReleaseError, match="would hold again what was taken down"):
        build(register, releases)


GOLDEN = {3: "5d23925508e8d276fac3507f74724801986775431ea38183fdfe3982eb014b78"}
"""The SHA-256 of all files of the release of the register for tests, by the version of the files."""


def test_other_bytes_are_another_version_of_the_files(register: Register, releases: Path) -> None:
    """What a release's files are is part of its digest, or else an upgrade would find nothing to build."""
    found = contents(build(register, releases).release.folder)
    # Their bytes go by the version of SQLite and zlib, and what the register says is part of the digest as it is.
    written = {
        name: data
        for name, data in found.items()
        if not name.endswith((".sqlite", ".gz", "register.json", "kinds.json"))
    }
    listing = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(written.items()))
    assert hashlib.sha256(listing.encode()).hexdigest() == GOLDEN[FORMAT], (
        "the files of a release are written otherwise than before: raise FORMAT in vertragsgraph.release.digest, "
        f"and write the new value here\n{listing}"
    )


def test_another_format_gives_another_digest(
    register: Register, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(register, releases).release
    module = importlib.import_module("vertragsgraph.release.digest")
    monkeypatch.setattr(module, "FORMATS", (*FORMATS, Dump("hdt", "application/vnd.hdt", "HDT", "HDT")))
    again = build(register, releases)
    assert again.new
    assert again.release.digest != first.digest
    assert verify(again.release) == []


def test_another_digest_with_the_same_first_digits_gets_a_longer_name(
    register: Register, releases: Path, tmp_path: Path
) -> None:
    day = date(2026, 1, 1)
    digest = build(register, tmp_path / "other", today=day).release.digest
    stranger = releases / f"2026-01-01.{digest[:8]}"
    shutil.copytree(tmp_path / "other" / stranger.name, stranger)
    manifest = manifests.read(stranger)
    changed = manifest.model_copy(update={"digest": digest[:8] + "0" * 56})
    (stranger / "release.json").write_text(changed.text(), "utf-8")
    built = build(register, releases, today=day)
    assert built.new
    assert built.release.id == f"2026-01-01.{digest[:9]}"
    assert verify(built.release) == []


def test_violations_leave_no_release(register: Register, releases: Path) -> None:
    with (register.data / "organisations.ttl").open("a", encoding="utf-8") as file:
        file.write("organisation:z a vg:Organisation ; vg:page <https://example.org/> .\n")
    with pytest.raises(GateRefused) as refusal:
        build(register, releases)
    assert not refusal.value.report.conforms
    assert current_release(releases) is None
    assert [path.name for path in releases.iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ('rdfs:label "a\\u0001"', "control character"),
        ('<https://example.org/1> "a"', "XML name"),
        ('rdfs:label "a"@en--ltr', "direction"),
    ],
)
def test_what_no_format_can_hold_is_refused_with_its_place(
    register: Register, releases: Path, statement: str, reason: str
) -> None:
    path = register.data / "organisations.ttl"
    line = len(path.read_text("utf-8").splitlines()) + 1
    with path.open("a", encoding="utf-8") as file:
        file.write(f"organisation:z a vg:Organisation ; {statement} .\n")
    with pytest.raises(FindingsError, match=reason) as refusal:
        build(register, releases)
    place = refusal.value.findings[0].place
    assert place is not None
    assert (place.file.name, place.line) == ("organisations.ttl", line)
    assert current_release(releases) is None


@pytest.mark.parametrize(
    "name", ["contents.dumps.write", "contents.documents.text", "catalogue.prepare", "disk.appear"]
)
def test_a_full_disk_leaves_the_former_release(
    register: Register, releases: Path, add_contract: Add, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    first = build(register, releases).release
    before = sorted(path.name for path in releases.iterdir())
    add_contract("c")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(releases / "file"))

    with monkeypatch.context() as patch:
        patch.setattr(f"vertragsgraph.release.{name}", full)
        with pytest.raises(ReleaseError, match="No space left on device"):
            build(register, releases)
    assert current_release(releases) == first
    assert sorted(path.name for path in releases.iterdir()) == before
    assert build(register, releases).new


def test_a_folder_that_cannot_be_written_is_named(register: Register, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseError, match="file system refuses"):
        build(register, tmp_path / "file" / "releases")


def test_what_a_dead_build_left_is_swept(register: Register, releases: Path) -> None:
    (releases / ".building-dead" / "graphs").mkdir(parents=True)
    (releases / ".building-link").symlink_to("nowhere")
    build(register, releases)
    assert not list(releases.glob(".building-*"))


def test_two_builds_at_once_queue_up(register: Register, releases: Path) -> None:
    built = []
    said: list[str] = []
    with disk.locked(releases):
        threads = [
            threading.Thread(target=lambda: built.append(build(register, releases, progress=said.append)))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        while len([line for line in said if "…" in line]) < 2:
            assert any(thread.is_alive() for thread in threads)
        assert built == []
    for thread in threads:
        thread.join()
    assert sorted(outcome.new for outcome in built) == [False, True]


def test_the_documents_come_with_the_release(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    assert (release.folder / "queries" / "all.rq").read_text("utf-8") == "SELECT * { ?s ?p ?o }\n"
    assert (release.folder / "register.json").read_text("utf-8") == register.canonical() + "\n"
    for name in ("ontology", "shapes"):
        source = next((register.folder / name).glob("*.ttl"))
        expected = rdflib.Graph().parse(source, publicID=register.base)
        assert isomorphic(rdflib.Graph().parse(release.folder / f"{name}.ttl"), expected)
    text = (release.folder / "ontology.ttl").read_text("utf-8")
    assert "owl:unionOf ( vg:Organisation [ owl:complementOf vg:Signing ] )" in " ".join(text.split())
    assert open_release(release.folder).context == release.context

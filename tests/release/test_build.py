"""Building: whole or not at all, the same bytes for the same sources, nothing where nothing has changed."""

from __future__ import annotations

import errno
import hashlib
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
    build,
    current_release,
    disk,
    open_release,
    released,
    verify,
)
from vertragsgraph.release import manifest as manifests

Add = Callable[[str], None]


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a release but the manifest (which tells the instant) and the store (whose files differ)."""
    names = {path.relative_to(folder).as_posix(): path for path in disk.files(folder)}
    return {
        name: path.read_bytes()
        for name, path in names.items()
        if name != "release.json" and not name.startswith("store/")
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


def test_triple_dumps_are_isomorphic_for_two_readers(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    lines = release.dump("nt").read_text("utf-8")
    expected = rdflib.Graph().parse(data=lines, format="nt")
    triples = {quad.triple for quad in pyoxigraph.parse(lines, RdfFormat.N_TRIPLES)}
    assert len(triples) == sum(count for role, count in release.counts.items() if role != "entailed")
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
    focus = {finding.focus for finding in refused.value.findings if finding.rule == "withdrawals"}
    assert focus == {f"<{register.iri(f'id/{kind}/b')}>" for kind in ("contract", "signing")}
    assert current_release(releases) == first
    assert build(register, releases, compared=False).new


def test_the_release_that_is_served_is_the_one_to_follow(
    register: Register, releases: Path, add_contract: Add, age: Callable[[Release], None]
) -> None:
    """What was built and never served has not been promised to anybody."""
    assert released(register, releases) is None
    first = build(register, releases).release
    age(first)
    add_contract("c")
    second = build(register, releases, activate=False).release
    followed = released(register, releases)
    assert followed
    assert (followed.id, followed.triples) == (first.id, first.dump("nt"))
    (releases / "current").unlink()
    followed = released(register, releases)
    assert followed
    assert followed.id == second.id


def test_a_damaged_release_and_another_registers_are_not_followed(
    register: Register, releases: Path, add_contract: Add
) -> None:
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    second.dump("nt").write_text("cut off", "utf-8")
    followed = released(register, releases)
    assert followed
    assert followed.id == first.id
    (second.folder / "release.json").write_text("{", "utf-8")
    assert released(register, releases) == followed
    assert released(register.model_copy(update={"base": "https://example.org/elsewhere/"}), releases) is None


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


@pytest.mark.parametrize("name", ["dumps.write", "documents.text", "disk.appear"])
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

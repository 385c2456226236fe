"""A redaction takes away what it is told to and what follows from it, finds what else names it, and proves it is gone."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph
import pytest

from vertragsgraph.register import Register
from vertragsgraph.release import (
    Release,
    ReleaseError,
    Request,
    StillNamed,
    all_releases,
    build,
    changing,
    current_release,
    current_stamp,
    disk,
    plan,
    verify,
)
from vertragsgraph.release import takedown as take_down
from vertragsgraph.release.search import SearchIndex

X = "https://example.org/r/id/organisation/x"
VG = "https://w3id.org/vertragsgraph/ontology#"
A = "https://example.org/r/id/contract/a"


def takedown(
    releases: Path, name: str, targets: Sequence[str], reason: str, words: Sequence[str] = (), leave: Sequence[str] = ()
) -> Release:
    (release,) = take_down(releases, [name], Request(targets, words, leave), reason)
    return release


def everything(folder: Path) -> str:
    """All text that a release can be read for, the store's quads and what is compressed included."""
    texts = []
    for path in disk.files(folder):
        if path.suffix == ".gz":
            texts.append(gzip.decompress(path.read_bytes()).decode())
        elif path.suffix == ".sqlite":
            texts += indexed(path)
        elif path.parent.name != "store":
            texts.append(path.read_text("utf-8"))
    texts += map(str, pyoxigraph.Store.read_only(str(folder / "store")))
    return "\n".join(texts)


def indexed(path: Path) -> list[str]:
    """The texts of a search index; its resources are stored below the base IRI, so they are written out."""
    index = SearchIndex(path)
    paths = [index.base + row[0] for row in index.rows("SELECT iri FROM resource")]
    return [*paths, *(str(row[0]) for row in index.rows("SELECT text FROM entry"))]


def test_an_iri_vanishes_from_the_release(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    stamp = current_stamp(releases)
    assert X in everything(before.folder)
    after = takedown(releases, before.id, [X], "Court order 1/2026")
    assert current_stamp(releases) != stamp
    assert X not in everything(after.folder)
    assert (after.id, after.digest, after.created) == (before.id, before.digest, before.created)
    assert verify(after) == []
    assert current_release(releases) == after
    (redaction,) = after.manifest.redactions
    assert redaction.reason == "Court order 1/2026"
    assert redaction.statements == before.manifest.triples - after.manifest.triples
    assert before.manifest.files["dumps/test.nq"].sha256 != after.manifest.files["dumps/test.nq"].sha256
    # What isn't concerned stays.
    assert "https://example.org/r/id/organisation/y" in after.dump("nt").read_text("utf-8")
    assert sorted(path.name for path in releases.iterdir() if path.name.startswith(".")) == [".lock"]


def test_the_catalogue_says_so(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    takedown(releases, before.id, [X], "Court order 1/2026")
    text = (releases / "catalog.ttl").read_text("utf-8")
    assert "removed for legal reasons: Court order 1/2026" in text
    assert current_release(releases).manifest.files["dumps/test.ttl"].sha256 in text


def test_an_iri_that_only_begins_the_same_stays(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    add_contract("a-2")
    before = build(register, releases).release
    after = takedown(releases, before.id, [A], "reason", leave=[f"{A}-2", "signing:a"])
    text = everything(after.folder)
    assert f"{A}-2" in text
    assert f"<{A}>" not in text


def test_a_statement_vanishes_with_its_consequences(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    dump = before.dump("nq").read_text("utf-8")
    assert f"<{X}> <{VG}partnerIn> <{A}>" in dump
    after = takedown(releases, before.id, [f"<{A}> <{VG}partner> <{X}> ."], "reason")
    dump = after.dump("nq").read_text("utf-8")
    assert f"<{VG}partner> <{X}>" not in dump
    assert f"<{X}> <{VG}partnerIn>" not in dump
    assert f"<{X}> <http://www.w3.org/2000/01/rdf-schema#label>" in dump


def test_a_statement_vanishes_with_what_describes_it(register: Register, releases: Path) -> None:
    statement = f'<{A}> <{VG}amount> "40000"^^<http://www.w3.org/2001/XMLSchema#integer>'
    with (register.ontology / "o.ttl").open("a", encoding="utf-8") as file:
        file.write("vg:Statement a owl:Class .\n")
    with (register.data / "organisations.ttl").open("a", encoding="utf-8") as file:
        file.write(
            "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n<id/statement/1> a vg:Statement ; "
            "rdf:subject contract:a ; rdf:predicate vg:amount ; rdf:object 40000 .\n"
        )
    before = build(register, releases).release
    after = takedown(releases, before.id, [statement], "reason")
    text = everything(after.folder)
    assert "40000" not in text
    assert "id/statement/1" not in text


def test_a_release_that_is_not_served_can_be_redacted(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    after = takedown(releases, first.id, [X], "reason")
    assert X not in everything(after.folder)
    assert current_release(releases) == second
    assert {release.id for release in all_releases(releases)} == {first.id, second.id}


def test_building_again_does_not_bring_it_back(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    after = takedown(releases, before.id, [X], "reason")
    again = build(register, releases)
    assert not again.new
    assert again.release == after


@pytest.mark.parametrize(
    ("name", "targets", "message"),
    [
        (None, ["https://example.org/nobody"], "nothing of the kind"),
        (None, [], "at least one"),
        (None, ["Mr Smith"], "neither an IRI, absolute or with a prefix"),
        ("2020-01-01.00000000", [X], "there is no release"),
        (None, ["https://example.org/r/id/organisation/us", X], "would remain in register.json"),
    ],
)
def test_what_cannot_be_redacted_is_refused(
    register: Register, releases: Path, name: str | None, targets: list[str], message: str
) -> None:
    before = build(register, releases).release
    with pytest.raises(ReleaseError, match=message):
        takedown(releases, name or before.id, targets, "reason")
    assert current_release(releases) == before
    assert verify(before) == []


class CutError(Exception):
    """Stands for a power cut."""


@pytest.mark.slow
@pytest.mark.parametrize("served", [True, False])
def test_an_interrupted_redaction_is_finished_later(
    register: Register,
    releases: Path,
    add_contract: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    served: bool,
) -> None:
    first = build(register, releases).release
    if not served:
        add_contract("c")
        build(register, releases)
    template = releases.with_name("template")
    shutil.copytree(releases, template, symlinks=True)
    for moment in range(1, 40):
        shutil.rmtree(releases)
        shutil.copytree(template, releases, symlinks=True)
        with monkeypatch.context() as patch:
            cut = _cut_at(moment, patch)
            if not cut(lambda: takedown(releases, first.id, [X], "reason")):
                break
        current = current_release(releases)
        assert current is not None
        assert verify(current) == []
        with changing.changing(releases):
            pass
        names = {release.id for release in all_releases(releases)}
        assert first.id in names
        assert len(names) == (1 if served else 2)
        for release in all_releases(releases):
            assert verify(release) == []
    else:
        pytest.fail("a redaction has fewer steps")
    assert moment > 5


def _cut_at(moment: int, patch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], bool]:
    """Return a function that runs work and tells whether it was cut at its moment-th rename or link of a path."""
    count = 0

    def counted(original: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object) -> object:
            nonlocal count
            count += 1
            if count == moment:
                raise CutError
            return original(*arguments)

        return step

    for name in ("rename", "replace", "symlink_to"):
        patch.setattr(Path, name, counted(getattr(Path, name)))

    def cut(work: Callable[[], object]) -> bool:
        try:
            work()
        except CutError:
            return True
        return False

    return cut

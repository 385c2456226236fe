"""Building a release: collect, hold against the gate, write beside the others, let appear by one rename, activate."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph

from vertragsgraph.finding import Finding, FindingsError
from vertragsgraph.gate import Report, check
from vertragsgraph.graph import FORMAT, Graphs, collect
from vertragsgraph.register import Register
from vertragsgraph.release import disk, documents, dumps, manifest, prefixes, table, void
from vertragsgraph.release import lines as nt
from vertragsgraph.release.activate import point_to
from vertragsgraph.release.errors import disk_errors
from vertragsgraph.release.jsonld import Context
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.release.opened import CONTEXT_FILE, REGISTER_FILE, Release, all_releases, open_release
from vertragsgraph.release.survey import Survey, survey
from vertragsgraph.sources import Locator
from vertragsgraph.texts import language_of_user, translate

RELEASE_FORMAT: Final = FORMAT
DIGITS: Final = 8


class GateRefused(FindingsError):
    """The gate found violations, so there is no release; `report` says which."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(report.findings)


@dataclass(frozen=True)
class Built:
    """The outcome of a build: the release, whether it is new, and the gate's report (None where nothing had changed)."""

    release: Release
    new: bool
    report: Report | None


def build(
    register: Register,
    releases: Path,
    *,
    activate: bool = True,
    today: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Built:
    """Build the release of what the register holds now into the folder `releases`; a no-op where there is one already.

    Two builds at once queue up. Raises `GateRefused` for violations, `ReleaseError` where the disk refuses or a triple
    can't be written in every format, and what `collect` raises for sources that can't be read; then nothing has changed.
    """

    def say(text: str) -> None:
        if progress:
            progress(translate(text, language_of_user()))

    with (
        disk_errors(releases),
        disk.locked(releases, lambda: say("Another build is at work here; waiting for it …")),
        disk.work_folder(releases) as work,
    ):
        graphs = collect(register, work / "graphs", progress=progress)
        release = _known(releases, graphs.digest)
        report = None
        if new := release is None:
            report = check(register, graphs, progress=progress)
            if not report.conforms:
                raise GateRefused(report)
            name = _free_name(releases, today or manifest.now().date(), graphs.digest)
            _write(register, graphs, report, work / name, say)
            disk.appear(work / name, releases / name)
            release = open_release(releases / name)
        if activate:
            point_to(releases, release)
        return Built(release, new, report)


def _known(releases: Path, digest: str) -> Release | None:
    return next((release for release in all_releases(releases) if release.digest == digest), None)


def _free_name(releases: Path, day: date, digest: str) -> str:
    """Return day and first digits of the digest: eight, more only where another digest begins with the same ones."""
    names = (f"{day.isoformat()}.{digest[:digits]}" for digits in range(DIGITS, len(digest) + 1))
    return next(name for name in names if not (releases / name).exists())


def _write(register: Register, graphs: Graphs, report: Report, folder: Path, say: Callable[[str], None]) -> None:
    say("Counting what the graphs hold …")
    found = survey(dumps.merged_lines([graphs.path(role) for role in graphs.roles]), register.base)
    _refuse(register, found)
    names = prefixes.for_kinds(register.base, found.kinds)
    context = Context.of(found, names)
    (folder / "dumps").mkdir(parents=True)
    say("Writing the dumps …")
    dumps.write(graphs, register, folder / "dumps", names, context)
    table.write(nt.read(folder / "dumps" / f"{register.key}.nt"), register, folder / "dumps", graphs.folder)
    dumps.compress(folder / "dumps")
    say("Loading the store …")
    _load(folder / "dumps" / f"{register.key}.nq", folder / "store")
    disk.write_text(folder / void.FILE_NAME, void.describe(register, graphs, found, names, graphs.folder).turtle())
    disk.write_text(folder / CONTEXT_FILE, json.dumps(context.document(), ensure_ascii=False, indent=2) + "\n")
    disk.write_text(folder / REGISTER_FILE, register.canonical() + "\n")
    disk.write_text(folder / "report.ttl", report.turtle)
    for part in (register.ontology, register.shapes):
        disk.write_text(folder / f"{part.name}.ttl", documents.text(documents.read(register, part), names))
    _copy_queries(register.data / "queries", folder / "queries")
    disk.write_text(folder / manifest.FILE_NAME, _manifest(register, graphs, names, folder).text())


def _refuse(register: Register, found: Survey) -> None:
    """Raise the findings for triples that can't be published, each with its place in the sources."""
    if not found.refusals:
        return
    locator = Locator(register)
    findings = []
    for refusal in found.refusals:
        line = " ".join(refusal.triple)
        triple = next(pyoxigraph.parse(f"{line} .", pyoxigraph.RdfFormat.N_TRIPLES)).triple
        message = {
            language: translate(
                "the triple {triple} can't be published: {reason}", language, triple=line, reason=reason
            )
            for language, reason in refusal.reason.items()
        }
        findings.append(
            Finding(message, locator.triple(triple.subject, triple.predicate, triple.object), rule="release")
        )
    raise FindingsError(findings)


def _load(quads: Path, folder: Path) -> None:
    store = pyoxigraph.Store(folder)
    store.bulk_load(path=quads, format=pyoxigraph.RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    del store
    # The engine's log of its own doing: names of this machine's folders, and nothing that a reader needs.
    for log in folder.glob("LOG*"):
        log.unlink()


def _copy_queries(queries: Path, folder: Path) -> None:
    folder.mkdir()
    for query in sorted(queries.glob("*.rq")):
        shutil.copyfile(query, folder / query.name)


def _manifest(register: Register, graphs: Graphs, names: dict[str, str], folder: Path) -> Manifest:
    return Manifest(
        id=folder.name,
        digest=graphs.digest,
        format=RELEASE_FORMAT,
        created=manifest.now(),
        key=register.key,
        base=register.base,
        url=register.url,
        title=register.title,
        counts=dict(graphs.counts),
        triples=graphs.triples,
        prefixes=names,
        software=manifest.software(),
        files=manifest.entries(folder),
    )

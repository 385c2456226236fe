"""Building a release: collect, hold against the gate, write beside the others, let appear by one rename, activate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph

from vertragsgraph.finding import Finding, FindingsError
from vertragsgraph.gate import Released, Report, check
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.register import Register
from vertragsgraph.release import disk, documents, manifest
from vertragsgraph.release.activate import point_to
from vertragsgraph.release.changing import changing
from vertragsgraph.release.errors import ReleaseError
from vertragsgraph.release.opened import Release, all_releases, current_release, open_release
from vertragsgraph.release.survey import Refusal
from vertragsgraph.release.write import Contents, UnwritableError, write
from vertragsgraph.sources import Locator
from vertragsgraph.texts import language_of_user, translate

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
    compared: bool = True,
    today: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Built:
    """Build the release of what the register holds now into the folder `releases`; a no-op where there is one already.

    `compared` lets the gate compare with the release before, of which nothing may vanish. Two builds at once queue up.
    Raises `GateRefused` for violations, `ReleaseError` where the disk refuses or a triple can't be written in every
    format, and what `collect` raises for sources that can't be read; then nothing has changed.
    """

    def say(text: str) -> None:
        if progress:
            progress(translate(text, language_of_user()))

    with changing(releases, lambda: say("Another build is at work here; waiting for it …")) as work:
        graphs = collect(register, work / "graphs", progress=progress)
        release = _known(releases, graphs.digest)
        report = None
        if new := release is None:
            before = released(register, releases) if compared else None
            report = check(register, graphs, released=before, progress=progress)
            if not report.conforms:
                raise GateRefused(report)
            name = _free_name(releases, today or manifest.now().date(), graphs.digest)
            try:
                write(_read(register, graphs, report), work / name, say)
            except UnwritableError as error:
                raise _refused(register, error.refusals) from error
            disk.appear(work / name, releases / name)
            release = open_release(releases / name)
        if activate:
            point_to(releases, release)
        return Built(release, new, report)


def released(register: Register, releases: Path) -> Released | None:
    """Return the release that the next one follows: the one being served, else the newest; None where there is none.

    One that is damaged is passed over, and so is another register's (of another base IRI). A register whose base IRI leads
    to this machine only is a draft: it follows nothing.
    """
    if register.is_local:
        return None
    with suppress(ReleaseError):
        if (current := current_release(releases)) and (found := _released(current, register)):
            return found
    return next(filter(None, (_released(release, register) for release in all_releases(releases))), None)


def _released(release: Release, register: Register) -> Released | None:
    name = f"dumps/{release.key}.nt"
    whole = name in release.manifest.files and name not in release.missing_files()
    return Released(release.id, release.dump("nt")) if whole and release.base == register.base else None


def _known(releases: Path, digest: str) -> Release | None:
    return next((release for release in all_releases(releases) if release.digest == digest), None)


def _free_name(releases: Path, day: date, digest: str) -> str:
    """Return day and first digits of the digest: eight, more only where another digest begins with the same ones."""
    names = (f"{day.isoformat()}.{digest[:digits]}" for digits in range(DIGITS, len(digest) + 1))
    return next(name for name in names if not (releases / name).exists())


def _read(register: Register, graphs: Graphs, report: Report) -> Contents:
    queries = {path.name: path.read_text("utf-8") for path in sorted((register.data / "queries").glob("*.rq"))}
    return Contents(
        register=register,
        graphs=graphs,
        ontology=documents.read(register, register.ontology),
        shapes=documents.read(register, register.shapes),
        queries=queries,
        report=report.turtle,
        created=manifest.now(),
    )


def _refused(register: Register, refusals: Iterable[Refusal]) -> FindingsError:
    """Return the findings for triples that can't be published, each with its place in the sources."""
    locator = Locator(register)
    findings = []
    for refusal in refusals:
        line = " ".join(refusal.triple)
        triple = next(pyoxigraph.parse(f"{line} .", pyoxigraph.RdfFormat.N_TRIPLES)).triple
        message = {
            language: translate(
                "the triple {triple} can't be published: {reason}", language, triple=line, reason=reason
            )
            for language, reason in refusal.reason.items()
        }
        place = locator.triple(triple.subject, triple.predicate, triple.object)
        findings.append(Finding(message, place, rule="release"))
    return FindingsError(findings)

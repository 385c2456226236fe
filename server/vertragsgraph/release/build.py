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
from vertragsgraph.gate import Released, Report
from vertragsgraph.gate.places import Places
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.register import Register
from vertragsgraph.release import disk, documents, manifest
from vertragsgraph.release.activate import hold, is_held, pointing
from vertragsgraph.release.changing import changing
from vertragsgraph.release.digest import digest, fingerprint
from vertragsgraph.release.errors import ReleaseError, finding
from vertragsgraph.release.inspection import Examine, inspect
from vertragsgraph.release.opened import Release, all_releases, current_release, open_release
from vertragsgraph.release.survey import Refusal
from vertragsgraph.release.verify import look_over, verify
from vertragsgraph.release.write import RESOURCES, Contents, UnwritableError, write
from vertragsgraph.sources.queries import read_queries
from vertragsgraph.texts import both, language_of_user, translate

DIGITS: Final = 8


class GateRefused(FindingsError):
    """The gate found violations, so there is no release; `report` says which."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(report.findings)


@dataclass(frozen=True)
class Built:
    """The outcome of a build: the release, whether it is new, and the gate's report (None where nothing had changed).

    `held` is the release that goes on being served, since a keeper went back to it; None where this one is served.
    `mended` says what was wrong with this release before it was built anew.
    """

    release: Release
    new: bool
    report: Report | None
    held: Release | None = None
    mended: tuple[Finding, ...] = ()


def build(
    register: Register,
    releases: Path,
    *,
    activate: bool = True,
    compared: bool = True,
    examine: Examine | None = None,
    today: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Built:
    """Build the release of what the register holds now into the folder `releases`; a no-op where there is one already.

    `compared` lets the gate compare with the release before, of which nothing may vanish; `examine` looks at what the rooms
    above this one know of. Two builds at once queue up.
    Raises `GateRefused` for violations, `ReleaseError` where the disk refuses or a triple can't be written in every
    format, and what `collect` raises for sources that can't be read; then nothing has changed.
    """

    def say(text: str) -> None:
        if progress:
            progress(translate(text, language_of_user()))

    with changing(releases, lambda: say("Another build is at work here; waiting for it …")) as work:
        graphs = collect(register, work / "graphs", progress=progress)
        value = digest(graphs.digest, fingerprint())
        known = _known(releases, value)
        wrong = verify(known, progress=progress) if known else []
        if known and not wrong:
            held = _held(releases, known) if activate else None
            if activate and not held:
                hold(releases, None)
                pointing(releases, known, work)()
            return Built(known, new=False, report=None, held=held)
        if known and known.manifest.redactions:
            raise ReleaseError([*wrong, _redacted_and_damaged(known)])
        before = released(register, releases) if compared else ()
        report = inspect(register, graphs, released=before, examine=examine, progress=progress)
        if not report.conforms:
            raise GateRefused(report)
        name = known.id if known else _free_name(releases, today or manifest.now().date(), value)
        try:
            write(_read(register, graphs, report, value), work / name, say)
        except UnwritableError as error:
            raise _refused(register, error.refusals) from error
        point = pointing(releases, open_release(work / name), work) if activate else None
        if known:
            known.folder.rename(work / f"damaged-{name}")
        disk.appear(work / name, releases / name)
        if point:
            hold(releases, None)
            point()
        return Built(open_release(releases / name), new=True, report=report, mended=tuple(wrong))


def _held(releases: Path, known: Release) -> Release | None:
    """Return the release that a keeper went back to, if it can be served and isn't the one that was to be built."""
    with suppress(ReleaseError):
        if is_held(releases) and (current := current_release(releases)) and current.id != known.id:
            return None if look_over(current) else current
    return None


def _redacted_and_damaged(known: Release) -> Finding:
    message = both(
        "release {id} is damaged and was redacted; built anew, it would hold again what was taken down. Take it from a backup",
        id=known.id,
    )
    return finding(message, known.folder)


def released(register: Register, releases: Path) -> list[Released]:
    """Return all releases at hand, of which nothing may vanish: the one that is served first, then the newest.

    One that is damaged is passed over, and so is another register's (of another base IRI). A register whose base IRI leads
    to this machine only is a draft: it follows nothing.
    """
    if register.is_local:
        return []
    current = None
    with suppress(ReleaseError):
        current = current_release(releases)
    ordered = sorted(all_releases(releases), key=lambda release: current is None or release.id != current.id)
    return [found for release in ordered if (found := _released(release, register))]


def _released(release: Release, register: Register) -> Released | None:
    """Return what a release says there is: its list of resources, or for one of an earlier version its triples."""
    for name in (RESOURCES, f"dumps/{release.key}.nt"):
        if name in release.manifest.files:
            whole = release.base == register.base and name not in release.missing_files()
            return Released(release.id, release.folder / name) if whole else None
    return None


def _known(releases: Path, digest: str) -> Release | None:
    return next((release for release in all_releases(releases) if release.digest == digest), None)


def _free_name(releases: Path, day: date, digest: str) -> str:
    """Return day and first digits of the digest: eight, more only where another digest begins with the same ones."""
    names = (f"{day.isoformat()}.{digest[:digits]}" for digits in range(DIGITS, len(digest) + 1))
    return next(name for name in names if not (releases / name).exists())


def _read(register: Register, graphs: Graphs, report: Report, value: str) -> Contents:
    return Contents(
        digest=value,
        register=register,
        graphs=graphs,
        ontology=documents.read(register, register.ontology),
        shapes=documents.read(register, register.shapes),
        queries={path.name: text for path, text in read_queries(register).items()},
        report=report.turtle,
        created=manifest.now(),
    )


def _refused(register: Register, refusals: Iterable[Refusal]) -> FindingsError:
    """Return the findings for triples that can't be published, each with its place in the sources."""
    refusals = list(refusals)
    lines = [" ".join(refusal.triple) for refusal in refusals]
    triples = [quad.triple for line in lines for quad in pyoxigraph.parse(f"{line} .", pyoxigraph.RdfFormat.N_TRIPLES)]
    places = Places(register)
    places.look_up(triples=triples)
    findings = []
    for refusal, line, triple in zip(refusals, lines, triples, strict=True):
        message = {
            language: translate(
                "the triple {triple} can't be published: {reason}", language, triple=line, reason=reason
            )
            for language, reason in refusal.reason.items()
        }
        findings.append(Finding(message, places.of_triple(triple), rule="release"))
    return FindingsError(findings)

"""Building a release: collect, hold against the gate, write beside the others, let appear by one rename, activate."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from vertragsgraph.finding import Finding, FindingsError
from vertragsgraph.gate import Released, Report, check
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import in_order
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.rdf.syntax.ntriples import triple_of
from vertragsgraph.register import Register, at_keys, warnings
from vertragsgraph.release import disk, manifest
from vertragsgraph.release import known as known_sources
from vertragsgraph.release.activate import hold, is_held, pointing
from vertragsgraph.release.catalogue import check_catalogue
from vertragsgraph.release.chain import followed, last
from vertragsgraph.release.contents.statistics import Refusal
from vertragsgraph.release.digest import digest, fingerprint
from vertragsgraph.release.errors import ReleaseError, finding
from vertragsgraph.release.lock import changing
from vertragsgraph.release.manifest import Rebuilding
from vertragsgraph.release.release import Release, all_releases, current_release, open_release
from vertragsgraph.release.verify import CLOCKS, look_over, verify
from vertragsgraph.release.writing import RESOURCES, Contents, UnwritableError, write
from vertragsgraph.texts import Language, both, telling

DIGITS: Final = 8


class GateRefused(FindingsError):
    """The gate found violations, so there is no release; `report` says which."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(report.findings)


Examine: TypeAlias = Callable[[Graphs], Iterable[Finding]]
"""Looks at the graphs of a register and says what is wrong."""


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
    say = telling(progress)
    with changing(releases, lambda: say("Another build is at work here; waiting for it …")) as work:
        sources = known_sources.sources(register)
        if same := known_sources.release_of(releases, sources):
            return _unchanged(releases, same, work, activate=activate)
        graphs = collect(register, work / "graphs", progress=progress)
        value = digest(graphs.digest, fingerprint())
        at_hand = all_releases(releases)
        known = next((release for release in at_hand if release.digest == value), None)
        wrong = verify(known, progress=progress) if known else []
        if known and not wrong:
            _remember(register, releases, sources, known)
            return _unchanged(releases, known, work, activate=activate)
        if known and (reason := _not_to_be_mended(known, at_hand)):
            raise ReleaseError([*wrong, finding(reason, known.folder)])
        before = released(register, releases) if compared else ()
        report = inspect(register, graphs, released=before, examine=examine, progress=progress)
        if not report.conforms:
            raise GateRefused(report)
        name = known.id if known else _free_name(releases, today or manifest.now().date(), value, followed(at_hand))
        instant, previous = _instant(at_hand), last(at_hand, register.base)
        contents = Contents(value, register, graphs, report.turtle, report.coverage, instant, previous)
        try:
            write(_as_before(contents, known) if known else contents, work / name, say)
        except UnwritableError as error:
            raise refused(register, error.refusals) from error
        point = pointing(releases, open_release(work / name), work) if activate else None
        if known:
            known.folder.rename(work / f"damaged-{name}")
        disk.appear(work / name, releases / name)
        if point:
            hold(releases, None)
            point()
        if known and (work / f"damaged-{name}" / manifest.SIGNATURE).exists():
            wrong.append(_unsigned(known))
        release = open_release(releases / name)
        _remember(register, releases, sources, release)
        return Built(release, new=True, report=report, mended=tuple(wrong))


def _unchanged(releases: Path, known: Release, work: Path, *, activate: bool) -> Built:
    """Serve a release that there is already, unless its keeper went back to another one."""
    held = _held(releases, known) if activate else None
    if activate and not held:
        hold(releases, None)
        pointing(releases, known, work)()
    return Built(known, new=False, report=None, held=held)


def _remember(register: Register, releases: Path, sources: str, release: Release) -> None:
    """Take note of which sources a release was made, unless somebody has changed them meanwhile."""
    if sources and known_sources.sources(register) == sources:
        known_sources.remember(releases, sources, release)


def inspect(
    register: Register,
    graphs: Graphs,
    *,
    released: Sequence[Released] = (),
    examine: Examine | None = None,
    fast: bool | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Return the gate's report, and in it what else keeps a register from being released, and what portals will refuse.

    `examine` looks at what rooms above this one know of, `fast` chooses the engine that validates. Raises what `examine`
    raises.
    """
    report = check(register, graphs, released=released, fast=fast, progress=progress)
    more = [
        *warnings(register),
        *no_longer_a_draft(register, released),
        *check_catalogue(register),
        *(examine(graphs) if examine else ()),
    ]
    return replace(report, findings=in_order([*report.findings, *more]))


def no_longer_a_draft(register: Register, released: Sequence[Released]) -> list[Finding]:
    """Return a finding where a register says that it is a draft, although a release of it binds."""
    if not register.draft or not released:
        return []
    message = both('release {id} was no draft, so neither can this be: take out "draft"', id=released[0].id)
    return at_keys(register, [("draft", message)])


def _held(releases: Path, known: Release) -> Release | None:
    """Return the release that a keeper went back to, if it can be served and isn't the one that was to be built."""
    with suppress(ReleaseError):
        if is_held(releases) and (current := current_release(releases)) and current.id != known.id:
            return None if look_over(current) else current
    return None


def _not_to_be_mended(known: Release, at_hand: Sequence[Release]) -> dict[Language, str] | None:
    """Return why a damaged release must not be built anew."""
    if known.manifest.redactions:
        return both(
            "release {id} is damaged and was redacted; built anew, it would hold again what was taken down. Take it from a backup",
            id=known.id,
        )
    if known.id in followed(at_hand) and not manifest.is_as_written(known.folder):
        return both(
            "the manifest of release {id} was changed, and another release names it as the one before; built anew, it would be "
            "another one. Take it from a backup, or remove its folder",
            id=known.id,
        )
    return None


def _unsigned(known: Release) -> Finding:
    message = both(
        "its signature was of the damaged one; sign it anew: vertragsgraph releases sign --key … {id}", id=known.id
    )
    return finding(message, known.folder)


def _as_before(contents: Contents, damaged: Release) -> Contents:
    """Return what goes into a damaged release that is built anew: it keeps its instant and its place in the chain."""
    said = damaged.manifest
    if not manifest.is_as_written(damaged.folder):  # as none follows it, it may as well be a new one
        return replace(contents, previous=said.previous)
    noted = Rebuilding(at=manifest.now(), before=manifest.sha256(damaged.folder))
    return replace(contents, created=said.created, previous=said.previous, rebuilt=(*said.rebuilt, noted))


def released(register: Register, releases: Path) -> list[Released]:
    """Return all releases at hand, of which nothing may vanish: the one that is served first, then the newest.

    One that is damaged is passed over, and so are drafts and another register's (of another base IRI).
    """
    current = None
    with suppress(ReleaseError):
        current = current_release(releases)
    ordered = sorted(all_releases(releases), key=lambda release: current is None or release.id != current.id)
    return [found for release in ordered if (found := _released(release, register))]


def _released(release: Release, register: Register) -> Released | None:
    """Return what a release says there is: its list of resources, or for one of an earlier version its triples."""
    for name in (RESOURCES, f"dumps/{release.key}.nt"):
        if name in release.manifest.files:
            binds = release.base == register.base and not release.is_draft
            whole = binds and name not in release.missing_files()
            return Released(release.id, release.folder / name, release.folder / "ontology.ttl") if whole else None
    return None


def _instant(at_hand: Sequence[Release]) -> datetime:
    """Return the present instant, or the one after the newest release's: their order is told by it, to the second."""
    now = manifest.now()
    after = at_hand[0].created + timedelta(seconds=1) if at_hand else now
    return after if now < after <= now + CLOCKS else now


def _free_name(releases: Path, day: date, digest: str, taken: Container[str]) -> str:
    """Return day and first digits of the digest: eight, more only where another release has, or had, the same ones."""
    names = (f"{day.isoformat()}.{digest[:digits]}" for digits in range(DIGITS, len(digest) + 1))
    return next(name for name in names if name not in taken and not (releases / name).exists())


def refused(register: Register, refusals: Iterable[Refusal]) -> FindingsError:
    """Return the findings for triples that can't be published, each with its place in the sources."""
    refusals = list(refusals)
    lines = [" ".join(refusal.triple) for refusal in refusals]
    triples = [triple_of(f"{line} .") for line in lines]
    places = Places(register)
    places.look_up(triples=triples)
    findings = []
    for refusal, line, triple in zip(refusals, lines, triples, strict=True):
        message = both("the triple {triple} can't be published: {reason}", triple=line, reason=refusal.reason)
        findings.append(Finding(message, places.of_triple(triple), rule="release"))
    return FindingsError(findings)

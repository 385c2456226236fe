"""Taking statements out of past releases for legal reasons.

A release keeps its id and its digest (which says what it was once built from), says openly that and when it was redacted,
and gets new files with new checksums. They are written beside the old ones, never over them: a release in which half of
something is gone would be neither what was cited nor what the law wants. What the ontology lets follow is worked out anew,
so that nothing that was taken away can be read off its consequences. Nothing is done before it is known what else names
what has to go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, RdfFormat

from vertragsgraph.finding import FindingsError
from vertragsgraph.gate import coverage
from vertragsgraph.graph import Graphs
from vertragsgraph.graph.graphs import AS_READ, write_graphs
from vertragsgraph.graph.reasoning.ontology import logic_of
from vertragsgraph.rdf.namespaces import RDFS, SH
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.release import catalogue, disk, manifest
from vertragsgraph.release.contents import documents
from vertragsgraph.release.errors import ReleaseError, failure
from vertragsgraph.release.lock import REDACTED, changing, settle
from vertragsgraph.release.redaction.plan import DOCUMENTS, Plan, Request, plans
from vertragsgraph.release.redaction.scan import holds, scan
from vertragsgraph.release.release import Release, all_releases, current_release, open_release, release_folders
from vertragsgraph.release.verify import look_over
from vertragsgraph.release.writing import QUERIES, REPORT_FILE, Contents, write
from vertragsgraph.texts import both, in_each, marked, telling

REDACTED_REPORT = f"""\
@prefix rdfs: <{RDFS}> .
@prefix sh: <{SH}> .

[] a sh:ValidationReport ;
    sh:conforms true ;
    rdfs:comment {{comment}} .
"""


def _redacted_report(register: Register) -> str:
    said = in_each(register.spoken, marked("The results were removed."))
    return REDACTED_REPORT.format(comment=", ".join(str(Literal(text, language=tag)) for tag, text in said.items()))


class StillNamed(FindingsError):
    """Something would still name what has to go, and nobody said that it may; nothing was done."""


def takedown(
    releases: Path,
    names: Sequence[str],
    request: Request,
    reason: str,
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Release]:
    """Take what a request names out of the releases with these ids, and return them as they are then.

    `reason` is published with each. Raises `StillNamed` where something in them, or in the reason, would still name it and
    the request doesn't leave it; `ReleaseError` where there is no such release, or nothing of the kind in it. Nothing has
    changed then: before the new files appear, each of them has been searched for what had to go.
    """
    say = telling(progress)
    with changing(releases) as work:
        say("Looking for what names it …")
        planned = plan(releases, names, request)
        if undecided := [finding for item in planned if item.undecided for finding in item.findings()]:
            raise StillNamed(undecided)
        if hit := planned[0].names.found(reason):
            raise failure(both('the reason is published and names what has to go ("{name}")', name=hit.name), None)
        for item in planned:
            name = item.release.id
            graphs = work / f"graphs-{name}"
            graphs.mkdir()
            write(_contents(item, reason, graphs), work / name, say)
            say("Searching every file …")
            if left := scan(work / name, item.names, item.kept, work):
                raise StillNamed(left)
        put_in_place = _catalogue(releases, work, [open_release(work / item.release.id) for item in planned])
        for item in planned:
            disk.appear(work / item.release.id, releases / f"{REDACTED}{item.release.id}")
        settle(releases, work)
        put_in_place()
        return [open_release(releases / item.release.id) for item in planned]


def plan(releases: Path, names: Sequence[str], request: Request) -> list[Plan]:
    """Return what a takedown would do to the releases with these ids; those that don't hold it are left out.

    Raises `ReleaseError` where there is no such release or it is damaged, nothing of the kind in any of them, or where the
    request can't be understood.
    """
    chosen = []
    for name in names:
        if releases / name not in release_folders(releases):
            raise failure(both('there is no release "{name}"; see: vertragsgraph releases list', name=name), releases)
        chosen.append(open_release(releases / name))
        if wrong := look_over(chosen[-1]):
            raise ReleaseError(wrong)
    found = [item for item in plans(chosen, request) if item.removed or item.changed]
    if not found:
        raise failure(
            both("the release {name} says nothing of the kind; nothing was removed", name=", ".join(names)), releases
        )
    return found


def others_that_hold(releases: Path, planned: Sequence[Plan]) -> list[str]:
    """Return the ids of the releases at hand, beside those planned, in which what has to go still stands."""
    done = {item.release.id for item in planned}
    return [
        release.id
        for release in all_releases(releases)
        if release.id not in done and any(holds(release.dump("nq"), item.names) for item in planned)
    ]


def _catalogue(releases: Path, work: Path, redacted: Sequence[Release]) -> Callable[[], None]:
    """Return what puts the catalogue in its place that says what was redacted."""
    try:
        current = current_release(releases)
    except ReleaseError:  # a takedown doesn't wait until the release being served is mended
        current = None
    if current is None:
        return lambda: None
    current = next((release for release in redacted if release.id == current.id), current)
    return catalogue.prepare(releases, current, work, redacted)


def _contents(item: Plan, reason: str, folder: Path) -> Contents:
    before, names = item.release, item.names
    graphs = _redacted_graphs(item, folder)
    report = (before.folder / REPORT_FILE).read_text("utf-8")
    noted = manifest.Redaction(
        at=manifest.now(),
        reason=reason,
        # What follows isn't counted: an earlier release may get more of that, since it is worked out anew.
        statements=item.removed + item.changed,
        before=manifest.sha256(before.folder),
    )
    return Contents(
        digest=before.digest,
        register=before.register,
        graphs=graphs,
        report=_redacted_report(before.register) if names.found(report, item.kept) else report,
        evidence=coverage(before.register, graphs),
        created=before.created,
        previous=before.manifest.previous,
        redactions=(*before.manifest.redactions, noted),
        rebuilt=before.manifest.rebuilt,
    )


def _redacted_graphs(item: Plan, folder: Path) -> Graphs:
    """Write what may stay of the asserted graphs, and what follows from that, into `folder`."""
    before, redaction = item.release, item.redaction
    roles = [role for role in before.roles if role in ASSERTED_ROLES]
    for role in roles:
        ending = f"<{before.register.graph(role)}> .\n"
        own = (line[: -len(ending)] + ".\n" for line in nt.read(before.dump("nq")) if line.endswith(f" {ending}"))
        with (folder / f"{role}{AS_READ}").open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(redaction.lines(own))
    ontology, shapes = (
        [quad.triple for quad in pyoxigraph.parse("".join(redaction.lines(lines)), RdfFormat.N_TRIPLES)]
        for lines in (documents.lines(documents.read(before.folder / name)) for name in DOCUMENTS)
    )
    files = {path.name: path.read_bytes().decode() for path in disk.files(before.folder / QUERIES)}
    queries = {name: text for name, text in files.items() if not item.names.found(f"{name}\n{text}", item.kept)}
    logic = logic_of(ontology, before.register)
    counts = write_graphs(folder, roles, logic, before.base)
    return Graphs(folder, counts, ontology, shapes, queries, logic, before.kinds)

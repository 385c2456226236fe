"""Taking statements out of a past release for legal reasons.

The release keeps its id and its digest (which says what it was once built from), says openly that and when it was redacted,
and gets new files with new checksums. What the ontology lets follow is worked out anew, so that nothing that was taken
away can be read off its consequences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import MappingProxyType

import pyoxigraph
from pyoxigraph import RdfFormat

from vertragsgraph.graph import Graphs
from vertragsgraph.graph.digest import canonical
from vertragsgraph.graph.entail import entail
from vertragsgraph.graph.ontology import logic_of
from vertragsgraph.graph.sorting import sort_file, write_apart
from vertragsgraph.register import ASSERTED_ROLES, ROLES
from vertragsgraph.release import catalogue, disk, manifest
from vertragsgraph.release import lines as nt
from vertragsgraph.release.changing import REDACTED, changing, settle
from vertragsgraph.release.errors import failure
from vertragsgraph.release.opened import Release, current_release, open_release, release_folders
from vertragsgraph.release.redact import Redaction
from vertragsgraph.release.write import QUERIES, REPORT_FILE, Contents, write
from vertragsgraph.texts import both, language_of_user, translate

REDACTED_REPORT = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

[] a sh:ValidationReport ;
    sh:conforms true ;
    rdfs:comment "Die Ergebnisse wurden entfernt."@de, "The results were removed."@en .
"""


def takedown(
    releases: Path,
    name: str,
    targets: Iterable[str],
    reason: str,
    *,
    progress: Callable[[str], None] | None = None,
) -> Release:
    """Take IRIs or statements (in N-Triples) out of the release with an id, and return it as it is then.

    `reason` is published with the release. Raises `ReleaseError` where there is no such release, where nothing in it
    matches, or where an IRI would remain because the register's own settings name it; then nothing has changed.
    """

    def say(text: str) -> None:
        if progress:
            progress(translate(text, language_of_user()))

    redaction = Redaction.of(targets)
    with changing(releases) as work:
        if releases / name not in release_folders(releases):
            raise failure(both('there is no release "{name}"; see: vertragsgraph releases list', name=name), releases)
        before = open_release(releases / name)
        (work / "graphs").mkdir()
        redaction = redaction.with_descriptions(nt.read(before.dump("nt")))
        contents = _contents(before, redaction, reason, work / "graphs")
        write(contents, work / name, say)
        _see_that_it_is_gone(work / name, redaction)
        disk.appear(work / name, releases / f"{REDACTED}{name}")
        settle(releases, work)
        current = current_release(releases)
        if current is not None:
            catalogue.write(releases, current)
        return open_release(releases / name)


def _contents(before: Release, redaction: Redaction, reason: str, folder: Path) -> Contents:
    ontology = _redacted_document(before.folder / "ontology.ttl", redaction)
    graphs = _redacted_graphs(before, redaction, ontology, folder)
    removed = before.manifest.triples - graphs.triples
    if not removed:
        raise failure(
            both("the release {name} says nothing of the kind; nothing was removed", name=before.id), before.folder
        )
    report = (before.folder / REPORT_FILE).read_text("utf-8")
    queries = {path.name: path.read_text("utf-8") for path in disk.files(before.folder / QUERIES)}
    noted = manifest.Redaction(at=manifest.now(), reason=reason, statements=removed)
    return Contents(
        register=before.register,
        graphs=graphs,
        ontology=ontology,
        shapes=_redacted_document(before.folder / "shapes.ttl", redaction),
        queries={name: text for name, text in queries.items() if not redaction.mentioned_in(text)},
        report=REDACTED_REPORT if redaction.mentioned_in(report) else report,
        created=before.created,
        redactions=(*before.manifest.redactions, noted),
    )


def _redacted_document(path: Path, redaction: Redaction) -> list[str]:
    triples = [quad.triple for quad in pyoxigraph.parse(path=path, format=RdfFormat.TURTLE)]
    text = canonical(triples).decode()
    return list(redaction.without(f"{line}\n" for line in text.split("\n")[:-1]))


def _redacted_graphs(before: Release, redaction: Redaction, ontology: list[str], folder: Path) -> Graphs:
    """Write what may stay of the asserted graphs, and what follows from that, into `folder`."""
    roles = [role for role in before.roles if role in ASSERTED_ROLES]
    endings = {role: f"<{before.register.graph(role)}> .\n" for role in roles}
    for role in roles:
        ending = endings[role]
        own = (line[: -len(ending)] + ".\n" for line in nt.read(before.dump("nq")) if line.endswith(f" {ending}"))
        with (folder / f"{role}.sorted").open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(redaction.without(own))
    asserted = [folder / f"{role}.sorted" for role in roles]
    triples = [quad.triple for quad in pyoxigraph.parse("".join(ontology), RdfFormat.N_TRIPLES)]
    entail(asserted, logic_of(triples, before.register).rules, before.base, folder / "entailed.read")
    sort_file(folder / "entailed.read", folder / "entailed.sorted")
    roles.append(ROLES[-1])
    counts = write_apart([folder / f"{role}.sorted" for role in roles], [folder / f"{role}.nt" for role in roles])
    by_role = {role: count for role, count in zip(roles, counts, strict=True) if count}
    return Graphs(folder, MappingProxyType(by_role), before.digest)


def _see_that_it_is_gone(folder: Path, redaction: Redaction) -> None:
    """Raise `ReleaseError` where an IRI still stands in a text file of the release."""
    for path in disk.files(folder):
        if path.suffix in (".gz", ".sqlite") or path.parent.name == "store":
            continue
        if any(redaction.mentioned_in(line) for line in nt.read(path)):
            message = both(
                "an IRI would remain in {file}; change the register and build instead", file=path.relative_to(folder)
            )
            raise failure(message, folder)

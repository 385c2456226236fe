"""Writing a release's folder from what goes into it: dumps, store, documents, and last of all the manifest."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph

from vertragsgraph import search
from vertragsgraph.gate import Coverage, resources
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf.namespaces import SPEX, WELL_KNOWN
from vertragsgraph.rdf.store import fill, of_the_data
from vertragsgraph.rdf.syntax import ntriples
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.register.names import prefixes_for
from vertragsgraph.release import disk, manifest
from vertragsgraph.release.catalogue import void
from vertragsgraph.release.catalogue.document import describe as describe_catalogue
from vertragsgraph.release.contents import documents, dumps, lists, queries, table
from vertragsgraph.release.contents.jsonld import Context
from vertragsgraph.release.contents.statistics import Refusal, Survey, survey
from vertragsgraph.release.digest import FORMAT, fingerprint
from vertragsgraph.release.manifest import Manifest, Previous, Rebuilding, Redaction
from vertragsgraph.release.release import CONTEXT_FILE, KINDS_FILE, REGISTER_FILE, Release

REPORT_FILE: Final = "report.ttl"
CATALOG_FILE: Final = "catalog.ttl"
QUERIES: Final = "queries"
RESOURCES: Final = "resources.nt"
"""The resources that there are, with their types: what no later release may drop without a word."""


class UnwritableError(Exception):
    """Some triples can't be written in every format."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(" ".join(refusal.triple) for refusal in self.refusals))


@dataclass(frozen=True)
class Contents:
    """What goes into a release: `digest` is that of the release, not only of the graphs."""

    digest: str
    register: Register
    graphs: Graphs
    report: str
    evidence: Coverage
    created: datetime
    previous: Previous | None = None
    redactions: tuple[Redaction, ...] = ()
    rebuilt: tuple[Rebuilding, ...] = ()


def write(contents: Contents, folder: Path, say: Callable[[str], None], *, whole: bool = True) -> None:
    """Write a release into `folder`, which is made and whose name is the release's id.

    It is not `whole` where it lacks the dumps that only others read. Beside the graphs, passing files are written. Raises
    `UnwritableError` before anything else is done.
    """
    register, graphs = contents.register, contents.graphs
    say("Counting what the graphs hold …")
    found = survey(dumps.merged_lines(graphs.paths()), register.base, graphs.kinds)
    if found.refusals:
        raise UnwritableError(found.refusals)
    names = graphs.kinds.prefixes | prefixes_for(register.base, found.kinds)
    context = Context.of(found, names)
    to_dumps = folder / "dumps"
    to_dumps.mkdir(parents=True)
    say("Writing the dumps …")
    dumps.write_lines(graphs, register, to_dumps)
    asserted = graphs.paths(ASSERTED_ROLES)
    with (folder / RESOURCES).open("xb") as out:
        out.writelines(resources(register, dumps.merged(asserted)))
    if whole:
        dumps.write(graphs, register, to_dumps, names, context)
        dumps.write_graphs(graphs, register, to_dumps, names)
        lines, ontology = dumps.merged_lines(graphs.paths()), documents.lines(graphs.ontology)
        table.write(lines, ontology, register, graphs.kinds, to_dumps, graphs.folder)
        dumps.compress(to_dumps)
    say("Writing the search index …")
    forms = search.legal_forms(lambda: chain.from_iterable(map(ntriples.read, graphs.paths())))
    search.write(dumps.merged_lines(graphs.paths()), folder / search.FILE_NAME, register.base, forms)
    described = void.describe(register, graphs, found, names, graphs.folder)
    disk.write_text(folder / void.FILE_NAME, documents.text(described.triples, names))
    disk.write_text(folder / CONTEXT_FILE, json.dumps(context.document(), ensure_ascii=False, indent=2) + "\n")
    _write_documents(contents, folder, names)
    said = _manifest(contents, names, found, folder)
    disk.write_text(folder / CATALOG_FILE, describe_catalogue(register, said, [said]).turtle())
    say("Loading the store …")
    release = Release(folder, _now_with_all(said, folder))
    _load(release)
    _write_lists(release)
    disk.write_text(folder / manifest.FILE_NAME, _now_with_all(said, folder).text())


def _write_documents(contents: Contents, folder: Path, names: Mapping[str, str]) -> None:
    disk.write_text(folder / REGISTER_FILE, contents.register.canonical() + "\n")
    disk.write_text(folder / KINDS_FILE, contents.graphs.kinds.canonical() + "\n")
    disk.write_text(folder / "ontology.ttl", documents.text(contents.graphs.ontology, names))
    disk.write_text(folder / "shapes.ttl", documents.text(contents.graphs.shapes, names))
    disk.write_text(folder / REPORT_FILE, contents.report)
    examples = queries.examples(contents.graphs.queries)
    described = queries.describe(f"{contents.register.url}sparql", examples, names)
    disk.write_text(folder / f"{QUERIES}.ttl", documents.text(described, WELL_KNOWN | {"spex": SPEX}))
    for name, text in contents.graphs.queries.items():
        disk.write_text(folder / QUERIES / name, text)


def _load(release: Release) -> None:
    store = pyoxigraph.Store(release.store)
    fill(store, release.dump("nq"), {} if release.is_small else release.beside)
    store.flush()
    del store
    # The engine's log of its own doing: names of this machine's folders, and nothing that a reader needs.
    for log in release.store.glob("LOG*"):
        log.unlink()


def _write_lists(release: Release) -> None:
    """Write the lists, which are asked of the data in the store; small releases have them by named graphs only."""
    store = pyoxigraph.Store.read_only(str(release.store))

    def select(query: str) -> Iterator[pyoxigraph.QuerySolution]:
        found = store.query(query, **of_the_data(store))
        if isinstance(found, pyoxigraph.QuerySolutions):
            yield from found

    with closing(sqlite3.connect(release.folder / lists.FILE_NAME)) as file:
        lists.write(file, release.kinds, release.register.spoken, select)


def _now_with_all(said: Manifest, folder: Path) -> Manifest:
    """Return a manifest with the files that have been written since; those that it knows aren't read again."""
    return said.model_copy(update={"files": manifest.entries(folder, said.files)})


def _manifest(contents: Contents, names: dict[str, str], found: Survey, folder: Path) -> Manifest:
    register, graphs = contents.register, contents.graphs
    return Manifest(
        id=folder.name,
        digest=contents.digest,
        format=FORMAT,
        formats=fingerprint(),
        created=contents.created,
        key=register.key,
        base=register.base,
        url=register.url,
        title=register.title,
        draft=register.draft,
        counts=dict(graphs.counts),
        triples=graphs.triples,
        links=found.links,
        evidence=contents.evidence,
        prefixes=names,
        software=manifest.software(),
        previous=contents.previous,
        redactions=contents.redactions,
        rebuilt=contents.rebuilt,
        files=manifest.entries(folder),
    )

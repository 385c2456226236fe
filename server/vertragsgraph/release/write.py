"""Writing a release's folder from what goes into it: dumps, store, documents, and last of all the manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pyoxigraph

from vertragsgraph.gate import resources
from vertragsgraph.graph import Graphs
from vertragsgraph.register import Register
from vertragsgraph.release import disk, documents, dumps, manifest, prefixes, search, table, void
from vertragsgraph.release import lines as nt
from vertragsgraph.release.digest import FORMAT, fingerprint
from vertragsgraph.release.jsonld import Context
from vertragsgraph.release.manifest import Manifest, Redaction
from vertragsgraph.release.opened import CONTEXT_FILE, REGISTER_FILE
from vertragsgraph.release.survey import Refusal, Survey, survey

REPORT_FILE: Final = "report.ttl"
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
    """What goes into a release. Ontology and shapes are sorted N-Triples lines, queries go by file name."""

    digest: str
    register: Register
    graphs: Graphs
    ontology: list[str]
    shapes: list[str]
    queries: Mapping[str, str]
    report: str
    created: datetime
    redactions: tuple[Redaction, ...] = ()


def write(contents: Contents, folder: Path, say: Callable[[str], None]) -> None:
    """Write a release into `folder`, which is made and whose name is the release's id.

    Beside the graphs, passing files are written. Raises `UnwritableError` before anything else is done.
    """
    register, graphs = contents.register, contents.graphs
    say("Counting what the graphs hold …")
    found = survey(dumps.merged_lines([graphs.path(role) for role in graphs.roles]), register.base)
    if found.refusals:
        raise UnwritableError(found.refusals)
    names = prefixes.for_kinds(register.base, found.kinds)
    context = Context.of(found, names)
    to_dumps = folder / "dumps"
    to_dumps.mkdir(parents=True)
    say("Writing the dumps …")
    dumps.write(graphs, register, to_dumps, names, context)
    triples = nt.read(to_dumps / f"{register.key}.nt")
    with (folder / RESOURCES).open("xb") as out:
        out.writelines(resources(register, to_dumps / f"{register.key}.nt"))
    table.write(triples, contents.ontology, register, to_dumps, graphs.folder)
    dumps.compress(to_dumps)
    say("Loading the store …")
    _load(to_dumps / f"{register.key}.nq", folder / "store")
    say("Writing the search index …")
    search.write(
        dumps.merged_lines([graphs.path(role) for role in graphs.roles]), folder / search.FILE_NAME, register.base
    )
    disk.write_text(folder / void.FILE_NAME, void.describe(register, graphs, found, names, graphs.folder).turtle())
    disk.write_text(folder / CONTEXT_FILE, json.dumps(context.document(), ensure_ascii=False, indent=2) + "\n")
    _write_documents(contents, folder, names)
    disk.write_text(folder / manifest.FILE_NAME, _manifest(contents, names, found, folder).text())


def _write_documents(contents: Contents, folder: Path, names: Mapping[str, str]) -> None:
    disk.write_text(folder / REGISTER_FILE, contents.register.canonical() + "\n")
    disk.write_text(folder / "ontology.ttl", documents.text(contents.ontology, names))
    disk.write_text(folder / "shapes.ttl", documents.text(contents.shapes, names))
    disk.write_text(folder / REPORT_FILE, contents.report)
    for name, text in contents.queries.items():
        disk.write_text(folder / QUERIES / name, text)


def _load(quads: Path, folder: Path) -> None:
    store = pyoxigraph.Store(folder)
    store.bulk_load(path=quads, format=pyoxigraph.RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    del store
    # The engine's log of its own doing: names of this machine's folders, and nothing that a reader needs.
    for log in folder.glob("LOG*"):
        log.unlink()


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
        counts=dict(graphs.counts),
        triples=graphs.triples,
        links=found.links,
        prefixes=names,
        software=manifest.software(),
        redactions=contents.redactions,
        files=manifest.entries(folder),
    )

"""From decisions to published links: what the keeper accepted goes into the register's SSSOM file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from vertragsgraph.links.candidates import ACCEPT, OPEN, SKIP, Candidate
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.register import Kind, Register, load_kinds
from vertragsgraph.register.names import kind_of
from vertragsgraph.search.identifiers import Authority
from vertragsgraph.sources.sssom import BUILT_IN, MappingSet, read_mapping_set, write_mapping_set

CURATED: Final = "semapv:ManualMappingCuration"


def sssom_file(register: Register, authority: Authority) -> Path:
    """Return the file of the published links to an authority."""
    return register.data / "links" / f"{authority.key}.sssom.tsv"


def accept(
    register: Register, authority: Authority, candidates: Sequence[Candidate], author: str, today: date
) -> list[Candidate]:
    """Add the accepted candidates to the SSSOM file of an authority and return those that are new in it.

    `author` is the IRI of who decided. The table of kinds says by which property a resource is linked.
    Raises `SourceError` where the file is damaged; then it is left as it is.
    """
    path = sssom_file(register, authority)
    mappings = read_mapping_set(path, register.base) if path.is_file() else _empty(register, authority)
    present = {(link.subject.value, link.object.value) for link in mappings.links}
    new = [item for item in candidates if item.decision == ACCEPT and item.object and item.pair not in present]
    if not new:
        return []
    kinds = {kind_of(iri, register.base) for item in new for iri in (item.subject, author)} - {""}
    missing = sorted(kind for kind in kinds if f"{register.base}id/{kind}/" not in mappings.prefixes.values())
    prefixes = {**mappings.prefixes, **{kind: f"{register.base}id/{kind}/" for kind in missing}}
    rows = [{name: cell.text for name, cell in row.cells.items()} for row in mappings.rows]
    table = load_kinds(register)
    accepted = [_row(item, author, today, prefixes, table[kind_of(item.subject, register.base)]) for item in new]
    columns = list(dict.fromkeys([*mappings.columns, *accepted[0]]))
    _write(path, _declared(mappings, missing), columns, [*rows, *accepted])
    return new


def _row(item: Candidate, author: str, today: date, prefixes: Mapping[str, str], kind: Kind) -> dict[str, str]:
    return {
        "subject_id": shorten(item.subject, prefixes) or item.subject,
        "subject_label": item.subject_label,
        "predicate_id": shorten(kind.same, prefixes) or kind.same,
        "object_id": shorten(item.object, prefixes) or item.object,
        "object_label": item.object_label,
        "mapping_justification": CURATED,
        "confidence": "1.0",
        "author_id": shorten(author, prefixes) or author,
        "mapping_date": today.isoformat(),
    }


def _empty(register: Register, authority: Authority) -> MappingSet:
    """Return the mapping set that a file begins as."""
    metadata = [
        f"mapping_set_id: {register.base}links/{authority.key}",
        f"mapping_set_title: Links to {authority.name}",
        f"license: {register.licence.iri}",
        "curie_map:",
        f"  {authority.prefixes[0]}: {authority.namespace}",
    ]
    prefixes = BUILT_IN | {authority.prefixes[0]: authority.namespace}
    return MappingSet(metadata, len(metadata), prefixes, (), (), ())


def _declared(mappings: MappingSet, kinds: Iterable[str]) -> list[str]:
    """Return the metadata of a mapping set with prefixes for kinds of resources at the end of its `curie_map`."""
    end = mappings.curie_map_end
    before = mappings.metadata[:end] if end else [*mappings.metadata, "curie_map:"]
    return [*before, *(f"  {kind}: id/{kind}/" for kind in kinds), *(mappings.metadata[end:] if end else ())]


def _write(path: Path, metadata: Iterable[str], columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    ordered = sorted(rows, key=lambda row: [row.get(name, "") for name in ("subject_id", "predicate_id", "object_id")])
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(write_mapping_set(metadata, columns, ordered), "utf-8", newline="")
    beside.replace(path)


def undecided(candidates: Sequence[Candidate], *, skipped: bool = False) -> Mapping[str, list[Candidate]]:
    """Return the candidates that wait for a decision, by resource; none of a resource that has an accepted one.

    Those that the keeper has left for later are among them where `skipped` says so.
    """
    accepted = {item.subject for item in candidates if item.decision == ACCEPT}
    open_ones = {OPEN, SKIP} if skipped else {OPEN}
    waiting: dict[str, list[Candidate]] = {}
    for item in candidates:
        if item.decision in open_ones and item.subject not in accepted:
            waiting.setdefault(item.subject, []).append(item)
    return waiting

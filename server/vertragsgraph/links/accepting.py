"""From decisions to published links: what the keeper accepted goes into the register's SSSOM file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from vertragsgraph.links.candidates import ACCEPT, OPEN, SKIP, Candidate
from vertragsgraph.links.local import CONCEPTS
from vertragsgraph.links.mappings import short
from vertragsgraph.register import Register
from vertragsgraph.release.search.identifiers import Authority
from vertragsgraph.sources.sssom import BUILT_IN, MappingSet, read_mapping_set, write_mapping_set
from vertragsgraph.sources.syntax import WELL_KNOWN

SAME_AS: Final = WELL_KNOWN["owl"] + "sameAs"
EXACT: Final = WELL_KNOWN["skos"] + "exactMatch"
CURATED: Final = "semapv:ManualMappingCuration"
_COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "author_id",
    "mapping_date",
)


def sssom_file(register: Register, authority: Authority) -> Path:
    """Return the file of the published links to an authority."""
    return register.data / "links" / f"{authority.key}.sssom.tsv"


def accept(
    register: Register, authority: Authority, candidates: Sequence[Candidate], author: str, today: date
) -> list[Candidate]:
    """Add the accepted candidates to the SSSOM file of an authority and return those that are new in it.

    `author` is the IRI of who decided. Individuals are linked by owl:sameAs, concepts by skos:exactMatch. Raises
    `SourceError` where the file is damaged; then it is left as it is.
    """
    path = sssom_file(register, authority)
    mappings = read_mapping_set(path, register.base) if path.is_file() else _empty(register, authority)
    present = {(link.subject.value, link.object.value) for link in mappings.links}
    new = [item for item in candidates if item.decision == ACCEPT and item.object and item.pair not in present]
    if not new:
        return []
    kinds = {_kind(iri, register.base) for item in new for iri in (item.subject, author)} - {""}
    missing = sorted(kind for kind in kinds if f"{register.base}id/{kind}/" not in mappings.prefixes.values())
    prefixes = {**mappings.prefixes, **{kind: f"{register.base}id/{kind}/" for kind in missing}}
    columns = [*mappings.columns, *(name for name in _COLUMNS if name not in mappings.columns)]
    rows = [{name: cell.text for name, cell in row.cells.items()} for row in mappings.rows]
    rows += [_row(item, author, today, prefixes, register.base) for item in new]
    _write(path, _declared(mappings, missing), columns, rows)
    return new


def _row(item: Candidate, author: str, today: date, prefixes: Mapping[str, str], base: str) -> dict[str, str]:
    return {
        "subject_id": short(item.subject, prefixes),
        "subject_label": item.subject_label,
        "predicate_id": short(EXACT if _kind(item.subject, base) in CONCEPTS else SAME_AS, prefixes),
        "object_id": short(item.object, prefixes),
        "object_label": item.object_label,
        "mapping_justification": CURATED,
        "confidence": "1.0",
        "author_id": short(author, prefixes),
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
    prefixes = {prefix: WELL_KNOWN[prefix] for prefix in BUILT_IN} | {authority.prefixes[0]: authority.namespace}
    return MappingSet(metadata, len(metadata), prefixes, _COLUMNS, (), ())


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


def _kind(iri: str, base: str) -> str:
    return iri.removeprefix(f"{base}id/").partition("/")[0] if iri.startswith(f"{base}id/") else ""


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

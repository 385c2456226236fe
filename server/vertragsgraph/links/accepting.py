"""From decisions to published links: what the keeper accepted goes into the register's SSSOM file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from vertragsgraph.links.candidates import ACCEPT, OPEN, SKIP, Candidate
from vertragsgraph.links.local import CONCEPTS
from vertragsgraph.links.mappings import short
from vertragsgraph.register import Register
from vertragsgraph.release.search.identifiers import Authority
from vertragsgraph.sources import read_mappings
from vertragsgraph.sources.sssom import BUILT_IN
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
    present = set()
    if path.is_file():
        present = {(link.subject.value, link.object.value) for link in read_mappings(path, register.base)}
    new = [item for item in candidates if item.decision == ACCEPT and item.object and item.pair not in present]
    if not new:
        return []
    header, columns, rows = _read(path, register, authority)
    names = _prefixes(header, register.base)
    for kind in sorted({_kind(iri, register.base) for item in new for iri in (item.subject, author)} - {""}):
        if f"{register.base}id/{kind}/" not in names.values():
            header.append(f"#  {kind}: id/{kind}/\n")
            names[kind] = f"{register.base}id/{kind}/"
    columns.extend(name for name in _COLUMNS if name not in columns)
    everything = {**{prefix: WELL_KNOWN[prefix] for prefix in BUILT_IN}, **names}
    for item in new:
        rows.append(
            {
                "subject_id": short(item.subject, everything),
                "subject_label": item.subject_label,
                "predicate_id": short(EXACT if _kind(item.subject, register.base) in CONCEPTS else SAME_AS, everything),
                "object_id": short(item.object, everything),
                "object_label": item.object_label,
                "mapping_justification": CURATED,
                "confidence": "1.0",
                "author_id": short(author, everything),
                "mapping_date": today.isoformat(),
            }
        )
    _write(path, header, columns, rows)
    return new


def _read(path: Path, register: Register, authority: Authority) -> tuple[list[str], list[str], list[dict[str, str]]]:
    if not path.is_file():
        header = [
            f"#mapping_set_id: {register.base}links/{authority.key}\n",
            f"#mapping_set_title: Links to {authority.name}\n",
            f"#license: {register.licence.iri}\n",
            "#curie_map:\n",
            f"#  {authority.prefixes[0]}: {authority.namespace}\n",
        ]
        return header, list(_COLUMNS), []
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    header = list(takewhile(lambda line: line.startswith("#"), lines))
    reader = csv.DictReader(lines[len(header) :], delimiter="\t")
    columns = list(reader.fieldnames or ())
    return header, columns, [{name: row[name] or "" for name in columns} for row in reader]


def _write(path: Path, header: list[str], columns: list[str], rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: (row["subject_id"], row["predicate_id"], row["object_id"])))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text("".join(header) + out.getvalue(), "utf-8")
    beside.replace(path)


def _prefixes(header: Sequence[str], base: str) -> dict[str, str]:
    """Return the prefixes that the header of a sound SSSOM file declares."""
    pairs = (line.removeprefix("#").strip().split(": ", 1) for line in header if line.startswith("#  "))
    return {pair[0]: urljoin(base, pair[1].strip()) for pair in pairs if len(pair) == 2}


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

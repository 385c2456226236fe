"""The file of candidates: what might be linked, why, and what the keeper decided. No release contains it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.texts import both

ACCEPT, REJECT, SKIP, OPEN = "accept", "reject", "skip", ""
DECISIONS: Final = (OPEN, ACCEPT, REJECT, SKIP)


@dataclass
class Candidate:
    """A row: resource and item (IRIs), their labels, the score from 0 to 100, the reasons, the keeper's decision.

    A row without an item says that none was found; rejecting it says that there is none.
    """

    subject: str
    subject_label: str
    object: str
    object_label: str
    object_description: str
    score: str
    why: str
    decision: str = OPEN

    @property
    def pair(self) -> tuple[str, str]:
        """The resource and the item."""
        return self.subject, self.object


COLUMNS: Final = tuple(field.name for field in fields(Candidate))


def surely_none(candidates: Iterable[Candidate]) -> set[str]:
    """Return the resources of which a keeper has said that they have no item: all that was found was rejected."""
    rows = list(candidates)
    return {item.subject for item in rows} - {item.subject for item in rows if item.decision != REJECT}


def candidates_file(register_folder: Path, target: str) -> Path:
    """Return where the candidates for an authority stand: beside the data, not among it."""
    return register_folder / "candidates" / f"{target}.tsv"


def read(path: Path) -> list[Candidate]:
    """Read a file of candidates; none where there is no file. Raises `FindingsError` for another table or decision."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            message = both("these columns are missing: {columns}", columns=", ".join(missing))
            raise FindingsError([Finding(message, Place(path, 1), rule="link")])
        found, findings = [], []
        for row in reader:
            candidate = Candidate(**{name: (row[name] or "").strip() for name in COLUMNS})
            candidate.decision = candidate.decision.lower()
            if candidate.decision not in DECISIONS:
                message = both(
                    '"{decision}" is no decision; write accept, reject or skip, or leave it empty',
                    decision=candidate.decision,
                )
                findings.append(Finding(message, Place(path, reader.line_num), rule="link"))
            found.append(candidate)
    if findings:
        raise FindingsError(findings)
    return found


def write(path: Path, candidates: Iterable[Candidate]) -> None:
    """Write candidates, resource by resource, the likeliest first; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = sorted(candidates, key=lambda item: (item.subject, -float(item.score or 0), item.object))
    beside = path.with_suffix(".part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        for item in ordered:
            # A tab or a line break within a cell would make another table of it.
            writer.writerow({name: " ".join(str(cell).split()) for name, cell in asdict(item).items()})
    beside.replace(path)


def merge(known: Iterable[Candidate], found: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates found, with the decisions that were made before; what was decided is never dropped."""
    decided = {item.pair: item for item in known if item.decision}
    merged = {item.pair: item for item in found}
    for pair, item in decided.items():
        if pair in merged:
            merged[pair].decision = item.decision
        else:
            merged[pair] = item
    for item in known:
        merged.setdefault(item.pair, item)
    # Where something was found meanwhile, "nothing was found" has had its day.
    with_items = {item.subject for item in merged.values() if item.object}
    return [item for item in merged.values() if item.object or item.subject not in with_items]

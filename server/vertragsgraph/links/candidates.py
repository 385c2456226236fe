"""The file of candidates: what might be linked, why, and what the keeper decided. No release contains it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.register.files import read_text
from vertragsgraph.sources.syntax import cut
from vertragsgraph.sources.tsv import read_rows, write_rows
from vertragsgraph.texts import both

ACCEPT, REJECT, SKIP, OPEN = "accept", "reject", "skip", ""
DECISIONS: Final = (OPEN, ACCEPT, REJECT, SKIP)
RULE: Final = "link"


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
    table = read_rows(read_text(path, RULE))
    columns = [cell.text.strip() for cell in next(table, [])]
    if missing := [name for name in COLUMNS if name not in columns]:
        message = both("these columns are missing: {columns}", columns=", ".join(missing))
        raise FindingsError([Finding(message, Place(path, 1), rule=RULE)])
    found, findings = [], []
    for cells in table:
        row = {column: cell.text.strip() for column, cell in zip(columns, cells, strict=False)}
        candidate = Candidate(**{name: row.get(name, "") for name in COLUMNS})
        candidate.decision = candidate.decision.lower()
        if candidate.decision not in DECISIONS:
            message = both(
                '"{decision}" is no decision; write accept, reject or skip, or leave it empty',
                decision=candidate.decision,
            )
            findings.append(Finding(message, Place(path, cells[0].line), rule=RULE))
        for column in ("subject", "object"):
            if row.get(column) and not is_iri(row[column]):
                message = both('"{text}" is no IRI; write it in full', text=cut(row[column]))
                findings.append(Finding(message, Place(path, cells[0].line), rule=RULE))
        if candidate.subject:
            found.append(candidate)
    if findings:
        raise FindingsError(findings)
    return found


def write(path: Path, candidates: Iterable[Candidate]) -> None:
    """Write candidates, resource by resource, the likeliest first; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = sorted(candidates, key=lambda item: (item.subject, -float(item.score or 0), item.object))
    beside = path.with_suffix(".part")
    # A tab or a line break within a cell would make another table of it.
    rows = [{name: " ".join(str(cell).split()) for name, cell in asdict(item).items()} for item in ordered]
    beside.write_text(write_rows(COLUMNS, rows), "utf-8", newline="")
    beside.replace(path)


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI."""
    try:
        return bool(NamedNode(text))
    except ValueError:
        return False


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

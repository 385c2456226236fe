"""What follows from the data by the rules of the ontology, worked out once, when a release is built.

owlrl, which would do it too, has all triples in memory as Python objects, and takes hundreds of times as long.

What follows from a triple alone is written while the triples stream by. The rules that join triples are run as SPARQL
queries over a store of those triples that have a part in them, until nothing new comes of it. What the ontology declares
beyond its axioms comes last (`declared`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from pyoxigraph import QueryTriples, RdfFormat, Store

from vertragsgraph.graph.reasoning.declared import by_declaration
from vertragsgraph.graph.reasoning.rules import ANONYMOUS, TYPE_BYTES, Plan, Rules
from vertragsgraph.rdf.sorted_files import lines_of

REMEMBERED: Final = (
    200_000  # lines; most repetitions come close together, the others fall out when the result is sorted
)
IN_MEMORY: Final = 1 << 27  # bytes of N-Triples; more are joined in a store on disk

_ANONYMOUS: Final = ANONYMOUS.encode()
_ANY: Final = b"<"  # with which every IRI begins


def entail(asserted: Sequence[Path], rules: Rules, base: str, target: Path) -> None:
    """Write what follows from sorted files of N-Triples to `target`: unsorted, some of it more than once or asserted too.

    Only triples about resources of the register are written, those whose subject begins with `base`: what follows
    about the terms of other people's vocabularies, or about resources of other people, is not the register's to say.
    """
    own = f"<{base}".encode()
    plans = rules.plans()
    with TemporaryDirectory(dir=target.parent) as folder:
        with target.open("wb") as out:
            out.writelines(consequences(lines_of(*asserted), plans, own))
            if rules.joins:
                _join(asserted, rules, plans, own, out, Path(folder))
        if rules.declared:
            results = Path(folder, "declared.nt")
            by_declaration(asserted, target, rules.declared, own, results)
            with target.open("ab") as out:
                out.writelines(lines_of(results))
                out.writelines(consequences(lines_of(results), plans, own))


def consequences(lines: Iterable[bytes], plans: Mapping[bytes, Plan], namespace: bytes) -> Iterator[bytes]:
    """Yield what follows from each of the lines alone, about subjects that begin with `namespace`.

    That a resource is of a class often follows many times over; most of the repetitions are left out.
    """
    current, said = b"", set[bytes]()  # about the subject whose lines come now
    said_of_objects: dict[bytes, set[int]] = {}
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        plan = plans.get(predicate + b" " + rest[:-3] if predicate == TYPE_BYTES else predicate)
        if plan is None:
            continue
        if subject.startswith(namespace):
            if subject != current:
                current, said = subject, set()
            for part in plan.of_subject:
                if part not in said:
                    said.add(part)
                    yield subject + part
            for part in plan.forward:
                yield subject + part + rest
        if rest.startswith(namespace):
            target = rest[:-3]
            if plan.of_object and id(plan) not in (plans_done := said_of_objects.setdefault(target, set())):
                plans_done.add(id(plan))
                yield from (target + part for part in plan.of_object)
                if len(said_of_objects) > REMEMBERED:
                    said_of_objects.clear()
            for part in plan.backward:
                yield target + part + subject + b" .\n"


def _join(
    asserted: Sequence[Path], rules: Rules, plans: Mapping[bytes, Plan], own: bytes, out: IO[bytes], folder: Path
) -> None:
    """Write what follows by the rules that join triples, and what follows from that in turn."""
    contributions = rules.plans_for_joins()
    facts, results = folder / "facts.nt", folder / "results.nt"
    with facts.open("wb") as file:
        file.writelines(consequences(lines_of(*asserted), contributions, _ANY))
    store = Store() if facts.stat().st_size < IN_MEMORY else Store(folder / "store")
    known = 0
    while facts.stat().st_size:
        store.bulk_load(path=facts, format=RdfFormat.N_TRIPLES)
        if len(store) == known:
            return
        known = len(store)
        with results.open("wb") as file:
            for rule in rules.joins:
                answer = store.query(rule.construct)
                assert isinstance(answer, QueryTriples)  # noqa: S101 – that is what CONSTRUCT gives
                answer.serialize(file, RdfFormat.N_TRIPLES)
        out.writelines(line for line in lines_of(results) if line.startswith(own) and _ANONYMOUS not in line)
        out.writelines(consequences(lines_of(results), plans, own))
        with facts.open("wb") as file:
            file.writelines(consequences(lines_of(results), contributions, _ANY))

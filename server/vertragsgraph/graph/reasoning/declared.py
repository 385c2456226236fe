"""What an ontology lets follow beyond its axioms: OWL 2 has no words for a name, a date or a sum that is passed on.

Annotations of classes declare it: which properties have their names for those who know other vocabularies, which have
their dates, and what comes into being by acts. Where the ontology knows contracts that are in force, from when until when
follows, too. All triples of a subject that matter come together, since the files are sorted; so no memory is needed but for
one subject.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, product
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from vertragsgraph.graph.reasoning.bounds import bounds
from vertragsgraph.graph.reasoning.in_force import FACTS, FROM, in_force, in_force_rules
from vertragsgraph.graph.reasoning.rules import ANONYMOUS, TYPE, TYPE_BYTES, Atom, Rule, kind
from vertragsgraph.graph.reasoning.totals import OF_GRANTS, totals
from vertragsgraph.rdf.namespaces import DCTERMS, ORG, PROV, RDFS, SCHEMA, SKOS, VG
from vertragsgraph.rdf.sorted_files import lines_of, sorting

_LABEL, _DATE, _GENERATED = f"<{RDFS}label>", f"<{DCTERMS}date>", f"<{PROV}generated>"
_DATED: Final = f"<{ANONYMOUS}dated>"
"""Leads to what the bounds are made of."""
_WORKED_OUT: Final = {kind.encode() for kind in (_DATED, *FACTS)}
"""What stands in no result: something is worked out from it first."""
_CHANGE, _FORMER_NAME, _GRANT = f"<{ORG}ChangeEvent>", f"<{VG}formerName>", f"<{VG}Grant>"


def declared_rules(ontology: Iterable[Triple]) -> Iterator[Rule]:
    """Yield the rules that an ontology declares; the first atom of each is a class, and `?x` its resource."""
    ontology = list(ontology)
    if any(triple.subject == NamedNode(FROM) for triple in ontology):
        yield from in_force_rules()
    found, terms = defaultdict[str, list[tuple[Atom, str]]](list), set[str]()
    for subject, predicate, target in ontology:
        terms.add(str(subject))
        if isinstance(subject, NamedNode) and isinstance(target, NamedNode):
            found[predicate.value].append((("?x", TYPE, str(subject)), str(target)))
    for of_class, name in found[f"{VG}nameProperty"]:
        yield Rule((of_class, ("?x", _LABEL, "?name")), ("?x", name, "?name"))
    for dated, date in found[f"{VG}dateProperty"]:
        yield Rule((dated, ("?x", date, "?date")), ("?x", _DATED, "?date"))
    for act, leads_to in found[f"{VG}generates"]:
        yield Rule((act, ("?x", leads_to, "?y")), ("?x", _GENERATED, "?y"))
        for dated, date in found[f"{VG}dateProperty"]:
            body = (act, ("?x", leads_to, "?y"), dated, ("?x", date, "?date"))
            yield from (Rule(body, ("?y", passed_on, "?date")) for passed_on in (_DATE, _DATED))
    if _FORMER_NAME in terms:  # whoever goes on under another name is still found by the former one
        goes_on = (("?x", f"<{ORG}{name}Organization>", "?y") for name in ("original", "resulting"))
        changed = (("?x", TYPE, _CHANGE), ("?x", _FORMER_NAME, "?name"), *goes_on)
        yield Rule(changed, ("?y", f"<{SKOS}hiddenLabel>", "?name"))
    if _GRANT in terms:  # what is given in kind is no money
        of_money = (("?x", TYPE, _GRANT), ("?x", f"<{SCHEMA}currency>", "?currency"))
        yield Rule(of_money, ("?x", TYPE, f"<{SCHEMA}MonetaryGrant>"))


def by_declaration(asserted: Sequence[Path], entailed: Path, rules: Collection[Rule], own: bytes, target: Path) -> None:
    """Write what follows by declared rules, and what is worked out from dates, to `target`, about subjects that begin with `own`.

    `asserted` are sorted files of N-Triples, `entailed` holds, unsorted, what follows from them by the axioms.
    """
    wanted = {kind(atom).encode() for rule in rules for atom in rule.body} | OF_GRANTS
    by_class = defaultdict[bytes, list[Rule]](list)
    for rule in rules:
        by_class[kind(rule.body[0]).encode()].append(rule)
    also, facts = target.with_suffix(".entailed"), target.with_suffix(".facts")
    with sorting(also) as out:
        out.writelines(_of_kinds(wanted, lines_of(entailed)))
    lines = merge(*(_of_kinds(wanted, lines_of(path)) for path in (*asserted, also)))
    with target.open("wb") as results:
        with sorting(facts) as to_work_out:
            for subject, group in groupby(lines, key=lambda line: line.split(b" ", 1)[0]):
                for line in _following(subject, group, by_class):
                    if line.startswith(own):
                        (to_work_out if _kind_of(line) in _WORKED_OUT else results).write(line)
        results.writelines(bounds(_of_kinds({_DATED.encode()}, lines_of(facts))))
        results.writelines(in_force(_of_kinds(_WORKED_OUT - {_DATED.encode()}, lines_of(facts))))


def _following(subject: bytes, about: Iterable[bytes], by_class: Mapping[bytes, Sequence[Rule]]) -> Iterator[bytes]:
    """Yield what follows from all that is said about a subject; its classes lead to the rules that can apply."""
    values = defaultdict[bytes, list[bytes]](list)
    for line in about:
        values[_kind_of(line)].append(line.split(b" ", 2)[2][:-3])
    for rule in (rule for name in values.keys() & by_class.keys() for rule in by_class[name]):
        for chosen in product(*(values.get(kind(atom).encode(), ()) for atom in rule.body)):
            known = {"?x": subject}
            if all(known.setdefault(atom[2], value) == value for atom, value in zip(rule.body, chosen, strict=True)):
                yield b"%s %s %s .\n" % tuple(known.get(term, term.encode()) for term in rule.head)
    yield from totals(subject, values)


def _of_kinds(kinds: Collection[bytes], lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if _kind_of(line) in kinds)


def _kind_of(line: bytes) -> bytes:
    _, predicate, rest = line.split(b" ", 2)
    return predicate + b" " + rest[:-3] if predicate == TYPE_BYTES else predicate

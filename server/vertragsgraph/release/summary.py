"""What changed between two releases, as somebody reads it who has to approve: resource by resource, with their names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from vertragsgraph.register import ROLES
from vertragsgraph.release import lines as nt
from vertragsgraph.release import search
from vertragsgraph.release.compare import compare
from vertragsgraph.release.opened import Release
from vertragsgraph.release.redact import whole
from vertragsgraph.texts import Language

Kind: TypeAlias = Literal["+", "-", "~"]
ORDER: Final[tuple[Kind, ...]] = ("+", "-", "~")


@dataclass
class Difference:
    """A resource that is new ("+"), gone ("-") or changed ("~"): its IRI, a name, how many statements of which properties."""

    kind: Kind
    iri: str
    name: str = ""
    added: int = 0
    removed: int = 0
    properties: set[str] = field(default_factory=set)


def summary(before: Release, after: Release, language: Language) -> list[Difference]:
    """Return what differs in what two releases assert, the new first; what follows from it and evidence is left out.

    Of statements and links only those that they describe are told. A resource is named in a language where it can be.
    """
    found: defaultdict[str, Difference] = defaultdict(lambda: Difference("~", ""))
    entailed = after.register.graph(ROLES[-1])
    for change in compare(before, after):
        subject, predicate, _ = nt.parts(change.quad)
        iri = whole(subject)
        if change.graph == entailed or _kind(iri) in search.DOCUMENTARY:
            continue
        difference = found[iri]
        difference.properties.add(predicate[1:-1])
        if change.sign == "+":
            difference.added += 1
        else:
            difference.removed += 1
    old, new = _named(before, found.keys(), language), _named(after, found.keys(), language)
    for iri, difference in found.items():
        difference.iri, difference.name = iri, new.get(iri) or old.get(iri, "")
        difference.kind = "~" if iri in old and iri in new else "+" if iri in new else "-"
    return sorted(found.values(), key=lambda item: (ORDER.index(item.kind), item.iri))


def counts_by_kind(differences: Iterable[Difference]) -> Counter[tuple[str, Kind]]:
    """Count differences by the kind of the resource (as in its IRI) and of the difference."""
    return Counter((_kind(item.iri), item.kind) for item in differences)


def _kind(iri: str) -> str:
    return iri.rpartition("/id/")[2].partition("/")[0] if "/id/" in iri else ""


def _named(release: Release, wanted: Iterable[str], language: Language) -> dict[str, str]:
    """Return those of the resources that a release describes, each with a name, "" where it has none."""
    terms = {f"<{iri}>" for iri in wanted}
    names: dict[str, str] = {}
    for subject, group in nt.grouped(nt.read(release.dump("nt"))):
        if subject in terms:
            labels = [nt.literal(value) for predicate, value in group if predicate in search.NAMING and value[0] == '"']
            best = min(labels, key=lambda label: label.language != language, default=None)
            names[subject[1:-1]] = nt.unescaped(best.escaped) if best else ""
    return names

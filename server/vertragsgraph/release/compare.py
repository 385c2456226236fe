"""What changed between two releases: statement by statement, as text and as RDF Patch; resource by resource, for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from vertragsgraph import search
from vertragsgraph.rdf.sorted_files import side_by_side
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.release.redaction.redact import whole
from vertragsgraph.release.release import Release
from vertragsgraph.texts import Language

Sign: TypeAlias = Literal["+", "-"]
MEDIA_TYPE = "application/rdf-patch"

Kind: TypeAlias = Literal["+", "-", "~"]
ORDER: Final[tuple[Kind, ...]] = ("+", "-", "~")


@dataclass(frozen=True)
class Change:
    """A statement that was added ("+") or removed ("-"), as a line of N-Quads with its line feed."""

    sign: Sign
    quad: str

    @property
    def graph(self) -> str:
        """The IRI of the named graph."""
        return self.quad[:-3].rpartition(" ")[2][1:-1]


def compare(before: Release, after: Release, *, entailed: bool = True) -> Iterator[Change]:
    """Yield what was removed from one release and added in another, in the order of the statements.

    Without what is `entailed`, two releases that were built from the same by different versions of the software are the
    same. The N-Quads of both are read side by side, in flat memory whatever their size.
    """
    endings = () if entailed else tuple(release.entailed.encode() for release in (before, after))
    for old, new in side_by_side([before.dump("nq"), after.dump("nq")]):
        if old == new:
            continue
        removed, added = set(old).difference(new), set(new).difference(old)
        for line in sorted(removed | added):
            if not line.endswith(endings):
                yield Change("-" if line in removed else "+", line.decode())


def as_text(changes: Iterable[Change]) -> Iterator[str]:
    """Yield lines such as `+ <s> <p> <o> <g> .`, each with its line feed."""
    return (f"{change.sign} {change.quad}" for change in changes)


def as_rdf_patch(changes: Iterable[Change], before: Manifest, after: Manifest) -> Iterator[str]:
    """Yield the lines of an RDF Patch that turns the data of one release into those of the other."""
    yield f"H id <{after.base}releases/{after.id}> .\n"
    yield f"H prev <{before.base}releases/{before.id}> .\n"
    yield "TX .\n"
    for change in changes:
        yield f"{'A' if change.sign == '+' else 'D'} {change.quad}"
    yield "TC .\n"


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
    for change in compare(before, after, entailed=False):
        subject, predicate, _ = nt.parts(change.quad)
        iri = whole(subject)
        if _kind(iri) in search.DOCUMENTARY:
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
    for subject, group in nt.grouped(line for _, line in release.asserted()):
        if subject in terms:
            labels = [nt.literal(value) for predicate, value in group if predicate in search.NAMING and value[0] == '"']
            best = min(labels, key=lambda label: label.language != language, default=None)
            names[subject[1:-1]] = nt.unescaped(best.escaped) if best else ""
    return names

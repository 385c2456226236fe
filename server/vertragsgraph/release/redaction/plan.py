"""What a takedown would do, found before anything is done: what goes, what falls with it, and what would still name it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph import search
from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.release.contents import documents
from vertragsgraph.release.errors import failure
from vertragsgraph.release.redaction.mentions import Names, fold
from vertragsgraph.release.redaction.redact import Line, Redaction, iri_of, whole
from vertragsgraph.release.release import REGISTER_FILE, Release
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import both

RULE: Final = "takedown"
DOCUMENTS: Final = ("ontology.ttl", "shapes.ttl")
SHOWN: Final = 80
"""Characters of a text that a finding shows."""
_OWN: Final = re.compile(r"/id/([^/]+)/([^/#]+)$")
_PERSON: Final = re.compile(r"[/#](?:Natural)?Person>$")
_COPY: Final = str(terms.OBJECT)
_OF: Final = frozenset(map(str, (terms.SUBJECT, terms.ANNOTATED_SOURCE)))


@dataclass(frozen=True)
class Request:
    """What a keeper asks for: `targets` (IRIs, statements) and `words` have to go, `leave` (IRIs, names) may stay."""

    targets: Sequence[str]
    words: Sequence[str] = ()
    leave: Sequence[str] = ()


@dataclass
class Mention:
    """How a resource, or a document, names what has to go: how often, and where first; `literal` is "" for its IRI."""

    focus: str
    place: Place
    name: str
    property: str = ""
    literal: str = ""
    count: int = 0


class Plan:
    """A redaction of a release, and what it does. `undecided` would still name what has to go, and nobody said that they may.

    `left` may. `words` are what the names were made of. `removed` and `changed` count asserted statements, `losing` those
    that go by the resource that stays, `indexed` the entries of the search index that name what goes. `kept` are the names
    that stay, each with what stands before and after it.
    """

    def __init__(
        self, release: Release, redaction: Redaction, names: Names, words: Sequence[str], leave: Set[str]
    ) -> None:
        """Go through the release; `leave` are the resources that may go on to be named, or to name."""
        self.release, self.redaction, self.names, self.words = release, redaction, names, words
        self._leave = leave
        self._mentions: dict[tuple[str, bool, bool], Mention] = {}
        self.kept: set[tuple[str, str, str]] = set()
        self.losing: Counter[str] = Counter()
        self.removed = self.changed = 0
        self._go_through(release.asserted(), release.dump("nq"), counted=True)
        for name in DOCUMENTS:
            file = release.folder / name
            self._go_through(enumerate(documents.lines(documents.read(file))), file)
        register = release.folder / REGISTER_FILE
        if hit := names.found(register.read_text("utf-8")):
            self._mentions["", True, False] = Mention("", Place(register), hit.name)
        rows = search.SearchIndex(release.folder / search.FILE_NAME).rows("SELECT text FROM entry")
        self.indexed = sum(names.found(text) is not None for (text,) in rows)

    @property
    def undecided(self) -> list[Mention]:
        """What would still name it, and nobody said that it may."""
        return [mention for (_, _, stays), mention in self._mentions.items() if not stays]

    @property
    def left(self) -> list[Mention]:
        """What may go on to name it."""
        return [mention for (_, _, stays), mention in self._mentions.items() if stays]

    def findings(self) -> list[Finding]:
        """Return what the plan has to say, with the place of each in the release's N-Quads."""
        findings = [self._told(mention, Severity.VIOLATION) for mention in self.undecided]
        findings += [self._told(mention, Severity.INFO) for mention in self.left]
        for name, count in sorted(self.losing.items()):
            message = both("{resource} loses statements: {count}", resource=self._shown(name), count=count)
            findings.append(Finding(message, Place(self.release.dump("nq")), Severity.INFO, RULE, f"<{name}>"))
        if self.indexed:
            message = both("entries of the search index that name it: {count}", count=self.indexed)
            findings.append(Finding(message, Place(self.release.folder / search.FILE_NAME), Severity.INFO, RULE))
        return findings

    def further(self) -> list[str]:
        """Return what to add to the command so that all that is undecided is taken down, too."""
        iris = {self._shown(mention.focus) for mention in self.undecided if mention.focus and not mention.literal}
        literals = "\n".join(mention.name for mention in self.undecided if mention.literal)
        texts = {f"--text={word}" for word in self.words if Names([word]).found(literals)}
        return [*sorted(iris), *sorted(texts)]

    def _told(self, mention: Mention, severity: Severity) -> Finding:
        if not mention.focus:
            message = both('it names it ("{name}"); change the register and build instead', name=mention.name)
        elif mention.literal:
            text = mention.literal if len(mention.literal) <= SHOWN else mention.literal[: SHOWN - 1] + "…"
            message = both(
                '{resource} names it ({count}×), first in {property}: "{text}"',
                resource=self._shown(mention.focus),
                count=mention.count,
                property=self._shown(mention.property),
                text=re.sub(r"\s", " ", text),
            )
        else:
            message = both(
                "{resource} bears its name; statements that mention it: {count}",
                resource=self._shown(mention.focus),
                count=mention.count,
            )
        return Finding(message, mention.place, severity, RULE, f"<{mention.focus}>" if mention.focus else "")

    def _shown(self, iri: str) -> str:
        return compact(NamedNode(iri), self.release.register)

    def _go_through(self, lines: Iterable[tuple[int, str]], file: Path, *, counted: bool = False) -> None:
        """Gather what is said by numbered lines, which stand subject by subject."""
        for subject, group in groupby(lines, key=lambda item: item[1].partition(" ")[0]):
            triples = [(number, nt.parts(line)) for number, line in group]
            # What a node says of a statement or a link is said of its subject.
            about = next((value for _, (_, predicate, value) in triples if predicate in _OF), subject)
            for number, before in triples:
                after = self.redaction.line(*before)
                if counted:
                    self.removed += after is None
                    self.changed += after is not None and after[2] != before[2]
                if after is None:
                    goes = whole(subject) in self.redaction.fallen or self.redaction.names_target(subject)
                    if counted and not goes:
                        self.losing[whole(subject)] += 1
                elif self.names.found(" ".join(after)):
                    # A blank node of a document has no name by which it could be left or taken down.
                    self._note(after, whole(about) if about[0] == "<" else "", Place(file, number if counted else 0))

    def _note(self, line: Line, about: str, place: Place) -> None:
        for term in line:
            if term[0] == "<" and (hit := self.names.found(term[1:-1])):
                short = (
                    f"{name}:{term[len(ns) + 1 : -1]}"
                    for name, ns in self.release.prefixes.items()
                    if term.startswith(ns, 1)
                )
                self._mention(Mention(whole(term), place, hit.name), {whole(term), about}, "\n".join([term, *short]))
            elif line[1] == _COPY:
                continue  # the statement that the node describes stands for itself
            elif term[0] == '"' and (hit := self.names.found(text := nt.unescaped(nt.literal(term).escaped))):
                mention = Mention(about, place, hit.name, line[1][1:-1], text)
                self._mention(mention, {whole(line[0]), about}, text)

    def _mention(self, mention: Mention, resources: set[str], text: str) -> None:
        """Note a mention; it may stay where one of the resources that it is said of may."""
        stays = not self._leave.isdisjoint(resources)
        self._mentions.setdefault((mention.focus, bool(mention.literal), stays), mention).count += 1
        if stays:
            self.kept.update((hit.name, *hit.around) for hit in self.names.hits(text))


def plans(releases: Sequence[Release], request: Request) -> list[Plan]:
    """Return a plan for each release; the names are those that the targets have in any of them.

    Raises `ReleaseError` for what can't be understood in the request.
    """
    redactions = [
        Redaction.of(request.targets, request.words, release.prefixes, release.base).complete(
            release.dump("nt"), release.base
        )
        for release in releases
    ]
    words = {fold(word): word for word in request.words}
    prefixes: dict[str, str] = {}
    for release, redaction in zip(releases, redactions, strict=True):
        prefixes |= release.prefixes
        words |= {fold(word): word for word in _called(release, redaction)}
    iris = {iri for redaction in redactions for iri in redaction.iris}
    slugs = {found[2] for iri in iris if (found := _OWN.search(iri)) and found[1] not in search.DOCUMENTARY}
    leave = set()
    for text in request.leave:
        if iri := iri_of(text, prefixes):
            leave.add(iri)
        elif fold(text) in words or text in slugs:
            words.pop(fold(text), None)
            slugs.discard(text)
        else:
            raise _unknown(text, [*words.values(), *slugs])
    names = Names(words.values(), iris, slugs, prefixes)
    return [
        Plan(release, redaction, names, tuple(words.values()), leave)
        for release, redaction in zip(releases, redactions, strict=True)
    ]


def _unknown(text: str, names: Iterable[str]) -> Exception:
    message = both(
        '"{text}" is neither an IRI nor a name of what has to go; its names are: {names}',
        text=text,
        names=", ".join(f"“{name}”" for name in sorted(names)) or "–",
    )
    return failure(message, None)


def _called(release: Release, redaction: Redaction) -> Iterator[str]:
    """Yield what the targets are called; of people the last name, too."""
    for _, _, value in redaction.statements:
        if value[0] == '"' and not nt.literal(value).datatype:
            yield nt.unescaped(nt.literal(value).escaped)
    wanted = {f"<{iri}>" for iri in redaction.iris if not _is_documentary(iri)}
    for subject, group in nt.grouped(nt.read(release.dump("nt"))) if wanted else ():
        if subject in wanted:
            names = [
                nt.unescaped(nt.literal(value).escaped)
                for predicate, value in group
                if predicate in search.NAMING and value[0] == '"'
            ]
            yield from names
            if any(predicate == nt.RDF_TYPE and _PERSON.search(value) for predicate, value in group):
                yield from (name.split()[-1] for name in names if len(name.split()) > 1)


def _is_documentary(iri: str) -> bool:
    found = _OWN.search(iri)
    return found is not None and found[1] in search.DOCUMENTARY

"""A synthetic register of any size: a folder of Turtle files as keepers write them, valid under the shipped shapes.

    python benchmarks/synthetic_register.py FOLDER --contracts 100000

For each contract there are about 20 asserted triples, 95 for its evidence, and 70 that are entailed: 100,000 contracts
give 2 million asserted triples without evidence, 18 million triples in all with it. The same seed gives the same bytes.
Beside the data stand the texts of the invented sources (`texts/`), so that quotations can be compared with them.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
BASE = "https://example.org/synthetic/"
SHARD = 5000
"""Contracts, organisations or persons in one file."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KINDS = _words("Verein Verband Stiftung Bund Initiative Netzwerk Jugendring Beratungsstelle Bildungswerk Kulturzentrum")
FIELDS = _words("""
    Begegnung Teilhabe Vielfalt Nachbarschaft Ehrenamt Sport Kinderbetreuung Sprache Bildung Frauen Familien Väter
    Jugendarbeit Demokratie Antidiskriminierung Gesundheit Wohnen Ausbildung Musik Theater
""")
TOWNS = _words("""
    Kassel Fulda Marburg Gießen Wetzlar Limburg Hanau Offenbach Darmstadt Rüsselsheim Wiesbaden Frankfurt Friedberg
    Alsfeld Eschwege Korbach Heppenheim Erbach Dietzenbach Groß-Gerau Bad-Hersfeld Homberg Lauterbach Gelnhausen
""")
FIRST_NAMES = _words(
    "Anna Björn Çiğdem Dilek Emre Fatima Günter Hülya Ines Jürgen Karin Leyla Murat Noëlle Özlem Peter"
)
LAST_NAMES = _words("""
    Albrecht Bäcker Çelik Demir Engel Fuchs Groß Hoffmann Işık Jäger Köhler Lindner Möller Nowak Öztürk Peters
    Quandt Richter Schäfer Tiedemann Ullrich Vogel Weiß Yılmaz Zimmermann
""")
SUBJECTS = _words(
    "Öffnung Förderung Stärkung Begleitung Beratung Vernetzung Qualifizierung Sichtbarkeit Begegnung Teilhabe"
)
FUNDING = ("Funded", "NotFunded", "NotStated")
LOCAL = _words("contract signing organisation person tenure office topic scheme aim programme source evidence form")
NAMESPACES = {
    **{kind: f"id/{kind}/" for kind in LOCAL},
    "vg": "https://w3id.org/vertragsgraph/ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
}
PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.items())

Facts = list[tuple[str, str]]
"""Predicates and objects that demand evidence, as Turtle writes them."""


@dataclass
class Resource:
    """What is said about one resource: type, names in both languages, and facts."""

    iri: str
    type: str
    german: str
    english: str
    facts: Facts = field(default_factory=list)
    other: Facts = field(default_factory=list)
    name: str = "rdfs:label"

    def turtle(self) -> str:
        """Return the resource as one block of Turtle."""
        names = (self.name, f'"{self.german}"@de , "{self.english}"@en')
        lines = [f"{predicate} {value}" for predicate, value in [names, *self.other, *self.facts]]
        return f"{self.iri} a {self.type} ;\n    " + " ;\n    ".join(lines) + " .\n\n"


@dataclass
class Plan:
    """How many there are of what, in proportion to the contracts."""

    contracts: int
    evidence: bool

    def __post_init__(self) -> None:
        self.organisations = max(2, self.contracts // 4)
        self.persons = max(1, self.contracts // 10)
        self.topics = min(400, max(5, self.contracts // 50))
        self.aims = min(60, max(3, self.contracts // 100))


def write_register(folder: Path, contracts: int, *, seed: int = 1, evidence: bool = True) -> None:
    """Write a register with so many contracts into a new folder, file by file, in constant memory.

    With `evidence`, every statement that demands evidence has some, and the register passes the gate.
    """
    plan, random = Plan(contracts, evidence), Random(seed)
    folder.mkdir(parents=True)
    _write_settings(folder)
    shards = _Shards(folder, plan)
    shards.write("topics", _topics(plan))
    shards.write("programme", _programme(plan))
    shards.write("organisations", _organisations(plan, random))
    shards.write("offices", _offices(plan))
    shards.write("people", _people(plan, random))
    shards.write("contracts", _contracts(plan, random))
    shards.finish()


class _Shards:
    """Writes resources into files of bounded size, with a source text and evidence for each file."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._folder = folder
        self._evidence = plan.evidence
        self._sources: list[str] = []
        for name in ("sources", "evidence", "texts") if plan.evidence else ("texts",):
            (folder / "data" / name if name != "texts" else folder / name).mkdir(parents=True)

    def write(self, part: str, resources: Iterator[Resource]) -> None:
        """Write the resources of a part of the register."""
        (self._folder / "data" / part).mkdir(parents=True)
        number = 0
        while shard := list(_take(resources, SHARD)):
            name = f"{part}-{number:04}"
            path = self._folder / "data" / part / f"{name}.ttl"
            path.write_text(PREFIXES + "\n" + "".join(resource.turtle() for resource in shard), "utf-8")
            if self._evidence and any(resource.facts for resource in shard):
                self._write_evidence(name, shard)
            number += 1

    def finish(self) -> None:
        """Write what is known only at the end: the sources."""
        if self._evidence:
            (self._folder / "data" / "sources" / "sources.ttl").write_text(
                PREFIXES + "\n" + "".join(self._sources), "utf-8"
            )

    def _write_evidence(self, name: str, shard: Sequence[Resource]) -> None:
        source, position, sha256 = f"source:{name}", 0, hashlib.sha256()
        with (
            (self._folder / "data" / "evidence" / f"{name}.ttl").open("w", encoding="utf-8") as entries,
            (self._folder / "texts" / f"{name}.txt").open("w", encoding="utf-8") as text,
        ):
            entries.write(PREFIXES + "\n")
            for resource in shard:
                if resource.facts:
                    themes = [value for predicate, value in resource.facts if predicate == "vg:theme"]
                    said = [theme.removeprefix('"').removesuffix('"@de') for theme in themes]
                    sentence = f"{resource.german}: {', '.join(said) or 'so steht es geschrieben'}."
                    entries.write(_entry(resource, source, sentence, position))
                    text.write(sentence + "\n")
                    sha256.update(f"{sentence}\n".encode())
                    position += len(sentence) + 1
        facts: Facts = [
            ("dcterms:identifier", f'"{name}"'),
            ("schema:url", f"<https://example.org/texts/{name}.txt>"),
            ("schema:sha256", f'"{sha256.hexdigest()}"'),
        ]
        self._sources.append(
            Resource(source, "vg:SourceDocument", f"Text {name}", f"text {name}", other=facts).turtle()
        )


def _take(resources: Iterator[Resource], count: int) -> Iterator[Resource]:
    for _, resource in zip(range(count), resources, strict=False):
        yield resource


def _entry(resource: Resource, source: str, sentence: str, start: int) -> str:
    statements = " ,\n        ".join(
        f"[ rdf:subject {resource.iri} ; rdf:predicate {predicate} ; rdf:object {value} ]"
        for predicate, value in resource.facts
    )
    return (
        f"evidence:{resource.iri.replace(':', '-')} a vg:Evidence ;\n"
        f"    vg:supports {statements} ;\n"
        f"    vg:supportKind vg:Stated ;\n    oa:hasSource {source} ;\n"
        f'    oa:exact "{sentence}" ; oa:start {start} ; oa:end {start + len(sentence)} ;\n'
        f'    dcterms:creator organisation:editors ; dcterms:date "2026-11-22"^^xsd:date .\n\n'
    )


def _write_settings(folder: Path) -> None:
    text = (ROOT / "register.toml").read_text("utf-8")
    [base] = re.findall(r'^base = "([^"]+)"', text, re.MULTILINE)
    text = re.sub(r'^key = "[^"]+"', 'key = "synthetic"', text.replace(base, BASE), flags=re.MULTILINE)
    (folder / "register.toml").write_text(text, "utf-8")


def _name(number: int, *parts: Sequence[str]) -> str:
    """Return the name with a number: one word of each of the parts; the words of neighbours differ."""
    total = 1
    for part in parts:
        total *= len(part)
    rest, words = number * 7919 % total, []
    for part in parts:
        rest, index = divmod(rest, len(part))
        words.append(part[index])
    return " ".join(words) + (f" {number // total + 1}" if number >= total else "")


def _topics(plan: Plan) -> Iterator[Resource]:
    yield Resource("scheme:topics", "skos:ConceptScheme", "Themen", "topics")
    for number in range(plan.topics):
        name = _name(number, SUBJECTS, FIELDS)
        place = f"skos:broader topic:t{number // 6}" if number > 5 else "skos:topConceptOf scheme:topics"
        predicate, target = place.split(" ")
        note = ("skos:scopeNote", f'"Alles, was mit {name} zu tun hat."@de , "All that has to do with {name}."@en')
        other = [("skos:inScheme", "scheme:topics"), (predicate, target), note]
        yield Resource(f"topic:t{number}", "vg:Topic", name, f"topic {name}", other=other, name="skos:prefLabel")
    yield Resource("scheme:forms", "skos:ConceptScheme", "Rechtsformen", "legal forms")
    other = [("skos:inScheme", "scheme:forms"), ("skos:topConceptOf", "scheme:forms"), ("skos:altLabel", '"e.V."@de')]
    yield Resource(
        "form:association",
        "skos:Concept",
        "eingetragener Verein",
        "registered association",
        other=other,
        name="skos:prefLabel",
    )


def _programme(plan: Plan) -> Iterator[Resource]:
    aims: Facts = [("vg:hasAim", f"aim:a{number}") for number in range(plan.aims)]
    yield Resource("programme:p1", "vg:Programme", "Programm der Verträge", "programme of contracts", facts=aims)
    for number in range(plan.aims):
        facts: Facts = [("dcterms:references", f"topic:t{number % plan.topics}")]
        name = _name(number, SUBJECTS, FIELDS)
        yield Resource(f"aim:a{number}", "vg:Aim", f"{name} erreichen", f"reach {name}", facts)


def _organisations(plan: Plan, random: Random) -> Iterator[Resource]:
    yield Resource("organisation:editors", "foaf:Agent , prov:Agent", "Redaktion", "editors")
    yield Resource(
        "organisation:government", "vg:Organisation , schema:GovernmentOrganization", "Landesregierung", "government"
    )
    yield Resource("organisation:ministry", "vg:Ministry", "Ministerium für Soziales", "ministry for social affairs")
    for number in range(plan.organisations):
        name = _name(number, KINDS, FIELDS, TOWNS)
        facts: Facts = []
        if random.random() < 0.5:
            facts.append(("org:classification", "form:association"))
        if number > 10 and random.random() < 0.2:
            facts.append(("org:subOrganizationOf", f"organisation:o{random.randrange(10)}"))
        other: Facts = [("skos:altLabel", f'"{name.split()[0]}-{number}"@de')]
        yield Resource(f"organisation:o{number}", "vg:Organisation", name, f"{name} association", facts, other)


def _offices(plan: Plan) -> Iterator[Resource]:
    ministry: Facts = [("org:postIn", "organisation:ministry")]
    yield Resource(
        "office:minister", "vg:MinisterialOffice", "Ministerin für Soziales", "minister for social affairs", ministry
    )
    for number in range(plan.persons):
        organisation = number % plan.organisations
        facts: Facts = [("org:postIn", f"organisation:o{organisation}")]
        yield Resource(
            f"office:f{number}", "vg:Office", f"Leitung von o{organisation}", f"head of o{organisation}", facts
        )


def _people(plan: Plan, random: Random) -> Iterator[Resource]:
    for number in range(plan.persons):
        name = _name(number, FIRST_NAMES, LAST_NAMES)
        yield Resource(f"person:p{number}", "vg:Person", name, name)
        office = "office:minister" if number % 50 == 0 else f"office:f{number}"
        facts: Facts = [
            ("org:member", f"person:p{number}"),
            ("vg:inOffice", office),
            ("schema:startDate", f'"{random.randrange(1990, 2015)}"^^xsd:gYear'),
        ]
        yield Resource(f"tenure:t{number}", "vg:Tenure", f"{name} im Amt", f"{name} in office", facts)


def _contracts(plan: Plan, random: Random) -> Iterator[Resource]:
    for number in range(plan.contracts):
        subject, partner = _name(number, SUBJECTS, FIELDS), random.randrange(plan.organisations)
        topics = sorted(random.sample(range(plan.topics), random.randrange(1, 4)))
        facts: Facts = [
            ("dcterms:isPartOf", "programme:p1"),
            ("vg:contractingParty", "organisation:government"),
            ("vg:partner", f"organisation:o{partner}"),
            ("vg:theme", f'"{subject} durch gemeinsame Arbeit vor Ort"@de'),
            ("vg:fundingStatus", f"vg:{random.choice(FUNDING)}"),
            *(("vg:topic", f"topic:t{topic}") for topic in topics),
            *(("vg:servesAim", f"aim:a{aim}") for aim in sorted(random.sample(range(plan.aims), 2))),
        ]
        german, english = f"Vertrag {number} über {subject}", f"contract {number} on {subject}"
        yield Resource(f"contract:c{number}", "vg:IntegrationContract", german, english, facts)
        signing: Facts = [("vg:concerns", f"contract:c{number}"), ("vg:date", _date(random))]
        if random.random() < 0.7:
            signing.append(("vg:actedAs", f"tenure:t{random.randrange(plan.persons)}"))
        yield Resource(f"signing:s{number}", "vg:Signing", f"Abschluss von {german}", f"signing of {english}", signing)


def _date(random: Random) -> str:
    year, month, day = random.randrange(2015, 2027), random.randrange(1, 13), random.randrange(1, 29)
    exact = (f'"{year}-{month:02}-{day:02}"^^xsd:date', f'"{year}-{month:02}"^^xsd:gYearMonth', f'"{year}"^^xsd:gYear')
    return random.choices(exact, weights=(80, 10, 10))[0]


def main() -> None:
    """Write the register that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a synthetic register into a new folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--contracts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-evidence", action="store_true", help="a smaller register that the gate would refuse")
    options = parser.parse_args()
    write_register(options.folder, options.contracts, seed=options.seed, evidence=not options.without_evidence)


if __name__ == "__main__":
    main()

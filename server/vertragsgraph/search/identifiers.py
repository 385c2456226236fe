"""Identifiers of other people's vocabularies: the many ways of writing one, as one key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vertragsgraph.rdf.namespaces import DBPEDIA, EU, EUROVOC, GEOCODING, GEONAMES, GND, STW, WD


@dataclass(frozen=True)
class Authority:
    """Somebody who gives identifiers: where their IRIs begin, and what a bare identifier looks like."""

    key: str
    name: str
    namespace: str
    hosts: tuple[str, ...]
    prefixes: tuple[str, ...]
    pattern: str


AUTHORITIES: Final = (
    Authority(
        "wikidata",
        "Wikidata",
        WD,
        (r"(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/(?:Special:Entity(?:Data|Page)/)?",),
        ("wd", "wikidata"),
        r"[Qq][1-9]\d*",
    ),
    Authority("gnd", "GND", GND, (r"d-nb\.info/gnd/", r"lobid\.org/gnd/"), ("gnd",), r"\d{1,10}-?[\dX]"),
    Authority("eurovoc", "EuroVoc", EUROVOC, (r"eurovoc\.europa\.eu/",), ("eurovoc",), r"(?:c_)?[0-9a-f]+"),
    Authority("stw", "STW", STW, (r"zbw\.eu/stw/descriptor/",), ("stw",), r"\d+-\d"),
    Authority("geonames", "GeoNames", GEONAMES, (r"(?:sws\.|www\.)?geonames\.org/",), ("geonames", "gn"), r"\d+"),
    Authority(
        "dbpedia",
        "DBpedia",
        DBPEDIA,
        (r"(?:[a-z]{2}\.)?dbpedia\.org/(?:resource|page)/",),
        ("dbpedia", "dbr"),
        r"[^\s/#?]+",
    ),
)
_LISTS: Final = {EU: "EU", GEOCODING: "DCAT-AP.de"}
"""Lists of codes: who gave one is told, but nobody looks for something by it."""
# What follows an identifier chooses a document about it (.ttl, /about), its language or a place in it.
_BY_IRI: Final = tuple(
    (authority, re.compile(rf"https?://(?i:{host})({authority.pattern})(?:\.[a-z]+)?(?:/[^?#]*)?(?:[?#].*)?"))
    for authority in AUTHORITIES
    for host in authority.hosts
)
_BY_PREFIX: Final = tuple(
    (authority, re.compile(rf"(?:{'|'.join(authority.prefixes)})\s*:\s*({authority.pattern})", re.IGNORECASE))
    for authority in AUTHORITIES
)
# A number alone may be anything; with a hyphen before its check digit it is an identifier of the GND (or STW).
_ALONE: Final = ((AUTHORITIES[0], re.compile(r"[Qq][1-9]\d*")), (AUTHORITIES[1], re.compile(r"\d{3,10}-[\dX]")))


def key(iri: str) -> str:
    """Return the key of a foreign IRI; the same for every way in which it is written.

    >>> key("http://www.wikidata.org/entity/Q1199"), key("https://www.wikidata.org/wiki/Q1199?uselang=de#sitelinks")
    ('wikidata:Q1199', 'wikidata:Q1199')
    >>> key("https://example.org/a/")
    'example.org/a'
    """
    for authority, pattern in _BY_IRI:
        if found := pattern.fullmatch(iri):
            return f"{authority.key}:{_spelled(found[1])}"
    return re.sub(r"^https?://", "", iri).rstrip("/")


def keys(text: str) -> list[str]:
    """Return the keys that a text may mean: an IRI, an identifier with a prefix or, where its form tells it, alone.

    >>> keys("wd:Q1199"), keys("Q1199"), keys("4024729-6"), keys("2018")
    (['wikidata:Q1199'], ['wikidata:Q1199'], ['gnd:4024729-6', 'stw:4024729-6'], [])
    """
    # Library catalogues put the code of who gave an identifier in brackets before it; DE-588 stands for the GND.
    text = re.sub(r"^\(DE-588\)\s*", "gnd:", text.strip().strip("<>"))
    if re.fullmatch(r"https?://\S+", text):
        return [key(text)]
    for authority, pattern in _BY_PREFIX:
        if found := pattern.fullmatch(text):
            return [f"{authority.key}:{_spelled(found[1])}"]
    for authority, pattern in _ALONE:
        if pattern.fullmatch(text):
            same_form = ["stw"] if authority.key == "gnd" else []
            return [f"{name}:{_spelled(text)}" for name in (authority.key, *same_form)]
    return []


def authority_of(iri: str) -> Authority | None:
    """Return who gave an identifier; None where nobody known did."""
    return next((authority for authority, pattern in _BY_IRI if pattern.fullmatch(iri)), None)


def name_and_identifier(iri: str) -> tuple[str, str]:
    """Return the name of who gave an identifier, and the identifier itself; host and the rest of the IRI where nobody known did.

    >>> name_and_identifier("http://www.wikidata.org/entity/Q1199"), name_and_identifier("https://example.org/thing/7")
    (('Wikidata', 'Q1199'), ('example.org', 'thing/7'))
    """
    if authority := authority_of(iri):
        return authority.name, key(iri).partition(":")[2]
    for namespace, name in _LISTS.items():
        if iri.startswith(namespace):
            return name, iri.removeprefix(namespace).strip("/")
    host = urlsplit(iri).hostname
    return (host, iri.partition(host)[2].strip("/") or iri) if host else (iri, iri)


def _spelled(identifier: str) -> str:
    return identifier[0].upper() + identifier[1:] if identifier[:1] in "qQ" else identifier

"""Identifiers of other people's vocabularies: the many ways of writing one, as one key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Authority:
    """Somebody who gives identifiers: where their IRIs begin, and what a bare identifier looks like.

    `alone` tells whether a bare identifier is recognised by itself, without a prefix such as `wd:`.
    """

    key: str
    name: str
    namespace: str
    hosts: tuple[str, ...]
    prefixes: tuple[str, ...]
    pattern: str
    alone: bool = False


AUTHORITIES: Final = (
    Authority(
        "wikidata",
        "Wikidata",
        "http://www.wikidata.org/entity/",
        (r"(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/(?:Special:Entity(?:Data|Page)/)?",),
        ("wd", "wikidata"),
        r"[Qq][1-9]\d*",
        alone=True,
    ),
    Authority(
        "gnd",
        "GND",
        "https://d-nb.info/gnd/",
        (r"d-nb\.info/gnd/", r"lobid\.org/gnd/"),
        ("gnd",),
        r"\d{1,10}-?[\dX]",
        alone=True,
    ),
    Authority(
        "eurovoc",
        "EuroVoc",
        "http://eurovoc.europa.eu/",
        (r"eurovoc\.europa\.eu/",),
        ("eurovoc",),
        r"(?:c_)?[0-9a-f]+",
    ),
    Authority("stw", "STW", "http://zbw.eu/stw/descriptor/", (r"zbw\.eu/stw/descriptor/",), ("stw",), r"\d+-\d"),
    Authority(
        "geonames",
        "GeoNames",
        "https://sws.geonames.org/",
        (r"(?:sws\.|www\.)?geonames\.org/",),
        ("geonames", "gn"),
        r"\d+",
    ),
    Authority(
        "dbpedia",
        "DBpedia",
        "http://dbpedia.org/resource/",
        (r"(?:[a-z]{2}\.)?dbpedia\.org/(?:resource|page)/",),
        ("dbpedia", "dbr"),
        r"[^\s/#?]+",
    ),
)
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


def _spelled(identifier: str) -> str:
    return identifier[0].upper() + identifier[1:] if identifier[:1] in "qQ" else identifier

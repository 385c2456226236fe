"""What ordinary contracts have: each fact is in the dump, on its page and, where it is a text or an identifier, in search.

That the gate takes it says `test_registers`. Pages are those of French (montclair) and of German (moorwalde).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from .conftest import NAMES, Ask, Example
from .reading import Page

PREFIXES = """
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> . @prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
"""
KINDS = (
    "contract signing signature amendment extension termination grant organisation change person tenure office place "
    "topic document evidence source"
)


class Case(NamedTuple):
    """A fact, as the files beside this one have it."""

    facts: str
    page: str
    says: Sequence[str] = ()
    quoted: Sequence[str] = ()
    search: str = ""


CASES = {
    name: {
        what: Case(**case)
        for what, case in tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8")).items()
    }
    for name in NAMES
}
EACH = [pytest.param(name, case, id=f"{name}: {what}") for name, cases in CASES.items() for what, case in cases.items()]


@pytest.fixture(scope="session")
def dumps(example_of: Callable[[str], Example]) -> dict[str, set[Triple]]:
    """What is in the dump of each."""
    files = {name: example_of(name).release.dump("nt") for name in NAMES}
    return {
        name: {quad.triple for quad in parse(path=file, format=RdfFormat.N_TRIPLES)} for name, file in files.items()
    }


@pytest.mark.parametrize(("name", "case"), EACH)
def test_a_fact_is_in_the_dump(name: str, case: Case, dumps: dict[str, set[Triple]]) -> None:
    base = f"https://example.org/{name}/"
    prefixes = PREFIXES + "".join(f"@prefix {kind}: <{base}id/{kind}/> .\n" for kind in KINDS.split())
    facts = {quad.triple for quad in parse(prefixes + case.facts, format=RdfFormat.TURTLE)}
    assert facts - dumps[name] == set()


@pytest.mark.parametrize(("name", "case"), EACH)
def test_a_fact_is_on_its_page(name: str, case: Case, ask: Ask) -> None:
    answer = ask(name, f"/doc/{case.page}")
    page = Page(answer.text)
    assert answer.status_code == 200 and (case.says or case.quoted)
    assert [words for words in case.says if words not in page.told] == []
    assert [words for words in case.quoted if words not in page.words] == []


@pytest.mark.parametrize(("name", "case"), [each for each in EACH if each.values[1].search])  # type: ignore[union-attr]
def test_a_text_is_found(name: str, case: Case, ask: Ask) -> None:
    hits = ask(name, f"/search.json?q={case.search}").json()["hits"]
    pages = {hit["iri"].partition("/id/")[2] for hit in hits}
    subjects = {word.replace(":", "/", 1) for word in case.facts.split() if word.partition(":")[0] in KINDS.split()}
    assert pages & subjects

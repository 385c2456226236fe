"""Only what a keeper accepted is published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vertragsgraph.links.accepting import accept, sssom_file
from vertragsgraph.links.candidates import ACCEPT, DECISIONS, Candidate
from vertragsgraph.register import load_register
from vertragsgraph.search.identifiers import AUTHORITIES
from vertragsgraph.sources.sssom import read_mappings

WIKIDATA = AUTHORITIES[0]
DAY = date(2026, 11, 22)


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_candidate_is_published_where_it_was_accepted_and_nowhere_else(register_copy: Path, decision: str) -> None:
    register = load_register(register_copy)
    item = "http://www.wikidata.org/entity/Q349"
    candidate = Candidate(f"{register.base}id/person/kai-klose", "Kai Klose", item, "Klose", "", "99", "", decision)
    published = accept(register, WIKIDATA, [candidate], register.publisher.iri, DAY)
    assert published == ([candidate] if decision == ACCEPT else [])
    links = read_mappings(sssom_file(register, WIKIDATA), register.base)
    assert any(link.subject.value == candidate.subject for link in links) is (decision == ACCEPT)

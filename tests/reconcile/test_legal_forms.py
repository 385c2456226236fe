"""Legal forms are told from names as the register itself names them, in whatever language; nothing about them is built in."""

from __future__ import annotations

import pytest

from vertragsgraph.rdf.namespaces import ORG, RDFS, SKOS
from vertragsgraph.reconcile import names
from vertragsgraph.search import SearchIndex, legal_forms, write

BASE = "https://donnees.montclair.example/registre/"
LABEL = f"<{RDFS}label>"


def said(path: str, predicate: str, value: str) -> str:
    return f"<{BASE}id/{path}> {predicate} {value} .\n"


LINES = sorted(
    [
        said("form/asbl", f"<{SKOS}prefLabel>", '"association sans but lucratif"@fr'),
        said("form/asbl", f"<{SKOS}altLabel>", '"asbl"@fr'),
        said("form/asbl", f"<{SKOS}altLabel>", '"vereniging zonder winstoogmerk"@nl'),
        said("form/sa", f"<{SKOS}prefLabel>", '"S.A."@fr'),
        said("organisation/sport", LABEL, '"Sport pour tous"@fr'),
        said("organisation/sport", f"<{ORG}classification>", f"<{BASE}id/form/asbl>"),
        said("organisation/judo", LABEL, '"Judo-Meuse"@fr'),
        said("organisation/judo", f"<{ORG}classification>", f"<{BASE}id/form/asbl>"),
        said("organisation/eau", LABEL, '"Eaux de la Meuse S.A."@fr'),
        said("organisation/eau", f"<{ORG}classification>", f"<{BASE}id/form/sa>"),
        said("organisation/theatre", LABEL, '"Théâtre du Pont"@fr'),
    ]
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    file = tmp_path_factory.mktemp("forms") / "search.sqlite"
    write(LINES, file, BASE, legal_forms(lambda: LINES))
    return SearchIndex(file)


def found(index: SearchIndex, name: str) -> tuple[str, float, bool]:
    first = names.find(index, name)[0]
    return index.resources([first.number])[first.number].path.rpartition("/")[2], first.score, first.certain


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Sport pour tous", "sport"),
        ("Sport pour tous asbl", "sport"),
        ("Sport pour tous ASBL", "sport"),
        ("Sport pour tous, association sans but lucratif", "sport"),
        ("ASBL Judo-Meuse", "judo"),
        ("Judo-Meuse vereniging zonder winstoogmerk", "judo"),
        ("Eaux de la Meuse SA", "eau"),
        ("Eaux de la Meuse S. A.", "eau"),
    ],
)
def test_a_name_with_its_recorded_form_is_the_name(index: SearchIndex, name: str, path: str) -> None:
    assert found(index, name) == (path, 100, True)


def test_another_form_than_the_recorded_one_tells_two_things_apart(index: SearchIndex) -> None:
    path, score, certain = found(index, "Sport pour tous S.A.")
    assert (path, certain) == ("sport", False)
    assert score < 90


def test_a_form_that_nobody_has_recorded_is_possible(index: SearchIndex) -> None:
    path, score, certain = found(index, "Théâtre du Pont asbl")
    assert (path, certain) == ("theatre", True)
    assert 95 < score < 100


def test_what_is_no_form_here_is_a_part_of_the_name(index: SearchIndex) -> None:
    _, score, certain = found(index, "Sport pour tous gGmbH")
    assert score < 95
    assert not certain

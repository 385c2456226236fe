from __future__ import annotations

import pytest

from vertragsgraph.finding import Place
from vertragsgraph.gate.checks.graphs import check_graphs
from vertragsgraph.gate.places import Places
from vertragsgraph.register.names import is_resource


def told(copy) -> list[tuple[str, Place | None]]:
    register = copy.register
    return [(f.message["en"], f.place) for f in check_graphs(register, copy.collect(), Places(register))]


def test_the_shipped_register_has_nothing_to_complain_about(copy) -> None:
    assert told(copy) == []


@pytest.mark.parametrize(
    ("subject", "add", "message"),
    [
        (
            "contract:iaf",
            "vg:parnter <id/organisation/iaf>",
            "the vocabulary has no vg:parnter; did you mean vg:partner?",
        ),
        ("contract:iaf", "a vg:Kontrakt", "the vocabulary has no vg:Kontrakt; did you mean vg:Contract?"),
        (
            "contract:iaf",
            "vg:fundingStatus vg:Zzzzzzzzzz",
            "the vocabulary has no vg:Zzzzzzzzzz; docs/model.md shows what there is",
        ),
        ("contract:iaf", "a <vg:Contract>", "<vg:Contract> is a prefixed name in angle brackets; write vg:Contract"),
        ("contract:iaf", "<rdfs:label> 'x'", "<rdfs:label> is a prefixed name in angle brackets; write rdfs:label"),
        (
            "contract:iaf",
            "vg:partner <id/organisation/iaaf>",
            "organisation:iaaf is described nowhere; did you mean organisation:iaf?",
        ),
        (
            "contract:iaf",
            "vg:partner <id/organisation/zzzzzzzzzzzzz>",
            "organisation:zzzzzzzzzzzzz is described nowhere; describe it, or name one that is",
        ),
    ],
)
def test_a_wrong_name(copy, subject: str, add: str, message: str) -> None:
    copy.change(subject, add=add)
    path = copy.file(subject)
    assert told(copy) == [(message, Place(path, copy.line(path, add)))]


def test_a_resource_without_a_type(copy) -> None:
    copy.append("people.ttl", '\nperson:kim\n    rdfs:label "Kim"@de .\n')
    path = copy.folder / "data/people.ttl"
    assert told(copy) == [
        ("person:kim has no type; say what it is: a vg:…", Place(path, copy.line(path, "person:kim")))
    ]


def test_a_link_from_a_resource_that_is_described_nowhere(copy) -> None:
    path = next((copy.folder / "data/links").glob("wikidata*"))
    row = next(
        line for line in path.read_text("utf-8").splitlines() if "/id/topic/" in line or line.startswith("topic:")
    )
    subject = row.split("\t")[0]
    wrong = subject + "x"
    path.write_text(path.read_text("utf-8").replace(subject + "\t", wrong + "\t", 1), "utf-8")
    ((message, place),) = told(copy)
    assert "x is described nowhere; did you mean topic:" in message
    assert place == Place(path, copy.line(path, wrong))


def test_a_resource_outside_of_id(copy) -> None:
    copy.append("people.ttl", "\n<person/kim> a vg:Person .\n")
    path = copy.folder / "data/people.ttl"
    ((message, place),) = told(copy)
    assert message.startswith("<https://w3id.org/vertragsgraph/hessen/person/kim> is no IRI of a resource")
    assert message.endswith("begin with <https://w3id.org/vertragsgraph/hessen/id/…")
    assert place == Place(path, copy.line(path, "<person/kim>"))


def test_a_name_with_other_letters(copy) -> None:
    copy.append("places.ttl", "\nplace:Gießen a dcterms:Location .\n")
    path = copy.folder / "data/places.ttl"
    ((message, place),) = told(copy)
    assert message.startswith("place:Gießen is no name of a resource")
    assert place == Place(path, copy.line(path, "place:Gießen"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("<id/place/a_b>", "is no name of a resource"),
        ("<id/place/a--b>", "is no name of a resource"),
        ("<id/place/a-b-/c>", "is no name of a resource"),
        ("<id/place2/a>", "is no name of a resource"),
        ("<id/place>", "is no name of a resource"),
        (f"<id/place/{'a' * 200}>", "is longer than 200 characters"),
        ("<id/statement/foo>", "is an IRI that the build gives"),
        ("<id/mapping/0123456789abcdef>", "is an IRI that the build gives"),
    ],
)
def test_names_that_are_none(copy, name: str, said: str) -> None:
    copy.append("places.ttl", f"\n{name} a dcterms:Location .\n")
    ((message, place),) = told(copy)
    assert said in message
    assert place == Place(copy.folder / "data/places.ttl", copy.line(copy.folder / "data/places.ttl", name))


def test_what_the_gate_lets_pass_has_an_address() -> None:
    for path in ("contract/a", "grant/a-1/b", "statement/0123456789abcdef", "evidence/e/quote"):
        assert is_resource(path)
    for path in (
        "contract",
        "contract/A",
        "contract/a_b",
        "contract/a--b",
        "contract2/a",
        "contract/a\n",
        "contract/-a",
    ):
        assert not is_resource(path)


@pytest.mark.parametrize(
    ("file", "block", "folders"),
    [
        (
            "topics/a.ttl",
            "<id/contract/a> a vg:Contract .",
            "data/contracts, data/programme, data/utterances, data/events",
        ),
        (
            "contracts/a.ttl",
            "<id/office/a> a vg:Office .",
            "data/organisations, data/changes, data/people, data/offices, data/places",
        ),
        ("places.ttl", "<id/source/a> a vg:SourceDocument .", "data/sources"),
    ],
)
def test_a_resource_in_a_file_for_another_graph(copy, file: str, block: str, folders: str) -> None:
    (copy.folder / "data" / file).parent.mkdir(exist_ok=True)
    copy.append(file, f"\n@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .\n{block}\n")
    ((message, place),) = told(copy)
    assert message.endswith(f"move it into one of {folders}")
    assert place == Place(copy.folder / "data" / file, copy.line(copy.folder / "data" / file, block))


def test_a_resource_in_two_files(copy) -> None:
    original = copy.folder / "data/contracts/drk-hessen.ttl"
    other = original.with_name("drk-hessen Kopie.ttl")
    other.write_bytes(original.read_bytes())
    found = [(message, place) for message, place in told(copy) if "contract:drk-hessen " in message]
    ((message, place),) = found
    assert message.startswith(f"contract:drk-hessen is described in two files, here and in {original}:")
    assert place == Place(other, copy.line(other, "contract:drk-hessen a "))


def test_a_name_that_is_wrong_in_several_files_is_told_each_time(copy) -> None:
    for subject in ("contract:iaf", "person:kai-klose"):
        copy.change(subject, add="vg:partnr <id/place/hessen>")
    assert [place.file.name for _, place in told(copy) if place] == ["iaf.ttl", "people.ttl"]


def test_nothing_is_left_behind(copy) -> None:
    graphs = copy.collect()
    before = sorted(graphs.folder.iterdir())
    check_graphs(copy.register, graphs, Places(copy.register))
    assert sorted(graphs.folder.iterdir()) == before

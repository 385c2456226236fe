"""What describes a release beside the catalogue: table, VoID, schema.org, citations."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
import yaml
from pyoxigraph import NamedNode, Store
from rdflib import VOID, URIRef

from vertragsgraph.register import Register, Text
from vertragsgraph.release import build
from vertragsgraph.release.catalogue import citation, dataset_iri, schema_org
from vertragsgraph.release.contents.formats import FORMATS
from vertragsgraph.texts import Language

BASE = "https://example.org/r/"
VG = "https://w3id.org/vertragsgraph/ontology#"


def test_gzipped_dumps_hold_the_same_and_tell_no_time(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    for item in FORMATS:
        packed = release.dump(f"{item.name}.gz").read_bytes()
        assert gzip.decompress(packed) == release.dump(item.name).read_bytes()
        assert packed[4:8] == b"\0\0\0\0", "the time of compression"
        assert not packed[3] & 0b1000, "a file name"


def table(release_csv: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(release_csv.read_text("utf-8-sig"), newline="")))


def test_the_table_has_a_row_for_each_contract(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    rows = table(release.dump("csv"))
    assert [row["Vertrag"] for row in rows] == [f"{BASE}id/contract/a", f"{BASE}id/contract/b"]
    assert rows[0]["Titel (deutsch)"] == "Vertrag „A“"
    assert rows[0]["Titel (englisch)"] == "Contract A"
    assert rows[0]["Geschlossen"] == "2019-06-03"
    assert rows[0]["Partner (IRI)"] == f"{BASE}id/organisation/x"
    assert rows[0]["Partner (deutsch)"] == "Überall e.V."
    assert rows[1]["Titel (englisch)"] == 'Vertrag B/2 "b"', "where a language is missing, the other one serves"
    assert rows[1]["Geschlossen"] == "2018", "at the precision known"
    assert rows[1]["Vorgestellt"] == ""


def test_the_table_is_as_spreadsheets_want_it(register: Register, releases: Path) -> None:
    data = build(register, releases).release.dump("csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "the mark without which umlauts break"
    assert data.count(b"\r\n") == data.count(b"\n") == 3


def test_a_separator_stands_in_no_value_and_no_cell_is_computed(register: Register, releases: Path) -> None:
    additions = {
        "ontology/o.ttl": "vg:theme a owl:DatatypeProperty .\n",
        "data/contracts.ttl": 'contract:a vg:theme "Sport | Spiel"@de , "Teilhabe"@de , "=1+1"@de .\n',
    }
    for name, text in additions.items():
        with (register.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    dumps = build(register, releases).release.folder / "dumps"
    described = json.loads((dumps / "csv-metadata.json").read_text("utf-8"))["tableSchema"]["columns"]
    theme = next(column for column in described if column["name"] == "theme")
    row = table(dumps / f"{register.key}.csv")[0]
    assert row[theme["titles"]].split(theme["separator"]) == ["'=1+1", "Sport | Spiel", "Teilhabe"]


def test_csvw_describes_the_columns_in_two_languages(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    described = json.loads((release.folder / "dumps" / "csv-metadata.json").read_text("utf-8"))
    assert release.manifest.files["dumps/csv-metadata.json"].media_type == "application/csvm+json"
    assert described["url"] == release.dump("csv").name
    columns = described["tableSchema"]["columns"]
    # One text, as it stands in the file: csvw compares the head of a table with titles in one language only.
    assert [column["titles"] for column in columns] == list(table(release.dump("csv"))[0])
    assert len({column["name"] for column in columns}) == len(columns)
    for column in columns:
        labels = {label["@language"]: label["@value"] for label in column["rdfs:label"]}
        assert (labels["de"], labels.keys()) == (column["titles"], {"de", "en"})
    signed = next(column for column in columns if column["name"] == "signed")
    assert all(re.fullmatch(signed["datatype"]["format"], text) for text in ("2018", "2019-06", "2019-06-03"))


def test_void_counts_what_queries_count(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    graph = rdflib.Graph().parse(release.folder / "void.ttl")
    dataset = URIRef(dataset_iri(BASE))
    store = Store()
    for quad in pyoxigraph.parse(path=release.dump("nq")):
        store.add(quad)

    def ask(query: str) -> int:
        (row,) = store.query(query, use_default_graph_as_union=True)
        return int(row[0].value)

    def said(name: str) -> int:
        return int(graph.value(dataset, VOID[name]))

    assert said("triples") == ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert said("distinctSubjects") == ask("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
    assert said("distinctObjects") == ask("SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }")
    assert said("properties") == ask("SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }")
    assert said("classes") == ask("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }")
    for partition in graph.objects(dataset, VOID.classPartition):
        name = graph.value(partition, VOID["class"])
        assert int(graph.value(partition, VOID.entities)) == ask(
            f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{name}> }}"
        )
        for inner in graph.objects(partition, VOID.propertyPartition):
            used = graph.value(inner, VOID.property)
            query = f"SELECT (COUNT(*) AS ?n) {{ ?s a <{name}> ; <{used}> ?o }}"
            assert int(graph.value(inner, VOID.triples)) == ask(query)
    for partition in graph.objects(dataset, VOID.propertyPartition):
        name = graph.value(partition, VOID.property)
        assert int(graph.value(partition, VOID.triples)) == ask(f"SELECT (COUNT(*) AS ?n) {{ ?s <{name}> ?o }}")
    graphs = {str(part): int(graph.value(part, VOID.triples)) for part in graph.objects(dataset, VOID.subset)}
    assert graphs == {register.graph(role): number for role, number in release.counts.items()}
    for example in graph.objects(dataset, VOID.exampleResource):
        assert next(store.quads_for_pattern(NamedNode(str(example)), None, None, None), None)


def test_void_tells_the_link_sets(register: Register, releases: Path) -> None:
    (register.data / "links").mkdir()
    (register.data / "links" / "wikidata.sssom.tsv").write_text(LINKS, "utf-8")
    release = build(register, releases).release
    graph = rdflib.Graph().parse(release.folder / "void.ttl")
    (links,) = graph.subjects(rdflib.RDF.type, VOID.Linkset)
    assert str(graph.value(links, VOID.linkPredicate)) == "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert int(graph.value(links, VOID.triples)) == 1
    target = graph.value(links, VOID.objectsTarget)
    assert str(graph.value(target, VOID.uriSpace)) == "http://www.wikidata.org/entity/"


LINKS = """\
#mapping_set_id: https://example.org/r/id/mapping-set/wikidata
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  organisation: https://example.org/r/id/organisation/
#  wd: http://www.wikidata.org/entity/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
#  orcid: https://orcid.org/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tauthor_id\tmapping_date
organisation:x\tskos:exactMatch\twd:Q1\tsemapv:ManualMappingCuration\torcid:0000-0000-0000-0000\t2026-01-01
"""


@pytest.mark.parametrize("language", ["de", "en"])
def test_search_engines_find_what_they_need(register: Register, releases: Path, language: Language) -> None:
    release = build(register, releases).release
    described = schema_org.dataset(release, language)
    assert json.loads(json.dumps(described)) == described
    assert described["@type"] == "Dataset"
    assert described["name"] == register.title.in_language(language)
    for name in ("description", "license", "creator", "version", "datePublished", "isAccessibleForFree"):
        assert described[name]
    assert {item["contentUrl"] for item in described["distribution"]} == {
        f"{BASE}releases/{release.id}/{item.file('test')}" for item in FORMATS
    }
    assert described["distribution"][0]["name"] == {
        "de": "Turtle: alles als ein Graph",
        "en": "Turtle: everything as one graph",
    }.get(language)
    assert "temporalCoverage" not in described, "what register.toml doesn't say isn't said"


def test_an_open_period_is_written_with_dots(register: Register, releases: Path) -> None:
    temporal = register.temporal.model_copy(update={"start": "2018"})
    changed = register.model_copy(update={"temporal": temporal})
    changed._folder = register.folder
    assert schema_org.dataset(build(changed, releases).release, "de")["temporalCoverage"] == "2018/.."


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_citation_names_the_release(
    register: Register, releases: Path, language: Language, add_contract: Callable[[str], None]
) -> None:
    add_contract("c")
    release = build(register, releases).release
    iri = f"{BASE}releases/{release.id}"
    assert citation.text(release, language).endswith(iri)
    assert f"url = {{{iri}}}" in citation.bibtex(release, language)
    (item,) = citation.csl(release, language)
    assert (item["URL"], item["version"], item["type"]) == (iri, release.id, "dataset")
    cff = yaml.safe_load(citation.cff(release, language))
    assert (cff["url"], cff["version"], cff["type"]) == (iri, release.id, "dataset")
    assert cff["identifiers"][0]["value"].endswith(release.manifest.files["dumps/test.nq"].sha256)


def test_bibtex_survives_special_characters(register: Register, releases: Path) -> None:
    title = Text({**register.title.root, "en": r"50% & {more} \ #1_2"})
    changed = register.model_copy(update={"title": title})
    changed._folder = register.folder
    entry = citation.bibtex(build(changed, releases).release, "en")
    assert r"50\% \& \{more\} \textbackslash{} \#1\_2" in entry
    assert entry.replace(r"\{", "").replace(r"\}", "").count("{") == entry.replace(r"\{", "").replace(r"\}", "").count(
        "}"
    )

"""How far the evidence goes is counted by the gate; manifest and catalogue say that and nothing else."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib import DCTERMS, RDF, XSD, Namespace, URIRef

from vertragsgraph.gate import Coverage
from vertragsgraph.rdf.namespaces import VG, WELL_KNOWN
from vertragsgraph.register import Register, load_register, shipped_folder, start_register
from vertragsgraph.release import Release, Request, build, takedown
from vertragsgraph.release import manifest as manifests
from vertragsgraph.release.catalogue import dataset_iri, describe
from vertragsgraph.release.catalogue.document import describe_release

DQV = Namespace("http://www.w3.org/ns/dqv#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SCRIPT = Path(__file__).parents[3] / "benchmarks" / "synthetic_register.py"
METRICS = {
    "StatementsQuoted": "quoted",
    "StatementsComparable": "comparable",
    "StatementsCited": "cited",
    "StatementsUnproved": "unproved",
}
PREFIXES = "".join(f"PREFIX {prefix}: <{WELL_KNOWN[prefix]}>\n" for prefix in ("vg", "rdf", "oa", "prov"))


def shipped(folder: Path) -> Register:
    return load_register(shipped_folder())


def started(folder: Path) -> Register:
    start_register(folder)
    return load_register(folder)


def synthetic(folder: Path) -> Register:
    spec = importlib.util.spec_from_file_location("synthetic_register", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    module.write_register(folder, 12)
    return load_register(folder)


def counted(release: Release) -> Coverage:
    """Count by SPARQL over the N-Quads what the gate counts in its sorted files."""
    store = pyoxigraph.Store()
    store.load(path=release.dump("nq"), format=pyoxigraph.RdfFormat.N_QUADS)
    store.load(path=release.folder / "ontology.ttl", format=pyoxigraph.RdfFormat.TURTLE)
    graphs = " ".join(f"<{release.register.graph(role)}>" for role in ("contracts", "agents", "topics", "sources"))

    def number(having: str) -> int:
        query = f"""{PREFIXES} SELECT ?s ?p ?o WHERE {{
          VALUES ?g {{ {graphs} }} GRAPH ?g {{ ?s ?p ?o }} ?p vg:demandsEvidence true . {having} }}"""
        rows = store.query(query, use_default_graph_as_union=True)
        return len({tuple(map(str, row)) for row in rows})  # type: ignore[union-attr]

    node = "?node rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; vg:evidence ?e ."
    demanding, proved = number(""), number(node)
    quoted = number(f"{node} ?e oa:hasSelector/oa:exact|prov:wasDerivedFrom ?quotation .")
    unplaced = "?e prov:wasDerivedFrom ?premise FILTER NOT EXISTS { ?premise oa:hasSelector/oa:start ?any }"
    comparable = number(
        f"{node} ?e oa:hasSelector/oa:start|prov:wasDerivedFrom ?place . FILTER NOT EXISTS {{ {unplaced} }}"
    )
    return Coverage(quoted, proved - quoted, demanding - proved, comparable)


def measured(graph: rdflib.Graph, subject: str) -> Coverage:
    """Read the figures of a dataset from a catalogue."""
    found = {}
    for measurement in graph.objects(URIRef(subject), DQV.hasQualityMeasurement):
        assert (measurement, RDF.type, DQV.QualityMeasurement) in graph
        assert (measurement, DQV.computedOn, URIRef(subject)) in graph
        (metric,) = graph.objects(measurement, DQV.isMeasurementOf)
        (value,) = graph.objects(measurement, DQV.value)
        assert (metric, RDF.type, DQV.Metric) in graph
        assert value.datatype == XSD.integer  # type: ignore[attr-defined]
        found[METRICS[str(metric).removeprefix(VG)]] = int(str(value))
    return Coverage(**found)


@pytest.mark.slow
@pytest.mark.parametrize("make", [shipped, started, synthetic])
def test_gate_manifest_and_catalogue_say_the_same_figures(make: Callable[[Path], Register], tmp_path: Path) -> None:
    register, releases = make(tmp_path / "register"), tmp_path / "releases"
    built = build(register, releases)
    assert built.report
    figures, manifest = built.report.coverage, built.release.manifest
    assert manifest.evidence == figures == counted(built.release)
    assert figures.unproved == 0
    assert figures.quoted > 0
    assert json.loads(manifest.text())["evidence"] == vars(figures)
    if make is started:
        assert figures == Coverage(quoted=6, cited=1, unproved=0, comparable=6)
    graph = rdflib.Graph().parse(releases / "catalog.ttl")
    dataset = dataset_iri(register.base)
    assert measured(graph, dataset) == figures
    said = f"Of {figures.statements} statements that need evidence, {figures.quoted} have a quotation, {figures.cited} "
    notes = [str(note) for note in graph.objects(URIRef(dataset), ADMS.versionNotes)]
    assert any(f"{said}a reference only, 0 neither." in note for note in notes)
    version = f"{register.base}releases/{built.release.id}"
    assert any(said in str(text) for text in graph.objects(URIRef(version), DCTERMS.description))
    assert measured(rdflib.Graph().parse(releases / "catalog-all.ttl"), version) == figures


def test_the_catalogue_says_what_the_manifest_says(register: Register, releases: Path) -> None:
    manifest = build(register, releases).release.manifest
    other = manifest.model_copy(update={"evidence": Coverage(5, 3, 2, 4)})
    graph = rdflib.Graph().parse(data=describe(register, other, [other]).turtle(), format="turtle")
    assert measured(graph, dataset_iri(register.base)) == Coverage(5, 3, 2, 4)
    assert (
        "Von 10 Aussagen, die einen Beleg brauchen, haben 5 ein Zitat, 3 nur einen Hinweis auf die Quelle, 2 keines"
        in "".join(graph.objects(None, ADMS.versionNotes))
    )


def test_the_metrics_are_defined_in_the_vocabulary() -> None:
    ontology = rdflib.Graph().parse(shipped_folder() / "ontology" / "vertragsgraph.ttl")
    assert {str(metric).removeprefix(VG) for metric in ontology.subjects(RDF.type, DQV.Metric)} == METRICS.keys()


def test_releases_of_earlier_versions_are_read_and_say_no_figures(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    path = release.folder / manifests.FILE_NAME
    members = {name: value for name, value in json.loads(path.read_text("utf-8")).items() if name != "evidence"}
    others = {name: value for name, value in members.items() if name != "checksum"}
    text = json.dumps(others, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(json.dumps(members | {"checksum": hashlib.sha256(text.encode()).hexdigest()}), "utf-8")
    assert manifests.is_as_written(release.folder)
    earlier = manifests.read(release.folder)
    assert earlier.evidence is None
    for description in (describe(register, earlier, [earlier]), describe_release(register, earlier, None)):
        graph = rdflib.Graph().parse(data=description.turtle(), format="turtle")
        assert not list(graph.subject_objects(DQV.hasQualityMeasurement))
        notes = list(graph.objects(None, ADMS.versionNotes))
        assert notes
        assert not any("need evidence" in str(note) for note in notes)


def test_a_redaction_counts_anew(tmp_path: Path) -> None:
    release = build(started(tmp_path / "register"), tmp_path / "releases").release
    statement = "contract:example vg:topic topic:sport"
    (redacted,) = takedown(tmp_path / "releases", [release.id], Request([statement], [], []), "Court order 1/2026")
    assert release.manifest.evidence == Coverage(6, 1, 0, 6)
    assert redacted.manifest.evidence == Coverage(5, 1, 0, 5) == counted(redacted)
    graph = rdflib.Graph().parse(tmp_path / "releases" / "catalog.ttl")
    assert measured(graph, dataset_iri(release.base)) == Coverage(5, 1, 0, 5)

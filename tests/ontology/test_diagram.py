"""The diagram of docs/model.md is the one that is drawn from the ontology."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, Namespace

from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from diagram import draw  # noqa: E402

VG = Namespace(f"{ONTOLOGY_IRI}#")
DOCUMENT = ROOT / "docs" / "model.md"


def test_the_document_shows_what_is_drawn(ontology: Graph) -> None:
    block = DOCUMENT.read_text("utf-8").partition("<!-- diagram:begin -->\n")[2].partition("\n<!-- diagram:end -->")[0]
    assert block == f"```mermaid\n{draw(ontology)}\n```"


def test_the_command_puts_it_there(tmp_path: Path) -> None:
    text = DOCUMENT.read_text("utf-8")
    copy = tmp_path / "model.md"
    copy.write_text(text.replace("classDiagram", "nothing"), "utf-8")
    command = [sys.executable, str(ROOT / "docs/diagram.py"), str(ROOT / "ontology/vertragsgraph.ttl"), str(copy)]
    subprocess.run(command, check=True)
    assert copy.read_text("utf-8") == text


def test_classes_properties_and_broader_classes_are_drawn() -> None:
    ontology = Graph()
    for name in ("Act", "Signing", "Contract"):
        ontology.add((VG[name], RDF.type, OWL.Class))
    ontology.add((VG.Signing, RDFS.subClassOf, VG.Act))
    ontology.add((VG.concerns, RDF.type, OWL.ObjectProperty))
    ontology.add((VG.concerns, RDFS.domain, VG.Act))
    ontology.add((VG.concerns, RDFS.range, VG.Contract))
    ontology.add((VG.hasAct, RDF.type, OWL.ObjectProperty))
    ontology.add((VG.hasAct, OWL.inverseOf, VG.concerns))
    ontology.add((VG.hasAct, RDFS.domain, VG.Contract))
    ontology.add((VG.hasAct, RDFS.range, VG.Act))
    assert draw(ontology).splitlines() == [
        "classDiagram",
        "direction LR",
        "class Act",
        "class Contract",
        "class Signing",
        "Act --> Contract : concerns",
        "Act <|-- Signing",
    ]

"""The ontology is within OWL 2 DL and OWL 2 RL, says ROBOT, which asks OWLAPI; `make test` fetches it where there is Maven."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.slow
JARS = Path(__file__).parent / "robot" / "lib"
ONTOLOGY = ROOT / "ontology" / "vertragsgraph.ttl"
CLASS_OF_RDF = """
<https://w3id.org/vertragsgraph/ontology#Statement>
    <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement> .
"""


def report(ontology: Path, profile: str, folder: Path) -> str:
    """Return what ROBOT reports of an ontology that is to be within a profile (EL, DL, RL, QL, Full)."""
    if not (java := shutil.which("java")) or not JARS.is_dir():
        pytest.skip("ROBOT or Java is not installed; `make test` fetches ROBOT where Maven can reach its registry")
    written = folder / f"{profile}.txt"
    command = [java, "-cp", f"{JARS}/*", "org.obolibrary.robot.CommandLineInterface", "validate-profile"]
    subprocess.run([*command, "--profile", profile, "--input", ontology, "--output", written], check=False)
    return written.read_text("utf-8")


@pytest.mark.parametrize("profile", ["DL", "RL"])
def test_the_ontology_is_within(profile: str, tmp_path: Path) -> None:
    assert "[Ontology and imports closure in profile]" in report(ONTOLOGY, profile, tmp_path)


def test_what_is_not_within_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.ttl"
    other.write_text(ONTOLOGY.read_text("utf-8") + CLASS_OF_RDF, "utf-8")
    assert "Use of reserved vocabulary for class IRI: rdf:Statement" in report(other, "DL", tmp_path)

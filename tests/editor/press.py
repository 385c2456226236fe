"""An invented press text of seven sentences, as a source of a copy of the invented register `moorwalde`."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from tests.conftest import ROOT

TEXT = """\
Moorwalde. Am 12. September 2025 hat der Landkreis Moorwalde mit dem Kanuverein Heidefluss e.V. einen Teilhabevertrag geschlossen.
Für den Landkreis unterzeichnete Landrätin Svenja Harms, für den Verein sein Vorsitzender Tilman Rodewald.
Der Vertrag soll Jugendliche, die neu im Landkreis sind, zum Sport einladen: „Alle in einem Boot“ heißt er.
Der Landkreis fördert das Vorhaben mit 12.500 Euro im Jahr.
Der Vertrag gilt vom 1. Oktober 2025 bis zum 30. September 2027.
„Auf dem Wasser zählt, wer mitpaddelt“, sagte Rodewald.
Es ist der siebte Teilhabevertrag des Landkreises.
"""
DESCRIPTION = """
source:s9 a vg:SourceDocument ;
    rdfs:label "S9: Pressetext über den Kanuverein (erfunden)"@de ;
    dcterms:identifier "S9" ;
    dcterms:title "Alle in einem Boot"@de ;
    dcterms:issued "2025-09-12"^^xsd:date ;
    schema:inLanguage "de" ;
    schema:url <https://example.org/moorwalde-quellen/kanuverein> ;
    schema:sha256 "{sha256}" .
"""


def copy_with_press_text(folder: Path, text: str = TEXT) -> Path:
    """Copy the register with the text beside it, and return its folder."""
    register = shutil.copytree(ROOT / "examples/moorwalde", folder)
    (register / "sources/s9-presse.txt").write_text(text, "utf-8", newline="")
    with (register / "data/sources.ttl").open("a", encoding="utf-8") as file:
        file.write(DESCRIPTION.format(sha256=hashlib.sha256(text.encode()).hexdigest()))
    return register

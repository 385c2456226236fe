"""A register in French with a resource of each kind: the shipped one, every text of it replaced by a French one that says nothing.

No German or English word is left in the data: whatever page has one, has it from the software.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from tests.long_form import write_long_form
from vertragsgraph.rdf.namespaces import OA, SCHEMA, VG, XSD
from vertragsgraph.register import load_register, shipped_folder, start_register

BASE = "https://donnees.montclair.example/registre/"
STRING = NamedNode(XSD + "string")
FILLER = "des mots cités de la source et encore "
WORDINGS = [
    FILLER[start:end]
    for start in range(7)
    for end in range(start + 2, 9)
    if FILLER[start:end].strip() == FILLER[start:end]
]
"""Words that stand in every quotation."""
VERBATIM = {NamedNode(VG + name) for name in ("theme", "words", "partyWording", "particularWording")}


def write_register(folder: Path) -> Path:
    """Write the register into a folder that isn't there yet."""
    start_register(folder, "montclair", BASE, ["fr"])
    for part in ("data", "texts"):
        shutil.rmtree(folder / part)
    register = load_register(shipped_folder())
    shipped = shutil.copytree(register.data, folder / "shipped")
    write_long_form(register, shipped)
    read = {
        path: list(parse(path=path, format=RdfFormat.TURTLE, base_iri=BASE)) for path in sorted(shipped.rglob("*.ttl"))
    }
    said = {str(quad.object) for quads in read.values() for quad in quads if quad.predicate in VERBATIM}
    for path, quads in read.items():
        target = folder / "data" / path.relative_to(shipped)
        target.parent.mkdir(parents=True, exist_ok=True)
        triples = in_french([quad.triple for quad in quads], said)
        serialize(triples, target, RdfFormat.TURTLE)
    shutil.copytree(shipped / "links", folder / "data/links")
    (folder / "data/queries").mkdir()
    for number, path in enumerate(sorted((shipped / "queries").glob("*.rq"))):
        code = re.sub(r"^#.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
        (folder / "data/queries" / f"{number:02}.rq").write_text(f"# title@fr: Requête {number}\n{code}", "utf-8")
    shutil.rmtree(shipped)
    return folder


def in_french(triples: list[Triple], said: set[str]) -> list[Triple]:
    """Return triples with French texts: one where there are a German and an English one, of each quotation as many letters.

    What is `said` in the words of a source stands in all quotations, with something left out around it.
    """
    german = {(t.subject, t.predicate) for t in triples if isinstance(t.object, Literal) and t.object.language == "de"}
    found = []
    for triple in triples:
        value = triple.object
        if isinstance(value, Literal) and value.language:
            if value.language == "en" and (triple.subject, triple.predicate) in german:
                continue
            number = sum(map(ord, value.value))
            text = f"[…] {WORDINGS[number % len(WORDINGS)]} […]" if str(value) in said else f"texte n° {number}"
            value = Literal(text, language="fr")
        elif triple.predicate == NamedNode(OA + "exact") and isinstance(value, Literal):
            value = Literal((FILLER * 10)[: len(value.value) - 1] + "s")
        elif triple.predicate == NamedNode(SCHEMA + "inLanguage"):
            value = Literal("fr")
        elif isinstance(value, Literal) and value.datatype == STRING and " " in value.value:
            value = Literal(f"texte n° {sum(map(ord, value.value))}")
        found.append(Triple(triple.subject, triple.predicate, value))
    return found

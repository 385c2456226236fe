"""The contracts as a table: CSV (RFC 4180) with a description of its columns (CSVW, Metadata Vocabulary for Tabular Data)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from vertragsgraph.register import Register
from vertragsgraph.release import lines as nt
from vertragsgraph.release.facts import Facts, facts
from vertragsgraph.release.prefixes import expand
from vertragsgraph.spreadsheet import cell, separator
from vertragsgraph.texts import LANGUAGES, Language, distance

METADATA: Final = "csv-metadata.json"
SUBCLASS_OF: Final = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
LABELS: Final = (nt.RDFS_LABEL, nt.SKOS_PREF_LABEL)
DATE_FORMAT: Final = r"\d{4}(-\d{2}(-\d{2})?)?"


@cache
def _iri(name: str) -> str:
    return f"<{expand(name)}>"


@dataclass(frozen=True)
class Step:
    """A step from a resource to others: along a property or, where `inverse`, against it; only to instances of `only`."""

    property: str
    inverse: bool = False
    only: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its name, its heading (German, English), the way to its values, and the language of their labels.

    The headings are part of the data, like the names: they stand here, so that no translator changes a release's bytes.
    """

    name: str
    heading: tuple[str, str]
    path: tuple[Step, ...] = ()
    language: Language | None = None
    datatype: str = "string"


def _labelled(name: str, heading: tuple[str, str], *path: Step) -> tuple[Column, ...]:
    return tuple(Column(f"{name}_{language}", heading, path, language) for language in LANGUAGES)


_SIGNING: Final = Step("vg:concerns", inverse=True, only="vg:Signing")
_PRESENTATION: Final = Step("vg:concerns", inverse=True, only="vg:Presentation")
COLUMNS: Final = (
    Column("contract", ("Vertrag", "Contract"), datatype="anyURI"),
    *_labelled("title", ("Titel", "Title")),
    Column("partner", ("Partner (IRI)", "Partner (IRI)"), (Step("vg:partner"),), datatype="anyURI"),
    *_labelled("partner_name", ("Partner", "Partner"), Step("vg:partner")),
    *_labelled("party", ("Vertragschließende Seite", "Contracting party"), Step("vg:contractingParty")),
    Column("signed", ("Geschlossen", "Signed"), (_SIGNING, Step("vg:date")), datatype="date"),
    *_labelled("signed_by", ("Geschlossen von", "Signed by"), _SIGNING, Step("vg:actedAs")),
    Column("presented", ("Vorgestellt", "Presented"), (_PRESENTATION, Step("vg:date")), datatype="date"),
    Column("theme", ("Thema, wie die Quellen es nennen", "Theme, as the sources word it"), (Step("vg:theme"),)),
    *_labelled("topics", ("Themen", "Topics"), Step("vg:topic")),
    *_labelled("funding", ("Staatliche Förderung", "Public funding"), Step("vg:fundingStatus")),
)
"""A date stands at the precision known: year, month or day."""


def write(lines: Iterable[str], ontology: Iterable[str], register: Register, folder: Path, work: Path) -> None:
    """Write `{key}.csv` and its description into `folder`, one row for each contract, in the order of their IRIs.

    `lines` are the N-Triples of the register, `ontology` those of its ontology; `work` is where a passing file may lie.
    The text is UTF-8 with a byte order mark, without which spreadsheets take umlauts for something else.
    """
    known = {_iri(step.property) for column in COLUMNS for step in column.path} | {nt.RDF_TYPE, SUBCLASS_OF, *LABELS}
    with (
        facts(chain(lines, ontology), known, work / "facts.sqlite") as found,
        (folder / f"{register.key}.csv").open("x", encoding="utf-8-sig", newline="") as out,
    ):
        between = separator(found.is_in_a_literal)
        rows = csv.writer(out)
        rows.writerow(heading(column)[register.languages[0]] for column in COLUMNS)
        for contract in _instances(found, _iri("vg:Contract")):
            rows.writerow(cell(between.join(_values(contract, column, found))) for column in COLUMNS)
    text = json.dumps(metadata(register, between), ensure_ascii=False, indent=2) + "\n"
    (folder / METADATA).write_text(text, "utf-8", newline="\n")


def heading(column: Column) -> dict[Language, str]:
    """Return the heading of a column in each language; it names the language of the column's values where there is one."""
    german, english = column.heading
    if column.language:
        german += " (deutsch)" if column.language == "de" else " (englisch)"
        english += " (German)" if column.language == "de" else " (English)"
    return {"de": german, "en": english}


def metadata(register: Register, between: str) -> dict[str, Any]:
    """Return the description of the table (CSVW): headings in German and English, datatypes, key.

    `between` stands between several values of one cell.
    """
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": register.languages[0]}],
        "@type": "Table",
        "url": f"{register.key}.csv",
        "dc:title": _texts(register.title.model_dump()),
        "dc:license": {"@id": register.licence.iri},
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_column(column, between) for column in COLUMNS],
            "primaryKey": "contract",
            "aboutUrl": "{+contract}",
        },
    }


def _texts(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]


def _column(column: Column, between: str) -> dict[str, Any]:
    described: dict[str, Any] = {"name": column.name, "titles": heading(column)}
    if column.datatype == "date":
        # A year is as good as a day, where no more is known.
        described["datatype"] = {"base": "string", "format": DATE_FORMAT}
    else:
        described["datatype"] = column.datatype
    if column.language:
        described["lang"] = column.language
    if column.path or column.language:
        described["separator"] = between
    else:
        described["required"] = True
    return described


def _instances(found: Facts, class_iri: str) -> list[str]:
    """Return the instances of a class and its subclasses, each once, sorted."""
    classes, to_do = {class_iri}, [class_iri]
    while to_do:
        below = set(found.subjects(SUBCLASS_OF, to_do.pop())) - classes
        classes |= below
        to_do += below
    return sorted({instance for name in classes for instance in found.subjects(nt.RDF_TYPE, name)})


def _values(contract: str, column: Column, found: Facts) -> list[str]:
    values = [contract]
    for step in column.path:
        values = [value for start in values for value in _taken(start, step, found)]
    return sorted({_shown(value, column.language, found) for value in values})


def _taken(start: str, step: Step, found: Facts) -> Sequence[str]:
    if not step.inverse:
        return found.objects(start, _iri(step.property))
    ends = found.subjects(_iri(step.property), start)
    return [end for end in ends if not step.only or _iri(step.only) in found.objects(end, nt.RDF_TYPE)]


def _shown(term: str, language: Language | None, found: Facts) -> str:
    """Return a literal's text or an IRI; where a language is given, a resource's label in it, else in another one."""
    if term[0] == '"':
        return _text(term)
    labels = [nt.literal(label) for name in LABELS for label in found.objects(term, name)] if language else []
    labels.sort(key=lambda label: distance(label.language, language or ""))
    return nt.unescaped(labels[0].escaped) if labels else term[1:-1]


def _text(term: str) -> str:
    return nt.unescaped(nt.literal(term).escaped)

"""Writing `search.sqlite`: what can be searched in a release, computed once, in one pass over its sorted triples."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import DCTERMS, FOAF, ORG, RDFS, SCHEMA, SKOS, VG, XSD
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.search import identifiers
from vertragsgraph.search.analysis import NO_FORMS, LegalForms, analyse, has_own_endings, words

FILE_NAME: Final = "search.sqlite"
VERSION: Final = 2
"""Since 2 there are the legal forms."""

LABEL, ALTERNATIVE, QUOTATION, NOTE, FURTHER = "label", "alternative", "quotation", "note", "further"
DOCUMENTARY: Final = frozenset({"evidence", "statement", "mapping"})
"""Kinds whose labels are made from what they quote: they are found by the quotation, and are nobody's name."""

_ROLES: Final = {
    f"<{iri}>": role
    for role, iris in {
        # A schema:name stands beside a label, as a further name.
        LABEL: [term.value for term in terms.LABELS if term.value != f"{SCHEMA}name"],
        ALTERNATIVE: (
            *(f"{SKOS}{name}" for name in ("altLabel", "hiddenLabel")),
            *(f"{SCHEMA}{name}" for name in ("name", "legalName", "alternateName")),
        ),
        QUOTATION: (terms.EXACT.value, *(VG + name for name in ("words", "theme", "partyWording"))),
        NOTE: (
            terms.COMMENT.value,
            *(space + "description" for space in (DCTERMS, SCHEMA)),
            *(SKOS + name for name in ("scopeNote", "definition", "note", "editorialNote", "example", "changeNote")),
            *(VG + name for name in ("content", "reason", "inKind", "publicationBasis", "formerName")),
        ),
        FURTHER: (f"{DCTERMS}identifier", f"{RDFS}seeAlso", f"{FOAF}homepage", f"{SCHEMA}url", f"{SCHEMA}archivedAt"),
    }.items()
    for iri in iris
}
NAMING: Final = frozenset(predicate for predicate, role in _ROLES.items() if role in {LABEL, ALTERNATIVE})
"""The properties that tell what something is called, as N-Triples terms."""
_ORDER: Final = (LABEL, ALTERNATIVE, QUOTATION, NOTE, FURTHER)
SAME: Final = tuple(term.value for term in terms.SAME)
_LINKS: Final = frozenset(map(str, terms.LINKS))
_CLASSIFICATION: Final = f"<{ORG}classification>"
_IDENTIFIER: Final = f"<{DCTERMS}identifier>"
_ADDRESSES: Final = frozenset(predicate for predicate, role in _ROLES.items() if role == FURTHER)
_TEXTS: Final = frozenset({"", f"{XSD}string", f"{XSD}anyURI"})
_BATCH: Final = 5_000

_SCHEMA_SQL: Final = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE typeset (id INTEGER PRIMARY KEY, types TEXT NOT NULL);
CREATE TABLE resource (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, typeset INTEGER NOT NULL);
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, resource INTEGER NOT NULL, role TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL,
  tokens TEXT NOT NULL, form TEXT NOT NULL
);
CREATE TABLE link (
  id INTEGER PRIMARY KEY, resource INTEGER NOT NULL, predicate TEXT NOT NULL, object TEXT NOT NULL, key TEXT NOT NULL
);
CREATE TABLE form (code TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE recorded (resource INTEGER NOT NULL, form TEXT NOT NULL);
CREATE TABLE usage (type TEXT NOT NULL, property TEXT NOT NULL, subjects INTEGER NOT NULL, PRIMARY KEY (type, property))
  WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
  label, alternative, passage, content='', tokenize='ascii', prefix='2 3', columnsize=1
);
"""
_INDEXES_SQL: Final = """
INSERT INTO words (words) VALUES ('optimize');
CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, col);
CREATE TABLE word (text TEXT PRIMARY KEY, names INTEGER NOT NULL, resources INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO word SELECT term, SUM(CASE WHEN col = 'passage' THEN 0 ELSE doc END), SUM(doc) FROM temp.vocabulary
  GROUP BY term ORDER BY term;
DROP TABLE temp.vocabulary;
CREATE UNIQUE INDEX resource_iri ON resource (iri);
CREATE INDEX entry_resource ON entry (resource);
CREATE INDEX recorded_resource ON recorded (resource);
CREATE INDEX link_key ON link (key);
CREATE INDEX link_resource ON link (resource);
"""


@dataclass
class _Found:
    """What one resource is called and said to be; `texts` are role, language, text."""

    texts: list[tuple[str, str, str]] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    properties: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)


def legal_forms(read: Callable[[], Iterable[str]]) -> LegalForms:
    """Return the legal forms that organisations have, with all their names; `read` gives all N-Triples lines, twice."""
    classifying = f" {_CLASSIFICATION} <"
    codes = {line.split(" ")[2] for line in read() if classifying in line}
    names: dict[str, set[str]] = {code[1:-1]: set() for code in sorted(codes)}
    for line in read() if codes else ():
        subject, predicate, rest = line.split(" ", 2)
        if predicate in NAMING and subject in codes:
            names[subject[1:-1]].add(_text(rest.rstrip("\n .").strip())[1])
    return LegalForms({code: sorted(texts) for code, texts in names.items()})


def write(lines: Iterable[str], path: Path, base: str, forms: LegalForms = NO_FORMS) -> None:
    """Write the search index of a release whose sorted N-Triples lines are given; `base` is the register's base IRI.

    Names are compared without the legal `forms`.

    The same lines give the same file, byte for byte, with the same version of SQLite. Needs the memory of the vocabulary.
    Raises `OSError` where the file can't be written.
    """
    path.unlink(missing_ok=True)
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;")
            connection.executescript(_SCHEMA_SQL)
            connection.execute("BEGIN")
            _Writer(connection, forms).write(lines, base)
            connection.execute("COMMIT")
            connection.executescript(_INDEXES_SQL)
            connection.executescript("ANALYZE; VACUUM;")
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise OSError(f"{path}: {error}") from error


class _Writer:
    def __init__(self, connection: sqlite3.Connection, forms: LegalForms) -> None:
        self._connection, self._forms = connection, forms
        self._typesets: dict[str, int] = {}
        self._usage: Counter[tuple[str, str]] = Counter()
        self._rows: dict[str, list[tuple[object, ...]]] = {
            table: [] for table in ("resource", "entry", "link", "recorded", "words")
        }
        self._last = {"resource": 0, "entry": 0, "link": 0}

    def write(self, lines: Iterable[str], base: str) -> None:
        for path, found in _resources(lines, base):
            for of_type in found.types:
                self._usage.update((of_type, predicate) for predicate in found.properties)
            if (found.texts or found.links) and terms.TOMBSTONE.value not in found.types:
                self._add(path, found)
                if len(self._rows["entry"]) > _BATCH:
                    self._flush()
        self._flush()
        execute = self._connection.executemany
        execute("INSERT INTO typeset VALUES (?, ?)", [(number, types) for types, number in self._typesets.items()])
        execute("INSERT INTO usage VALUES (?, ?, ?)", sorted((*pair, count) for pair, count in self._usage.items()))
        execute(
            "INSERT INTO form VALUES (?, ?)",
            [(code, name) for code, names in self._forms.names.items() for name in names],
        )
        execute("INSERT INTO about VALUES (?, ?)", [("base", base), ("version", str(VERSION))])

    def _add(self, path: str, found: _Found) -> None:
        kind = path.split("/")[1] if path.startswith("id/") else ""
        typeset = self._typesets.setdefault(json.dumps(found.types), len(self._typesets) + 1)
        resource = self._next("resource")
        self._rows["resource"].append((resource, path, kind, typeset))
        columns: dict[str, list[str]] = {role: [] for role in _ORDER}
        for role, language, text in _each_once(found.texts):
            form = ""
            if role in {LABEL, ALTERNATIVE}:
                name = analyse(text, self._forms)
                tokens, form = " ".join(name.tokens), name.form
            else:
                tokens = " ".join(words(text, language))
            if role != LABEL or kind not in DOCUMENTARY:
                # Names are compared by their tokens without regard to language, but found by words with it.
                columns[role].append(" ".join(words(text, language)) if has_own_endings(language) else tokens)
            self._rows["entry"].append((self._next("entry"), resource, role, language, text, tokens, form))
        passage = " ".join(columns[QUOTATION] + columns[NOTE] + columns[FURTHER])
        self._rows["words"].append((resource, " ".join(columns[LABEL]), " ".join(columns[ALTERNATIVE]), passage))
        self._rows["recorded"].extend((resource, form) for form in found.forms)
        for predicate, value in found.links:
            self._rows["link"].append((self._next("link"), resource, predicate, value, identifiers.key(value)))

    def _next(self, table: str) -> int:
        self._last[table] += 1
        return self._last[table]

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                names = "words (rowid, label, alternative, passage)" if table == "words" else table
                places = ", ".join("?" * len(rows[0]))
                self._connection.executemany(f"INSERT INTO {names} VALUES ({places})", rows)  # noqa: S608
                rows.clear()


def _resources(lines: Iterable[str], base: str) -> Iterator[tuple[str, _Found]]:
    """Yield the path below `base` of each resource and what is said of it.

    What is said of a part of it, such as the selector `id/evidence/a/quote`, counts as said of the resource.
    """
    own = f"<{base}id/"
    parts: dict[str, _Found] = {}
    for subject, group in nt.grouped(lines):
        if not subject.startswith(own):
            continue
        path = subject[len(base) + 1 : -1]
        whole = "/".join(path.split("/")[:3])
        default = "" if whole.split("/")[1] in DOCUMENTARY else FURTHER
        if path != whole:
            _read(group, parts.setdefault(whole, _Found()), default, own)
            continue
        found = _Found()
        _read(group, found, default, own)
        if part := parts.pop(path, None):
            found.texts.extend(part.texts)
        yield path, found
    yield from sorted(parts.items())


def _read(group: nt.Group, found: _Found, default: str, own: str) -> None:
    """Take note of what is said: of texts by properties that have no role, in the role `default`, where there is one."""
    for predicate, values in nt.by_predicate(group):
        found.properties.append(predicate[1:-1])
        if predicate == nt.RDF_TYPE:
            found.types.extend(value[1:-1] for value in values if value[0] == "<")
        elif predicate == _CLASSIFICATION:
            found.forms.extend(value[1:-1] for value in values if value[0] == "<")
        elif predicate in _LINKS:
            found.links.extend((predicate[1:-1], value[1:-1]) for value in values if value[0] == "<")
        elif role := _ROLES.get(predicate, default):
            found.texts.extend((role, *_text(value)) for value in values if _is_text(value, predicate, own))
        if predicate == _IDENTIFIER:
            found.links.extend((predicate[1:-1], _text(value)[1]) for value in values if value[0] == '"')


def _is_text(term: str, predicate: str, own: str) -> bool:
    """Tell whether a value is a text (no number, no date), or an address that isn't one of the register's resources."""
    if term[0] == "<":
        return predicate in _ADDRESSES and term.startswith("<http") and not term.startswith(own)
    return term[0] == '"' and nt.literal(term).datatype in _TEXTS


def _text(term: str) -> tuple[str, str]:
    """Return the language of a literal and its text; of an IRI none, and itself."""
    if term[0] == "<":
        return "", term[1:-1]
    literal = nt.literal(term)
    return literal.language, nt.unescaped(literal.escaped)


def _each_once(texts: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return texts in the order of their roles, each in the best of them only."""
    best: dict[tuple[str, str], tuple[str, str, str]] = {}
    for item in sorted(texts, key=lambda item: _ORDER.index(item[0])):
        best.setdefault(item[1:], item)
    return list(best.values())

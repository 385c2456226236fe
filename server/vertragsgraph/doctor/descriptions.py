"""Checks on what harvesters read: the catalogue in three syntaxes, VoID, JSON-LD, and the dumps that they lead to."""

from __future__ import annotations

import hashlib
import re
from typing import Final

import pyoxigraph as ox

from vertragsgraph.doctor.answer import Answer
from vertragsgraph.doctor.check import NO_DUMP, Check, Observations, fault, inapplicable
from vertragsgraph.doctor.deployment import Deployment, objects, statements
from vertragsgraph.texts import marked

_SYNTAXES: Final = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
}
_NEXT: Final = "http://www.w3.org/ns/hydra/core#next"
_VOID: Final = "http://rdfs.org/ns/void#"
_CONTEXT: Final = re.compile(r'"@context"\s*:\s*\[?\s*"(https?:[^"]+)"')


def _catalogue(register: Deployment) -> Observations:
    said: dict[str, tuple[Answer, ox.Dataset]] = {}
    for suffix, (media_type, form) in _SYNTAXES.items():
        answer = register.ask(f"catalog.{suffix}")
        found = statements(answer, form)
        if answer.status != 200 or answer.media_type != media_type or not found:
            yield fault(answer, "Content-Type")
            continue
        if objects(found, _NEXT):
            yield fault(answer, mend=marked("The catalogue says that it goes on on another page; it has one only."))
        dataset = ox.Dataset(found)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        said[suffix] = answer, dataset
    for answer, dataset in said.values():
        if dataset != next(iter(said.values()))[1]:
            yield fault(answer, "ETag", "Age", mend=STALE)


def _void(register: Deployment) -> Observations:
    answer = register.follow(".well-known/void", ("Accept", "text/turtle"))
    if not any(quad.predicate.value.startswith(_VOID) for quad in statements(answer, ox.RdfFormat.TURTLE)):
        yield fault(answer, "Content-Type")


def _contexts(register: Deployment) -> Observations:
    for path in ("catalog.jsonld", f"{register.document}.jsonld"):
        answer = register.ask(path)
        if found := _CONTEXT.search(answer.text):
            yield fault(answer, context=found[1])


def _dumps(register: Deployment) -> Observations:
    entry = register.dumps.get(register.dump)
    if entry is None:
        yield inapplicable(NO_DUMP)
        return
    for path in (register.dump, f"releases/{register.release}/{register.dump}"):
        answer = register.ask(path)
        if hashlib.sha256(answer.body).hexdigest() != entry["sha256"]:
            yield fault(answer, "ETag", "Age", mend=STALE)
        elif answer.header("Repr-Digest") != answer.digest:
            yield fault(answer, "Repr-Digest")


CATALOGUE: Final = marked(
    "Portals can't read the catalogue in this syntax, or take it for another: let the proxy leave `Content-Type` and the "
    "body alone."
)
VOID: Final = marked("There is no VoID; let the proxy pass on /.well-known/void and /void.")
CONTEXTS: Final = marked(
    "This JSON-LD has to fetch {context} before it can be read; where that isn't reached, it says nothing."
)
DUMPS: Final = marked("The digest isn't that of the bytes; let the proxy leave both alone.")
STALE: Final = marked(
    "This isn't what the release says: an old copy in a cache, or a damaged file. Empty the cache, or let it ask whether what it "
    "keeps is still good (the server says `no-cache`), and run `vertragsgraph releases verify`."
)

CHECKS: Final = (
    Check(marked("The catalogue is the same in three syntaxes"), "DCAT 3; RDFC-1.0", _catalogue, CATALOGUE),
    Check(marked("VoID is where it is looked for"), "VoID, section 7.2", _void, VOID),
    Check(marked("JSON-LD carries its context"), "JSON-LD 1.1, section 3.1", _contexts, CONTEXTS),
    Check(marked("Dumps are what the manifest says"), "RFC 9530, section 3", _dumps, DUMPS),
)

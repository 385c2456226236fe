"""Checks on what harvesters read: the catalogue in three syntaxes, VoID, JSON-LD, and the dumps that they lead to."""

from __future__ import annotations

import hashlib
import re
from typing import Final

import pyoxigraph as ox

from vertragsgraph.doctor.answer import Answer
from vertragsgraph.doctor.check import Observations, checks, fault, inapplicable
from vertragsgraph.doctor.deployment import Deployment, objects, statements
from vertragsgraph.rdf import namespaces

_SYNTAXES: Final = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
}
_CONTEXT: Final = re.compile(r'"@context"\s*:\s*\[?\s*"(https?:[^"]+)"')


def _catalogue(register: Deployment) -> Observations:
    said: dict[str, tuple[Answer, ox.Dataset]] = {}
    for suffix, (media_type, form) in _SYNTAXES.items():
        answer = register.ask(f"catalog.{suffix}")
        found = statements(answer, form)
        if answer.status != 200 or answer.media_type != media_type or not found:
            yield fault(answer, "Content-Type")
            continue
        if objects(found, f"{namespaces.HYDRA}next"):
            yield fault(answer, when="paged")
        dataset = ox.Dataset(found)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        said[suffix] = answer, dataset
    for answer, dataset in said.values():
        if dataset != next(iter(said.values()))[1]:
            yield fault(answer, "ETag", "Age", when="stale")


def _void(register: Deployment) -> Observations:
    answer = register.follow(".well-known/void", ("Accept", "text/turtle"))
    if not any(quad.predicate.value.startswith(namespaces.VOID) for quad in statements(answer, ox.RdfFormat.TURTLE)):
        yield fault(answer, "Content-Type")


def _contexts(register: Deployment) -> Observations:
    for path in ("catalog.jsonld", f"{register.document}.jsonld"):
        answer = register.ask(path)
        if found := _CONTEXT.search(answer.text):
            yield fault(answer, context=found[1])


def _dumps(register: Deployment) -> Observations:
    entry = register.dumps.get(register.dump)
    if entry is None:
        yield inapplicable("no_dump")
        return
    for path in (register.dump, f"releases/{register.release}/{register.dump}"):
        answer = register.ask(path)
        if hashlib.sha256(answer.body).hexdigest() != entry["sha256"]:
            yield fault(answer, "ETag", "Age", when="stale")
        elif answer.header("Repr-Digest") != answer.digest:
            yield fault(answer, "Repr-Digest")


CHECKS: Final = checks("descriptions", _catalogue, _void, _contexts, _dumps)

"""How far the evidence of a release goes, as measurements of the W3C's Data Quality Vocabulary, and as a sentence."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.rdf.namespaces import VG, XSD
from vertragsgraph.release.catalogue.common import Common
from vertragsgraph.release.catalogue.description import iri, typed
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.texts import Language, marked, translate

SENTENCE: Final = marked(
    "Of {statements} statements that need evidence, {quoted} have a quotation, {cited} a reference only, {unproved} neither."
)
COMPARABLE: Final = marked("Of those with a quotation, {comparable} have one that can be compared with a text.")
_METRICS: Final = {
    "quoted": ("StatementsQuoted", marked("statements with a quotation")),
    "comparable": ("StatementsComparable", marked("statements with a quotation that can be compared with a text")),
    "cited": ("StatementsCited", marked("statements with a reference only")),
    "unproved": ("StatementsUnproved", marked("statements without evidence")),
}
"""For each figure the metric that it is a value of: its name in the vocabulary, which defines it, and what it is called."""


def sentence(manifest: Manifest, language: Language) -> str:
    """Return the figures as a sentence; nothing for a release that doesn't say them."""
    found = manifest.evidence
    if found is None:
        return ""
    texts = (SENTENCE, COMPARABLE) if found.comparable is not None else (SENTENCE,)
    return " ".join(translate(text, language, **vars(found), statements=found.statements) for text in texts)


def measurements(common: Common, manifest: Manifest, subject: str) -> list[NamedNode]:
    """Describe the figures of a release as measurements of the dataset `subject`; none for a release that doesn't say them."""
    return [
        common.description.state(
            f"{subject}-{figure}" if "#" in subject else f"{subject}#{figure}",
            "dqv:QualityMeasurement",
            dqv__computedOn=iri(subject),
            dqv__isMeasurementOf=common.description.state(
                f"{VG}{name}",
                "dqv:Metric",
                skos__prefLabel=common.said(title),
                dqv__expectedDataType=iri(f"{XSD}integer"),
            ),
            dqv__value=typed(str(getattr(manifest.evidence, figure)), "integer"),
        )
        for figure, (name, title) in _METRICS.items()
        if manifest.evidence and getattr(manifest.evidence, figure) is not None
    ]

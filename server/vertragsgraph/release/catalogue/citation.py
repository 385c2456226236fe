"""How to cite a release: as a sentence, BibTeX, CSL-JSON 1.0 and CITATION.cff 1.2.0.

Each names the release by its own IRI, under which exactly these data stay, and by the SHA-256 of its N-Quads.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from vertragsgraph.rdf.result_digest import ResultDigest
from vertragsgraph.release.release import Release
from vertragsgraph.texts import Language, marked, translate

DRAFT: Final = marked("Draft: names and addresses may still change; don't cite them.")
_BIBTEX: Final = str.maketrans(
    {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {character: f"\\{character}" for character in "&%$#_"}
)


def release_iri(release: Release) -> str:
    """Return the IRI of a release."""
    return f"{release.base}releases/{release.id}"


def text(release: Release, language: Language) -> str:
    """Return the citation as a sentence."""
    register = release.register
    cited = translate(
        marked("{publisher} ({year}): {title}. Data set, release {id} of {day}. {iri}"),
        language,
        publisher=register.publisher.name.in_language(language),
        year=release.created.year,
        title=register.title.in_language(language),
        id=release.id,
        day=release.created.date().isoformat(),
        iri=release_iri(release),
    )
    return f"{cited} ({translate(DRAFT, language)})" if release.is_draft else cited


def result_address(release: Release, query: str) -> str:
    """Return the persistent IRI under which a query is asked of a release, always with the same result."""
    return f"{release_iri(release)}/sparql?{urlencode({'query': query}, quote_via=quote)}"


def result_text(release: Release, query: str, result: ResultDigest, day: date, language: Language) -> str:
    """Return the citation of what a query gave on a day as a sentence, as RDA's recommendation asks (R10: text, IRI, digest)."""
    return translate(
        marked("{release} Result of the query {address}, asked on {asked}; rows: {rows}, {digest}"),
        language,
        release=text(release, language),
        rows=result.rows,
        digest=result.digest,
        asked=day.isoformat(),
        address=result_address(release, query),
    )


def bibtex(release: Release, language: Language) -> str:
    """Return the citation as an entry for BibTeX, in UTF-8."""
    register = release.register
    fields = {
        "author": f"{{{register.publisher.name.in_language(language).translate(_BIBTEX)}}}",
        "title": f"{{{register.title.in_language(language).translate(_BIBTEX)}}}",
        "year": str(release.created.year),
        "month": str(release.created.month),
        "version": release.id,
        "note": translate(
            marked("Data set, draft {id}") if release.is_draft else marked("Data set, release {id}"),
            language,
            id=release.id,
        ),
        "url": release_iri(release),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{release.key}-{release.id},\n{lines}}}\n"


def csl(release: Release, language: Language) -> list[dict[str, Any]]:
    """Return the citation as CSL-JSON, which citation managers read: a list of one item."""
    register, created = release.register, release.created
    return [
        {
            "id": f"{release.key}-{release.id}",
            "type": "dataset",
            "title": register.title.in_language(language),
            "author": [{"literal": register.publisher.name.in_language(language)}],
            "publisher": register.publisher.name.in_language(language),
            "issued": {"date-parts": [[created.year, created.month, created.day]]},
            "version": release.id,
            "URL": release_iri(release),
            "language": language,
        }
    ]


def cff(release: Release, language: Language) -> str:
    """Return the citation as a CITATION.cff file; strings are written as in JSON, which YAML reads."""
    register = release.register
    keywords = register.keywords.in_language(language)
    checksum = release.manifest.files[f"dumps/{release.key}.nq"].sha256
    message = translate("Please cite the release that you used.", language)
    described = translate(marked("SHA-256 of the N-Quads"), language)
    lines = [
        "cff-version: 1.2.0",
        f"message: {_quoted(message)}",
        "type: dataset",
        f"title: {_quoted(register.title.in_language(language))}",
        f"abstract: {_quoted(register.description.in_language(language))}",
        "authors:",
        f"  - name: {_quoted(register.publisher.name.in_language(language))}",
        f"version: {_quoted(release.id)}",
        f"date-released: {release.created.date().isoformat()}",
        f"url: {_quoted(release_iri(release))}",
        f"license-url: {_quoted(register.licence.iri)}",
        "identifiers:",
        "  - type: other",
        f"    value: {_quoted(f'sha256:{checksum}')}",
        f"    description: {_quoted(described)}",
    ]
    if keywords:
        lines += ["keywords:", *(f"  - {_quoted(keyword)}" for keyword in keywords)]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)

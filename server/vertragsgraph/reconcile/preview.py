"""Small views of a resource or term, as HTML."""

from __future__ import annotations

from html import escape
from typing import Final

from vertragsgraph.reconcile.schema import Term
from vertragsgraph.reconcile.service import Service
from vertragsgraph.search import Resource
from vertragsgraph.search.writing import LABEL, NOTE, QUOTATION
from vertragsgraph.texts import Language, distance, translate

# The page is shown in others' frames; nothing in it comes from elsewhere or runs.
CONTENT_SECURITY_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LONGEST: Final = 220
_PAGE: Final = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><meta name="robots" content="noindex">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 14px/1.45 system-ui, sans-serif; margin: 10px 12px }}
h1 {{ font-size: 16px; margin: 0 }} p {{ margin: 4px 0 }} .kind {{ opacity: .75 }}
</style></head><body>{body}</body></html>
"""


def page(service: Service, resource: Resource, language: Language) -> str:
    """Return a small page about a resource, for an inline frame."""
    title = service.index.label(resource.number, language)
    link = escape(service.register.url + resource.path, quote=True)
    heading = f'<h1><a href="{link}" target="_blank" rel="noopener">{escape(title)}</a></h1>'
    return _PAGE.format(language=language, title=escape(title), body=heading + _about(service, resource, language))


def flyout(service: Service, resource: Resource, language: Language) -> str:
    """Return a few lines of HTML about a resource."""
    title = service.index.label(resource.number, language)
    return f"<p><strong>{escape(title)}</strong></p>{_about(service, resource, language)}"


def term_flyout(term: Term, language: Language) -> str:
    """Return a few lines of HTML about a type or property."""
    described = f"<p>{escape(term.description(language))}</p>" if term.description(language) else ""
    return f"<p><strong>{escape(term.name(language))}</strong> <small>{escape(term.id)}</small></p>{described}"


def _about(service: Service, resource: Resource, language: Language) -> str:
    entries = service.index.entries([resource.number])[resource.number]
    label = service.index.label(resource.number, language)
    kinds = ", ".join(term.name(language) for term in service.schema.types_of(resource.types))
    parts = [f'<p class="kind">{escape(kinds)}</p>'] if kinds else []
    names = [entry.text for entry in service.index.names(resource.number) if entry.text != label]
    if names:
        also_called = translate("also called", language)
        parts.append(f"<p>{escape(also_called)}: {escape('; '.join(names[:4]))}</p>")
    texts = [entry for entry in entries if entry.role in {NOTE, QUOTATION} and entry.role != LABEL]
    texts.sort(key=lambda entry: (entry.role != NOTE, distance(entry.language, language)))
    if texts:
        text = texts[0].text if len(texts[0].text) <= LONGEST else texts[0].text[:LONGEST].rsplit(" ", 1)[0] + " …"
        parts.append(f'<p lang="{escape(texts[0].language or language, quote=True)}">{escape(text)}</p>')
    return "".join(parts)

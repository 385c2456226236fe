"""The pages that are about the register as a whole: the start page and the query page."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from vertragsgraph.linked_data import documents
from vertragsgraph.linked_data.contracts import Contracts, contracts
from vertragsgraph.sparql.negotiation import best_format
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import site_of
from vertragsgraph.web.templating import HTML, page, root_of
from vertragsgraph.web.values import Presenter

router = APIRouter()

SHOWN: Final = 24
_OFFERS: Final = (HTML, *documents.FORMATS)


@router.api_route("/", methods=["GET", "HEAD"], response_class=Response)
async def landing(request: Request) -> Response:
    """Return the start page; for clients that want RDF, the description of the dataset."""
    if best_format(request.headers.get("accept"), _OFFERS) not in (HTML, None):
        return RedirectResponse(f"{root_of(request)}void", status_code=303, headers={"Vary": "Accept"})
    site = site_of(request)
    found = await site.once("contracts", lambda: contracts(site.ask, SHOWN))
    presenter = Presenter(site, found.labels, language_of(request), root_of(request))
    return page(
        request,
        "landing.html",
        site,
        contracts=_cards(found, presenter),
        total=found.total,
        href=presenter.href,
        lang_attribute=presenter.lang_attribute,
    )


def _cards(found: Contracts, presenter: Presenter) -> list[dict[str, object]]:
    return [
        {
            "iri": contract.iri,
            "label": presenter.label(contract.iri),
            "partners": [{"iri": iri, "label": presenter.label(iri)} for iri in contract.partners],
            "date": presenter.lexical(contract.date) if contract.date else "",
        }
        for contract in found.newest
    ]


def query_page(request: Request) -> Response:
    """Return the page with the query form."""
    site = site_of(request)
    language = language_of(request)
    shown = [{"title": example.titles.get(language, example.name), "text": example.text} for example in site.examples]
    return page(
        request,
        "query.html",
        site,
        query=shown[0]["text"] if shown else "SELECT * WHERE { ?s ?p ?o } LIMIT 10",
        examples=shown,
        formats=("json", "csv", "tsv", "xml", "ttl", "jsonld", "nt", "rdf"),
    )

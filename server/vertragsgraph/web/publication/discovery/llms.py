"""`/llms.txt`: what programs that read for people should know of the register (llmstxt.org), and where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph.release.catalogue.citation import release_iri
from vertragsgraph.texts import Language, text_in, translate
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()


@router.api_route("/llms.txt", methods=["GET", "HEAD"], response_class=Response)
async def llms(request: Request) -> Response:
    """Return title, description, how to read what is there, and links to it, as Markdown in the language of the reader."""
    language = language_of(request)
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    text = "\n".join(_lines(site_of(request), language)) + "\n"
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


def _lines(site: Site, language: Language) -> Iterator[str]:
    register, root = site.register, site.register.url

    def say(text: str, **values: object) -> str:
        return translate(text, language, **values)

    def link(path: str, text: str) -> str:
        return f"- [{path}]({root}{path}): {text}"

    yield f"# {register.title.in_language(language)}"
    yield ""
    yield f"> {register.description.in_language(language)}"
    yield ""
    yield say(
        "Each statement rests on a passage of a source; the page of a resource shows it, and whoever tells a statement on "
        "should tell the passage with it. What is not stated is unknown, not false."
    )
    yield say("This is release {release}; cite it as {iri}.", release=site.release.id, iri=release_iri(site.release))
    yield say("Licence: {iri}", iri=register.licence.iri)
    yield ""
    yield f"## {say('Asking')}"
    yield ""
    yield link("sparql", say("SPARQL 1.1 endpoint; without a query, its description"))
    yield link("shapes.ttl", say("Which properties each class has (SHACL)"))
    yield link("ontology", say("What classes and properties mean"))
    yield link("openapi.json", say("All addresses with their parameters (OpenAPI)"))
    yield link("search.json?q=", say("Search by words; the words come after q="))
    yield link("reconcile", say("Reconciliation service: from names to IRIs"))
    yield ""
    yield f"## {say('Example queries')}"
    yield ""
    for example in site.examples:
        title = text_in(example.titles, language) if example.titles else example.name
        yield f"- [{example.name}]({root}queries/{example.name}.csv): {title}"
    yield ""
    yield f"## {say('Everything at once')}"
    yield ""
    yield link("dumps/", say("The whole register as Turtle, JSON-LD, N-Triples, CSV and more"))
    yield link("catalog.ttl", say("The description of the dataset (DCAT)"))
    yield link("releases/", say("All releases, each with its own endpoint"))

"""`/cite`: how to cite what a query gives, as the Research Data Alliance recommends for data that change.

The release is the version of the data, the query's address there its persistent identifier, and the digest shows later that the
result is still the same (https://doi.org/10.15497/RDA00016, recommendations R5 to R10).
"""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from vertragsgraph.http.accept import best_format
from vertragsgraph.http.problem import Problem
from vertragsgraph.rdf.media_types import Format
from vertragsgraph.release.catalogue.citation import release_iri, result_address, result_text
from vertragsgraph.sparql.query.scan import is_volatile
from vertragsgraph.texts import both
from vertragsgraph.web.publication.releases import named_release
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.templating import HTML, page
from vertragsgraph.web.site.past_releases import history_of
from vertragsgraph.web.site.site import site_of

router = APIRouter()

JSON: Final = Format("json", "application/json")


@router.api_route("/cite", methods=["GET", "HEAD"], response_class=Response)
async def cite(request: Request, query: str = "", release: str = "") -> Response:
    """Return the citation of what `query` gives in `release` (by default the current one), as a page or as JSON."""
    query = query.replace("\r\n", "\n")  # as browsers send the lines of a form
    if not query.strip():
        raise Problem(400, both("name the query that is to be cited: /cite?query=…, and its release: &release=…"))
    if is_volatile(query):
        message = both(
            "this query may have another result each time (NOW, RAND, SERVICE …) or is too long; cite its release"
        )
        raise Problem(400, message)
    site, language = site_of(request), language_of(request)
    asked = named_release(request, release) if release else site.release
    result, day = await history_of(request).digest(asked, query), datetime.now(UTC).date()
    citation = {
        "text": result_text(asked, query, result, day, language),
        "url": result_address(asked, query),
        "query": query,
        "release": release_iri(asked),
        "date": day.isoformat(),
        "digest": result.digest,
        "rows": result.rows,
    }
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if best_format(request.headers.get("accept"), (JSON, HTML)) != HTML:
        return JSONResponse(citation, headers=headers)
    check = f"vertragsgraph query --expect {result.digest} {shlex.quote(str(citation['url']))}"
    return page(request, "cite.html", site, asked=asked, citation=citation, check=check)

"""Range requests (RFC 9110, section 14.2): which `Range` is obeyed, which is passed over, which can't be satisfied."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

from vertragsgraph.http.problem import Problem
from vertragsgraph.texts import both

_SPEC: Final = r"\d{1,99}-\d{0,99}|-\d{1,99}"
_RANGES: Final = re.compile(rf"bytes=\s*(?:{_SPEC})(?:\s*,\s*(?:{_SPEC}))*", re.IGNORECASE | re.ASCII)


def wanted_ranges(request: Request, size: int, headers: dict[str, str]) -> str:
    """Return the ranges to send of a representation of so many bytes, as a `Range` header; `""` where all is to be sent.

    All is sent where the method isn't GET, the unit isn't bytes, the header is out of form, or `If-Range` (section 13.1.5)
    names another representation than the one that these response headers are of. Raise `Problem` (416) where none of
    the ranges is within it.
    """
    asked = request.headers.get("range", "").strip()
    if request.method != "GET" or not _RANGES.fullmatch(asked):
        return ""
    if request.headers.get("if-range", headers["ETag"]) not in {headers["ETag"], headers.get("Last-Modified")}:
        return ""
    within = []
    for spec in re.split(r"\s*,\s*", asked.partition("=")[2].strip()):
        first, _, last = spec.partition("-")
        if first and last and int(first) > int(last):
            return ""
        if int(first) < size if first else int(last) > 0:
            within.append(spec)
    if not within or not size:
        detail = both("none of the ranges is within the {size} bytes of this file", size=size)
        raise Problem(416, detail, headers={"Content-Range": f"bytes */{size}"})
    return f"bytes={','.join(within)}"

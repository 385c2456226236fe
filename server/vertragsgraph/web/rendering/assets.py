"""Style sheets, scripts, fonts: what lies in `static/`, and what is built there from `server/frontend`, if it has been."""

from __future__ import annotations

import gzip
import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from vertragsgraph.http.encoding import choose

STATIC: Final = Path(__file__).parents[1] / "static"
_COMPRESSED: Final = {".css", ".js", ".svg"}
_FOREVER: Final = "public, max-age=31536000, immutable"
_A_DAY: Final = "public, max-age=86400"


def asset(name: str) -> str:
    """Return the path below `/static/` of a file that is built, `""` where it isn't there: pages then do without."""
    return f"app/{name}" if (STATIC / "app" / name).is_file() else ""


def versioned(name: str) -> str:
    """Return the path of a file below `/static/` with a parameter that changes with its content."""
    path = STATIC / name
    return f"static/{name}?v={_digest(path, path.stat().st_mtime_ns)}"


@lru_cache(maxsize=64)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=64)
def _gzipped(path: str, _changed: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)


class Static(StaticFiles):
    """Static files, texts among them compressed; kept for good where the address carries the version of the content."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return a file, compressed where the client takes gzip."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        versioned_address = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _FOREVER if versioned_address else _A_DAY
        path = os.fspath(full_path)
        if Path(path).suffix not in _COMPRESSED:
            return response
        response.headers.add_vary_header("Accept-Encoding")
        takes_gzip = choose(Headers(scope=scope).get("accept-encoding")) is not None
        if not takes_gzip or not isinstance(response, FileResponse) or "range" in Headers(scope=scope):
            return response
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        headers |= {"content-encoding": "gzip", "etag": headers["etag"].replace('"', '"gzip-', 1)}
        return Response(_gzipped(path, stat_result.st_mtime_ns), status_code, headers)

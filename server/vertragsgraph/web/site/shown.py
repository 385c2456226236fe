"""Whether what is shown is what was activated, or something that its keeper looks at before."""

from __future__ import annotations

from starlette.requests import Request

from vertragsgraph import preview
from vertragsgraph.release import current_stamp
from vertragsgraph.web.site.site import site_of


def preview_of(request: Request) -> preview.State | None:
    """Return the state of the preview that is shown; None where releases are."""
    return preview.read(site_of(request).releases) if request.app.state.is_preview else None


def is_aside(request: Request) -> bool:
    """Tell whether a release is shown that was chosen, and isn't the one activated."""
    if not request.app.state.is_chosen:
        return False
    site = site_of(request)
    current = current_stamp(site.releases)
    return current is None or current[0] != site.release.id


def is_published(request: Request) -> bool:
    """Tell whether what is shown binds: it is neither a draft nor something that its keeper looks at before."""
    return not (site_of(request).release.is_draft or request.app.state.is_preview or is_aside(request))

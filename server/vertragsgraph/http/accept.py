"""Content negotiation by `Accept` (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from vertragsgraph.http.quality import members


class Offer(Protocol):
    """A representation that is offered."""

    @property
    def media_type(self) -> str:
        """Its media type."""


Offered = TypeVar("Offered", bound=Offer)


def quality(accept: str | None, media_type: str) -> float:
    """Return how much a media type is wanted, from 0 (not acceptable) to 1: the most exact range decides.

    >>> quality("text/*;q=0.3, text/turtle", "text/turtle"), quality("text/turtle;q=0, */*", "text/turtle"), quality(None, "a/b")
    (1.0, 0.0, 1.0)
    """
    if accept is None or not accept.strip():
        return 1.0
    found = ((_specificity(member.name, media_type), member.quality) for member in members(accept))
    specificity, wanted = max(found, default=(0, 0.0))
    return wanted if specificity else 0.0


def _specificity(media_range: str, media_type: str) -> int:
    """Return how exactly a media range names a media type: 3 exactly, 2 by its type, 1 as any, 0 not at all."""
    if media_range == media_type:
        return 3
    if media_range == f"{media_type.partition('/')[0]}/*":
        return 2
    return 1 if media_range in {"*/*", "*"} else 0


def best(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """Return the media type that is wanted most; of equals the one offered first, None where none is acceptable.

    >>> best("text/html;q=0.8, text/turtle", ("text/html", "text/turtle"))
    'text/turtle'
    """
    chosen = max(offers, key=lambda offer: quality(accept, offer))
    return chosen if quality(accept, chosen) > 0 else None


def best_format(accept: str | None, offers: Sequence[Offered]) -> Offered | None:
    """Return the format that is wanted most; of equals the one offered first, None where none is acceptable."""
    chosen = max(offers, key=lambda offer: quality(accept, offer.media_type))
    return chosen if quality(accept, chosen.media_type) > 0 else None

"""What goes on beside the requests: each task again and again, whatever happens to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


async def keep(what: str, seconds: float, act: Callable[[], Awaitable[object]]) -> None:
    """Call `act` again and again, with a pause between, until cancelled; what it raises is logged, and it goes on."""
    while True:
        try:
            await act()
        except Exception:  # whatever it is: a task that has ended is noticed by nobody
            _log.exception("%s: failed, goes on", what)
        await asyncio.sleep(seconds)

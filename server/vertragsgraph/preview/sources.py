"""Whether the sources of a register have changed: by looking at them again and again.

That notices whatever a build would read: also files that editors put in the place of others, on network drives, behind links,
and in folders that are removed and made again (docs/decisions/home-made.md).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from vertragsgraph.register import FILE_NAME
from vertragsgraph.register.kinds import FILE_NAME as KINDS
from vertragsgraph.sources.stamps import stamp

PARTS: Final = (FILE_NAME, KINDS, "data", "ontology", "shapes")
PAUSE: Final = 0.1
"""Seconds between two looks; longer where a look takes long, so that looking never takes more than a tenth of the time."""


def changed(folder: Path, seen: str) -> str:
    """Wait until the stamp of the register in a folder is another than the one `seen`, and has stayed for a moment; return it."""
    parts = [folder / part for part in PARTS]
    while True:
        began = time.monotonic()
        now = stamp(parts)
        time.sleep(max(PAUSE, 9 * (time.monotonic() - began)))
        if now != seen and now == stamp(parts):
            return now

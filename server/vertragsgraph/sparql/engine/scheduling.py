"""How the processes of a server share the processors, by the policies of Linux (sched(7)); elsewhere by niceness alone."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Final

NICEST: Final = 19


def take_turns() -> None:
    """Have this process, and those it starts, take longer turns: when woken it doesn't push the one aside that computes.

    So each finds more than one request when its turn comes, and what it needs is still in the processor's cache. Answers
    aren't later for it, because those who compute for long have given way (`give_way`).
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def give_way(pid: int) -> None:
    """Let a process have only what time the others leave; there may be no way back without privilege."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, NICEST)
        if sys.platform == "linux":
            for thread in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setscheduler(int(thread.name), os.SCHED_IDLE, os.sched_param(0))

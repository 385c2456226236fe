"""Where the command line begins and ends: whatever happens, it ends with a sentence and an exit code, never a traceback.

Nothing heavy is imported here before Ctrl-C is taken care of.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import traceback
from io import TextIOWrapper
from typing import Final

INTERRUPTED: Final = 128 + signal.SIGINT
UNEXPECTED: Final = 5


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGINT, lambda *_: sys.exit(INTERRUPTED))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal or file whose encoding has no umlauts
            stream.reconfigure(errors="backslashreplace")
    try:
        from vertragsgraph.cli.commands import app  # noqa: PLC0415 - see above

        app()
    except Exception as error:
        _report(error)
        sys.exit(UNEXPECTED)


def _report(error: Exception) -> None:
    """Say that something unexpected happened, and leave what developers want to see in a file."""
    from vertragsgraph.texts import language_of_user, translate  # noqa: PLC0415 - see above

    with tempfile.NamedTemporaryFile(
        "w", prefix="vertragsgraph-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    text = translate(
        "this should not have happened ({reason}); please report it with the file {file}",
        language_of_user(),
        reason=f"{type(error).__name__}: {error}",
        file=file.name,
    )
    sys.stderr.write(text + "\n")

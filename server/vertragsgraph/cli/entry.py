"""Where the command line begins and ends: whatever happens, it ends with a sentence and an exit code, never a traceback.

Nothing heavy is imported here before Ctrl-C is taken care of.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import traceback
from io import TextIOWrapper
from typing import Final, cast

INTERRUPTED: Final = 128 + signal.SIGINT
USAGE: Final = 2
UNEXPECTED: Final = 5
NOTHING_DONE: Final = 1


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGINT, lambda *_: sys.exit(INTERRUPTED))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal or file whose encoding has no umlauts
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(_run())
    except OSError as error:
        say("the file system refuses: {reason}", reason=error)
        sys.exit(USAGE)
    except Exception as error:
        say(
            "this should not have happened ({reason}); please report it with the file {file}",
            reason=f"{type(error).__name__}: {error}",
            file=traceback_file(error),
        )
        sys.exit(UNEXPECTED)


def _run() -> int | None:
    """Do what the command line says, or say what is wrong with it; return the exit code, None for 0."""
    from typer import Abort, TyperException  # noqa: PLC0415 - see above

    from vertragsgraph.cli.help import speaking  # noqa: PLC0415
    from vertragsgraph.cli.mistakes import tell  # noqa: PLC0415
    from vertragsgraph.texts import language_of_user  # noqa: PLC0415

    command = speaking(language_of_user())
    try:
        return cast("int | None", command(standalone_mode=False))
    except TyperException as error:
        tell(error)
        return error.exit_code
    except Abort:
        say("broken off; nothing was done")
        return NOTHING_DONE


def traceback_file(error: Exception) -> str:
    """Write what developers want to see into a file, and return its name."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="vertragsgraph-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    return file.name


def say(text: str, /, **values: object) -> None:
    """Print a sentence in the user's language."""
    from vertragsgraph.texts import language_of_user, translate  # noqa: PLC0415 - see above

    sys.stderr.write(translate(text, language_of_user(), **values) + "\n")

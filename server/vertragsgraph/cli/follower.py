"""The process that keeps a preview at the state of the sources: started by `serve --watch` with its configuration as argument."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from vertragsgraph.cli.console import Talk
from vertragsgraph.cli.entry import traceback_file
from vertragsgraph.finding import Finding
from vertragsgraph.preview import Preview
from vertragsgraph.preview.sources import changed
from vertragsgraph.preview.state import State
from vertragsgraph.settings import Settings
from vertragsgraph.texts import both


def main() -> None:
    """Build the preview, and again with each change of the sources, until told to end or until nobody needs it any more."""
    configuration = json.loads(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    sources, folder = Path(configuration["sources"]), Path(configuration["preview"])
    preview = Preview(sources, folder, Settings.model_validate(configuration["settings"]), watched=True)
    talk = Talk(configuration["language"])
    threading.Thread(target=_end_with_starter, daemon=True).start()
    try:
        seen = ""
        while True:
            # Taken before the sources are read: what is saved meanwhile is another change.
            seen = changed(sources, seen)
            _say(talk, _refreshed(preview))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refreshed(preview: Preview) -> State:
    """Refresh the preview; whatever happens, the sources go on being followed."""
    try:
        return preview.refresh()
    except OSError as error:
        message = both("the file system refuses: {reason}", reason=error)
    except Exception as error:
        message = both(
            "this should not have happened ({reason}); please report it with the file {file}",
            reason=f"{type(error).__name__}: {error}",
            file=traceback_file(error),
        )
    return preview.tell([Finding(message, None)])


def _say(talk: Talk, state: State) -> None:
    talk.show(state.findings)
    if state.is_faulty and state.at:
        talk.say("the preview stays as it was until this is mended")
    elif state.is_faulty:
        talk.say("nothing can be shown until this is mended")
    elif state.at:
        talk.say("the preview shows the sources as of {time}", time=f"{state.at.astimezone():%H:%M:%S}")


def _end_with_starter() -> None:
    """End the process in order when the other end of its standard input is closed: whoever started it is gone."""
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()

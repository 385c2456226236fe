"""A server whose texts are marked: RELEASES; writes its port to standard output.

What the catalogues say stands between ⟦ and ⟧, what is put into it between ⟪ and ⟫: `⟦Release ⟪2026-11-22.1a2b3c4d⟫.⟧`.
Whatever a page shows outside of the first, or inside of the second, did not come from a catalogue.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn

from vertragsgraph import texts
from vertragsgraph.texts import Language

_translate, _untouched = texts.translate, texts.untouched


def translate(text: str, language: Language, /, **values: object) -> str:
    return f"⟦{_translate(text, language, **{name: f'⟪{value}⟫' for name, value in values.items()})}⟧"


def untouched(text: str, language: Language, /) -> str:
    return f"⟦{_untouched(text, language)}⟧".replace("{", "⟪{").replace("}", "}⟫")


texts.translate, texts.untouched = translate, untouched  # before anything imports them by name

from vertragsgraph.release import current_release  # noqa: E402
from vertragsgraph.settings import Settings  # noqa: E402
from vertragsgraph.web.app import create_app  # noqa: E402


def main() -> None:
    release = current_release(Path(sys.argv[1]))
    assert release
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    app = create_app(release, Settings(workers=1, client_rate=0))
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


main()

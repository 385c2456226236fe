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
from vertragsgraph.message import Message
from vertragsgraph.texts import Language

_translate, _untouched, _counted, _plural_forms = texts.translate, texts.untouched, texts.counted, texts.plural_forms


def translate(text: str, language: Language, /, **values: object) -> str:
    return f"⟦{_translate(text, language, **{name: _put_in(value, language) for name, value in values.items()})}⟧"


def _put_in(value: object, language: Language) -> str:
    if isinstance(value, tuple):
        return ", ".join(_put_in(each, language) for each in value)
    return translate(value.text, language, **value.values) if isinstance(value, Message) else f"⟪{value}⟫"


def untouched(text: str, language: Language, /) -> str:
    return _marked(_untouched(text, language))


def counted(one: str, many: str, count: int, language: Language, /, **values: object) -> str:
    return f"⟦{_counted(one, many, count, language, **{n: f'⟪{v}⟫' for n, v in {'count': count, **values}.items()})}⟧"


def plural_forms(one: str, many: str, language: Language, /) -> dict[str, str]:
    return {form: _marked(text) for form, text in _plural_forms(one, many, language).items()}


def _marked(text: str) -> str:
    return f"⟦{text}⟧".replace("{", "⟪{").replace("}", "}⟫")


# Before anything imports them by name.
texts.translate, texts.untouched, texts.counted, texts.plural_forms = translate, untouched, counted, plural_forms

from vertragsgraph.release import current_release  # noqa: E402
from vertragsgraph.settings import Settings  # noqa: E402
from vertragsgraph.web.server.app import create_app  # noqa: E402


def main() -> None:
    release = current_release(Path(sys.argv[1]))
    assert release
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    app = create_app(release, Settings(workers=1, client_seconds=0))
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


main()

"""Starting a register: a folder with what one needs, filled with a small example that holds before the gate."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from vertragsgraph import __version__
from vertragsgraph.finding import Finding, Place
from vertragsgraph.register.licences import LICENCES, usual
from vertragsgraph.register.model import FILE_NAME
from vertragsgraph.register.names import slug
from vertragsgraph.register.reading import load_register
from vertragsgraph.register.toml import RegisterError
from vertragsgraph.texts import ENGLISH, Language, both, looked_up, marked, spoken, translate

EXAMPLE: Final = ("contract/example", "organisation/example-partner", "organisation/example-authority")
"""Kind and name of what the example tells of, which is nothing for the public."""
BASE: Final = "http://localhost:8000/"
"""The base IRI until the real one is chosen: all there is leads to the server on this machine."""

_TEMPLATE: Final = Path(__file__).parent / "start"
_WORDS: Final = marked("concluded a contract on participation in sport with the sample association on 4 May 2026")
_THEME: Final = marked("participation in sport")
_SENTENCE: Final = marked("The sample ministry {words}.")


@dataclass(frozen=True)
class About:
    """What is known of a register when it is started: the place it is about, who publishes it, the country, the licence.

    Placeholders stand for what is left out; the licence is one of `LICENCES`, by default that which is usual in the country.
    """

    place: str = ""
    publisher: str = ""
    country: str = ""
    licence: str = ""


def start_register(
    folder: Path,
    key: str | None = None,
    base: str = BASE,
    languages: Sequence[str] = (ENGLISH,),
    about: About = About(),
) -> list[Path]:
    """Write a register in some languages (BCP 47) into `folder`, which is made where it is missing, and return the files.

    Languages without a catalogue are only named, since there are no texts in them; English takes their place where no other
    is left. `key` is by default made of the folder's name; files that are there already stay as they are. Raises
    `RegisterError`, and writes nothing, where the folder holds something of a register already, where a value won't do, or
    where the disk refuses.
    """
    if there := next((path for path in (folder / FILE_NAME, folder / "data") if path.exists()), None):
        raise RegisterError([_finding(both("this is here already; nothing was written"), there)])
    key = slug(folder.absolute().name)[:64].strip("-") if key is None else key
    told = [tag for tag in languages if looked_up(tag)] or [ENGLISH]
    values = {"key": key, "base": base, "version": __version__, **_about(about, languages)}
    _try(_texts(values, languages, languages)[FILE_NAME], folder / FILE_NAME)  # the languages that are only named, too
    texts = _texts(values, told, languages)
    missing = {folder / path: text for path, text in texts.items() if not (folder / path).exists()}
    try:
        return [_write(path, text) for path, text in missing.items()]
    except OSError as error:
        raise RegisterError([_finding(both("can't be written: {reason}", reason=error.strerror), folder)]) from error


def country_of(languages: Sequence[str]) -> str:
    """Return the country that the first of some languages (BCP 47) to name one is of; "" where none does.

    >>> country_of(["fr-BE", "nl"]), country_of(["de"])
    ('BE', '')
    """
    return next((part for tag in languages for part in tag.split("-")[1:] if re.fullmatch("[A-Z]{2}", part)), "")


def _about(about: About, languages: Sequence[str]) -> dict[str, Any]:
    """Return what the templates say of the register that is started."""
    country = about.country or country_of(languages)
    return {**vars(about), "country": country, "licence": LICENCES[about.licence or usual(country)]}


def _texts(values: Mapping[str, Any], told: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """Return the files of a register by their paths: the templates, filled with what the catalogues have in those `told`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - no other command needs it

    environment = Environment(  # noqa: S701 - no HTML, so nothing to escape
        loader=FileSystemLoader(_TEMPLATE), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    paths = sorted(path.relative_to(_TEMPLATE) for path in _TEMPLATE.rglob("*") if path.is_file())
    untold = [tag for tag in languages if tag not in told]
    values = {**values, **_words(told), "wanted": languages, "untold": untold}
    names = [FILE_NAME, *(str(path) for path in paths if str(path) != FILE_NAME)]
    filled = {name: environment.get_template(Path(name).as_posix()).render(values) for name in names}
    return {f".{name}" if name.startswith("git") else name: text for name, text in filled.items()}


def _words(languages: Sequence[str]) -> dict[str, Any]:
    """Return what the templates call to have a text in one language or in each, as TOML, Turtle and SPARQL write it."""
    first = spoken(languages)[0]
    words = translate(_WORDS, first)
    text = translate(_SENTENCE, first, words=words)

    def said(text: str, **values: object) -> list[tuple[str, str]]:
        return [(tag, translate(text, Language(looked_up(tag)) or first, **values)) for tag in languages]

    def joined(said: list[tuple[str, str]], form: str, between: str) -> str:
        return between.join(form.format(tag=tag, text=_quoted(words)) for tag, words in said)

    def table(said: list[tuple[str, str]]) -> str:
        return f"{{ {joined(said, '{tag} = {text}', ', ')} }}"

    return {
        "_": lambda text, **values: translate(text, first, **values),
        "marked": marked,
        "lang": first,
        "languages": languages,
        "said": said,
        "each": lambda text: joined(said(text), "{text}@{tag}", " , "),
        "table": lambda text: table(said(text)),
        "named": lambda name, text: table([(tag, name) for tag in languages] if name else said(text)),
        "lines": lambda text, **values: joined(said(text, **values), "{tag} = {text}", "\n"),
        "quoted": _quoted,
        "quoted_list": lambda tags: ", ".join(map(_quoted, tags)),
        "theme": f"{_quoted(translate(_THEME, first))}@{first}",
        "words": words,
        "text": text,
        "before": text[: text.index(words)],
        "after": text[text.index(words) + len(words) :],
        "start": text.index(words),
        "end": text.index(words) + len(words),
        "sha256": hashlib.sha256(f"{text}\n".encode()).hexdigest(),
    }


def _quoted(text: str) -> str:
    """Return a text between quotation marks, as TOML and Turtle write it as well as JSON."""
    return json.dumps(text, ensure_ascii=False)


def _try(toml: str, file: Path) -> None:
    """Raise `RegisterError` where a register.toml with this text would not be read."""
    with TemporaryDirectory() as folder:
        Path(folder, FILE_NAME).write_text(toml, "utf-8")
        try:
            load_register(Path(folder))
        except RegisterError as error:
            raise RegisterError(_finding(finding.message, file) for finding in error.findings) from None


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")
    return path


def _finding(message: Mapping[Language, str], path: Path) -> Finding:
    return Finding(message, Place(path), rule="register")

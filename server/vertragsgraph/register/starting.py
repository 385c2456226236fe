"""Starting a register: a folder with what one needs, filled with a small example that holds before the gate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Final

from vertragsgraph.finding import Finding, Place
from vertragsgraph.register.model import FILE_NAME
from vertragsgraph.register.reading import RegisterError, load_register
from vertragsgraph.texts import Language, both

EXAMPLE: Final = ("contract/muster", "organisation/musterverein", "organisation/musterministerium")
"""Kind and name of what the example tells of, which is nothing for the public."""
BASE: Final = "http://localhost:8000/"
"""The base IRI until the real one is chosen: all there is leads to the server on this machine."""

_TEMPLATE: Final = Path(__file__).parent / "start"
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def start_register(folder: Path, key: str | None = None, base: str = BASE) -> list[Path]:
    """Write a register into `folder`, which is made where it is missing, and return the files.

    `key` is by default made of the folder's name; files that are there already stay as they are. Raises `RegisterError`,
    and writes nothing, where the folder holds something of a register already, where `key` or `base` won't do, or where
    the disk refuses.
    """
    if there := next((path for path in (folder / FILE_NAME, folder / "data") if path.exists()), None):
        raise RegisterError([_finding(both("this is here already; nothing was written"), there)])
    values = {"key": slug(folder.absolute().name) if key is None else key, "base": base}
    toml = Template((_TEMPLATE / FILE_NAME).read_text("utf-8")).substitute(values)
    _try(toml, folder / FILE_NAME)
    texts = {Path(FILE_NAME): toml, Path(".gitignore"): (_TEMPLATE / "gitignore").read_text("utf-8")}
    for part in ("data", "texts"):
        paths = sorted(path for path in (_TEMPLATE / part).rglob("*") if path.is_file())
        texts |= {path.relative_to(_TEMPLATE): path.read_text("utf-8") for path in paths}
    missing = {folder / path: text for path, text in texts.items() if not (folder / path).exists()}
    try:
        return [_write(path, text) for path, text in missing.items()]
    except OSError as error:
        raise RegisterError([_finding(both("can't be written: {reason}", reason=error.strerror), folder)]) from error


def _try(toml: str, file: Path) -> None:
    """Raise `RegisterError` where a register.toml with this text would not be read."""
    with TemporaryDirectory() as folder:
        Path(folder, FILE_NAME).write_text(toml, "utf-8")
        try:
            load_register(Path(folder))
        except RegisterError as error:
            raise RegisterError(_finding(finding.message, file) for finding in error.findings) from None


def slug(name: str) -> str:
    """Return a name as lower-case ASCII letters, digits and single hyphens.

    >>> slug("Verträge Rheinland-Pfalz (2026)")
    'vertraege-rheinland-pfalz-2026'
    """
    ascii_only = unicodedata.normalize("NFKD", name.lower().translate(_GERMAN)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:64].strip("-")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")
    return path


def _finding(message: Mapping[Language, str], path: Path) -> Finding:
    return Finding(message, Place(path), rule="register")

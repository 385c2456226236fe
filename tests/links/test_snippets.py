"""The snippets of the documents do what the documents say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SNIPPET = re.compile(r"```(python|r)\n(.*?)```\n+```text\n(.*?)```", re.DOTALL)
SNIPPETS = [
    pytest.param(*found, id=f"{name}-{place}")
    for name in ("wikidata", "reconciliation")
    for place, found in enumerate(SNIPPET.findall((ROOT / f"docs/{name}.md").read_text("utf-8")))
]


@pytest.mark.parametrize(("language", "code", "output"), SNIPPETS)
def test_a_snippet_prints_what_stands_below_it(server: Any, language: str, code: str, output: str) -> None:
    program = [sys.executable, "-c"] if language == "python" else ["Rscript", "-e"]
    if language == "r" and (shutil.which("Rscript") is None or not _has_packages()):
        pytest.skip("R with httr2 and jsonlite is not installed")
    code = code.replace("http://127.0.0.1:8000/", server.url)
    done = subprocess.run([*program, code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split() for line in done.stdout.splitlines()] == [line.split() for line in output.splitlines()]


def _has_packages() -> bool:
    code = 'quit(status = !all(c("httr2", "jsonlite") %in% rownames(installed.packages())))'
    return subprocess.run(["Rscript", "-e", code], check=False).returncode == 0

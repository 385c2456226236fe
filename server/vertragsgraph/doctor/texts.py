"""What the doctor says, from `checks.toml`: by group, by check, by occasion. Each text is a key of the catalogue."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

TEXTS: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("checks.toml").read_text("utf-8"))

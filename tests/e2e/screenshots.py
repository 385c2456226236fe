"""Pictures of every kind of page: `make screenshots` writes them into `screenshots/`, which is not in git.

Both languages, light and dark, desktop and phone. The server must be running (`make serve`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from conftest import ARGUMENTS, CHROMIUM, PAGES, playwright

FOLDER = Path(__file__).parents[2] / "screenshots"
SIZES = {"desktop": (1280, 900), "phone": (320, 640)}


def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    FOLDER.mkdir(exist_ok=True)
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for language in ("de", "en"):
            for scheme in ("light", "dark"):
                for size, (width, height) in SIZES.items():
                    context = browser.new_context(
                        locale=language,
                        color_scheme=scheme,
                        viewport={"width": width, "height": height},
                        reduced_motion="reduce",
                        base_url=url,
                    )
                    page = context.new_page()
                    for kind, address in PAGES.items():
                        page.goto(address, wait_until="networkidle")
                        name = f"{kind.replace(', ', '-').replace(' ', '-')}.{language}.{scheme}.{size}.png"
                        page.screenshot(path=FOLDER / name, full_page=True)
                    context.close()


if __name__ == "__main__":
    main()

"""Makes the pictures of the READMEs, the pages of the samples as Chromium shows them: ``python tests/make_picture.py``."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from browser import open_browser, open_page
from PIL import Image

from kg.cli import main

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCHOOL = "威县梨乡职业技术教育中心"  # out of the invented samples
SETTLED = 2000  # milliseconds until a page has drawn itself


def make_pictures() -> None:
    with tempfile.TemporaryDirectory() as home:
        try:
            main(["demo", "--home", home])
        except SystemExit as done:
            assert not done.code, done
        with open_browser() as browser:
            with open_page(browser, Path(home) / "network.html") as (page, _):
                page.wait_for_timeout(SETTLED)
                save_picture(page, "network.png")
                page.fill("#search", SCHOOL)
                page.keyboard.press("Enter")
                page.click("[data-by=mode]")
                page.wait_for_timeout(SETTLED)
                save_picture(page, "network-school.png")
            with open_page(browser, Path(home) / "index.html", (1280, 1090)) as (
                page,
                _,
            ):  # down to the end of the first charts
                page.wait_for_timeout(SETTLED)
                save_picture(page, "start.png")


def save_picture(page, name: str) -> None:
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    # The colours of marks are few pixels, but must stay what the legend says.
    shot.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(DOCS / name, optimize=True)


if __name__ == "__main__":
    make_pictures()

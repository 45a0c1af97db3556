"""Makes ``docs/network.png``, the page of the samples as Chromium shows it: ``python tests/make_picture.py``."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from browser import open_browser, open_page
from PIL import Image

from kg.cli import main

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "network.png"
SETTLED = 2000  # milliseconds until the page has drawn itself


def make_picture() -> None:
    with tempfile.TemporaryDirectory() as home:
        try:
            main(["demo", "--home", home])
        except SystemExit as done:
            assert not done.code, done
        with open_browser() as browser, open_page(browser, Path(home) / "network.html") as (page, _):
            page.wait_for_timeout(SETTLED)
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(128, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    make_picture()

"""Finds the Chromium that page tests drive, and opens a page in it with the network cut off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = (1280, 800)
PHONE = (390, 844)


def find_chromium() -> str | None:
    """The path of an installed Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def require_chromium() -> str:
    """The path of Chromium; skips the test with the reason where it or playwright is missing."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra 'test' has it)")
    path = find_chromium()
    if path is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    return path


@dataclass
class Heard:
    """What a page did besides showing itself: each list is empty for a page that behaves."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@contextmanager
def open_browser() -> Iterator[object]:
    """A headless Chromium of one's own, closed at the end."""
    path = require_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(browser, file: Path, size: tuple[int, int] = DESKTOP, **context) -> Iterator[tuple[object, Heard]]:
    """Open a file from disk without network; yield the page and what is heard of it."""
    heard = Heard()
    session = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        offline=True,
        reduced_motion="reduce",
        has_touch=size == PHONE,
        **context,
    )
    try:
        page = session.new_page()
        page.on("request", lambda request: heard.requests.append(request.url))
        page.on("console", lambda said: said.type in ("error", "warning") and heard.errors.append(said.text))
        page.on("pageerror", lambda error: heard.errors.append(str(error)))
        page.on("dialog", lambda dialog: (heard.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri())
        heard.requests = [url for url in heard.requests if url != file.as_uri()]
        yield page, heard
    finally:
        session.close()


def check_with_axe(page) -> list[str]:
    """The serious and critical faults that axe-core finds in the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert len(found["passes"]) > 15  # it has looked
    return [
        f"{fault['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]

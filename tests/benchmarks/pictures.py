"""Measures pictures in the page itself, ours beside plain pyvis: ``python -m tests.benchmarks.pictures [--markdown]``.

Graphs of the real shape are made (schools with dozens of partners, nine of ten partners with one school, a few with very
many; most links stated in several years), drawn by ``kg.network`` and by pyvis with its defaults, and opened in headless
Chromium with the network cut off. pyvis gets copies of what it would fetch, beside its page. A picture counts as still
from the moment after which a thumbnail of the canvas does not change for half a second; frames are those in a second in
which the picture has moved while it is dragged: the canvas was painted anew, or pushed along. Where pyvis is not still at ``--limit`` seconds it is stopped.

``--home DIR`` also draws the network of a home, whole and around its best connected entity.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pyvis.network
from rich.console import Console
from rich.table import Table

from kg.network import build_graph, draw_home, draw_network
from kg.network_views import View
from kg.store import open_names
from tests.browser import open_browser

SIZES = (1_000, 5_000, 20_000)
MODES = ("顶岗实习", "订单培养", "现代学徒制", "共建实训基地", "技术研发")
WORDS = "学校与{}签订协议，{}年送{}名学生到企业实习，双方共建课程、共同评价，毕业生留任率达到八成以上。"
DRAGGED = 2.0  # seconds

# Counts repaints and finds out when the canvas stands still. The thumbnail is read in the page's own time, so that a
# page that is busy is not still.
WATCH = """
window.watched = { paints: 0, frames: 0 };
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  if (this.canvas.isConnected) window.watched.paints += 1;
  return clear.apply(this, box);
};
let before = "";
const count = () => {
  const canvas = document.querySelector(".vis-network canvas");
  const place = canvas ? `${window.watched.paints} ${canvas.style.transform}` : "";
  if (place !== before) window.watched.frames += 1;
  before = place;
  requestAnimationFrame(count);
};
requestAnimationFrame(count);
let last = "", since = 0;
const look = () => {
  const canvas = document.querySelector(".vis-network canvas");
  if (canvas && canvas.width) {
    const small = Object.assign(document.createElement("canvas"), { width: 160, height: 100 });
    small.getContext("2d").drawImage(canvas, 0, 0, 160, 100);
    const seen = small.toDataURL(), now = performance.now();
    const blank = seen === Object.assign(document.createElement("canvas"), { width: 160, height: 100 }).toDataURL();
    if (blank || seen !== last) [last, since] = [seen, now];
    else if (now - since >= 500) { document.documentElement.dataset.still = since; return; }
  }
  setTimeout(look, 50);
};
look();
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One picture as it was drawn and opened. None stands for what was not reached before the limit."""

    what: str
    nodes: int
    made: float  # seconds in Python
    megabytes: float
    still: float | None  # seconds until the first still picture
    frames: float | None  # a second, while it is dragged
    requests: int  # for anything but the page itself
    errors: int
    shown: str


def make_rows(count: int, seed: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of nodes and edges for so many nodes; the same count and seed give the same rows."""
    chance = random.Random(seed)
    schools = [f"https://example.org/school/{at}" for at in range(max(2, count // 16))]
    partners = [f"https://example.org/partner/{at}" for at in range(count - len(schools))]
    nodes = [{"iri": iri, "type": "School", "name": f"第{at}职业技术学校"} for at, iri in enumerate(schools)]
    nodes += [{"iri": iri, "type": "Enterprise", "name": f"第{at}科技有限公司"} for at, iri in enumerate(partners)]
    edges: list[dict[str, Any]] = []
    for at, partner in enumerate(partners):
        wide = at < len(partners) // 200  # one of two hundred works all over the country
        many = min(len(schools), chance.randint(8, 60)) if wide else chance.choices((1, 2, 3), (90, 8, 2))[0]
        for school in chance.sample(schools, min(many, len(schools))):
            for year in range(2023, 2023 - chance.choices((1, 2, 3, 4), (45, 25, 15, 15))[0], -1):
                heads = chance.randint(5, 90)
                edges.append(
                    {
                        "statement": str(len(edges)),
                        "source": school,
                        "target": partner,
                        "predicate": "partnersWith",
                        "modes": chance.choice(MODES),
                        "year": year,
                        "headcount": heads,
                        "evidence": WORDS.format(f"第{at}科技有限公司", year, heads),
                        "section": "四、产教融合 / （一）校企合作",
                        "report": f"{school.rpartition('/')[2]}-{year}",
                        "report_title": f"职业教育质量年度报告（{year}年度）",
                        "report_year": year,
                    }
                )
    return nodes, edges


def draw_plainly(nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]], folder: Path) -> Path:
    """Draw with pyvis as its documentation does, and put copies of what the page links to beside it."""
    network = pyvis.network.Network()
    for row in nodes:
        network.add_node(row["iri"], label=row["name"])
    for row in edges:
        network.add_edge(row["source"], row["target"], title=row["evidence"])
    page = network.generate_html()
    library = folder / "lib"
    shutil.copytree(str(resources.files("pyvis").joinpath("lib")), library)
    local = {path.name: path.relative_to(folder).as_posix() for path in sorted(library.rglob("*.*"))}

    def give_copy(match: re.Match[str]) -> str:
        name = match[2].rpartition("/")[2]
        return f'{match[1]}="{local[name]}"' if name in local else f'{match[1]}="data:,"'

    page = re.sub(r'(src|href)="(https?://[^"]+)"', give_copy, page)
    page = re.sub(r'\s+integrity="[^"]*"|\s+crossorigin="[^"]*"', "", page)
    file = folder / "pyvis.html"
    file.write_text(page, encoding="utf-8")
    return file


def measure_page(browser: Any, file: Path, limit: float) -> dict[str, Any]:
    """Open a page and measure it. ``still`` and ``frames`` are None where it does not come to rest in time."""
    session = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    requests: list[str] = []
    errors: list[str] = []
    try:
        page = session.new_page()
        page.set_default_timeout(limit * 1000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda said: said.type == "error" and errors.append(said.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(WATCH)
        still = frames = None
        shown = ""
        try:
            page.goto(file.as_uri(), wait_until="commit")
            page.wait_for_selector("html[data-still]", state="attached")
            still = float(page.get_attribute("html", "data-still")) / 1000
            frames = _drag(page)
            shown = page.evaluate("(document.querySelector('#note') || { textContent: '' }).textContent")
        except Exception as error:  # playwright's own class is not there without playwright
            if "Timeout" not in type(error).__name__:
                raise
        own = {url for url in requests if url != file.as_uri() and not url.startswith("data:")}
        return {"still": still, "frames": frames, "requests": len(own), "errors": len(errors), "shown": shown}
    finally:
        session.close()


def _drag(page: Any) -> float:
    """Frames a second in which the picture moves while the empty ground is dragged."""
    box = page.locator(".vis-network canvas").bounding_box()
    x, y = box["x"] + box["width"] - 30, box["y"] + 40
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 5, y + 5)
    before, start, at = page.evaluate("window.watched.frames"), time.perf_counter(), 0
    while time.perf_counter() - start < DRAGGED:
        at += 1
        page.mouse.move(x - at % 200, y + at % 150)
    moved, seconds = page.evaluate("window.watched.frames") - before, time.perf_counter() - start
    page.mouse.up()
    return moved / seconds


def measure_sizes(sizes: Sequence[int], limit: float) -> list[Measured]:
    """Draw and open graphs of these sizes, ours and pyvis's."""
    found = []
    with open_browser() as browser:
        for count in sizes:
            nodes, edges = make_rows(count)
            for what in ("kg draw", "pyvis"):
                with tempfile.TemporaryDirectory() as name:
                    start = time.perf_counter()
                    if what == "pyvis":
                        file = draw_plainly(nodes, edges, Path(name))
                    else:
                        file = Path(name) / "network.html"
                        draw_network(build_graph(nodes, edges), file, title="职业教育合作网络")
                    made = time.perf_counter() - start
                    size = file.stat().st_size / 1e6
                    found.append(Measured(what, count, made, size, **measure_page(browser, file, limit)))
    return found


def measure_home(home: Path, limit: float) -> list[Measured]:
    """Draw and open a home: all of it, and what is around the entity that most is said of."""
    with open_names(home) as names:
        middle = max(names.search("学校", ["School"], 50), key=lambda each: each.degree).name
    views = {"kg draw, a home": View()}
    views |= {f"kg draw --focus --steps {steps}": View(focus=middle, steps=steps) for steps in (1, 2)}
    found = []
    with open_browser() as browser, tempfile.TemporaryDirectory() as name:
        for what, view in views.items():
            file = Path(name) / "network.html"
            start = time.perf_counter()
            drawn = draw_home(home, file, view)
            made = time.perf_counter() - start
            size = file.stat().st_size / 1e6
            count = drawn.nodes + drawn.left_out
            found.append(Measured(what, count, made, size, **measure_page(browser, file, limit)))
    return found


HEADINGS = ("picture", "nodes", "drawn, s", "MB", "still after, s", "frames/s dragged", "requests", "errors")


def _cells(one: Measured, limit: float) -> tuple[str, ...]:
    still = f"> {limit:.0f}" if one.still is None else f"{one.still:.2f}"
    frames = "–" if one.frames is None else f"{one.frames:.0f}"
    rest = (str(one.requests), str(one.errors))
    return (one.what, f"{one.nodes:,}", f"{one.made:.1f}", f"{one.megabytes:.1f}", still, frames, *rest)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--limit", type=float, default=120.0, help="seconds to wait for a still picture")
    parser.add_argument("--home", type=Path, help="draw the network of this home too")
    parser.add_argument("--markdown", action="store_true")
    given = parser.parse_args()
    found = measure_sizes(given.sizes, given.limit)
    if given.home is not None:
        found += measure_home(given.home, given.limit)
    rows = [_cells(one, given.limit) for one in found]
    if given.markdown:
        for row in (HEADINGS, tuple("---" for _ in HEADINGS), *rows):
            print("| " + " | ".join(row) + " |")
        return
    table = Table(*HEADINGS)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    for one in found:
        if one.shown:
            print(f"{one.what}, {one.nodes:,}: {one.shown}")


if __name__ == "__main__":
    main()

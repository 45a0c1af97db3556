"""The same reports make the same graph: whatever the order of files, in one step or in two, and again with its registry."""

from __future__ import annotations

import io
import pickle
import random
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from kg import store
from kg.decision_file import add_decision, decisions_path
from kg.extraction import try_input
from kg.extraction_pool import WithResult
from kg.inputs import Input
from kg.pipeline import build
from kg.statement_files import list_statement_files, read_statement_file

HELDOUT = Path(__file__).parent / "heldout"
SAMPLES = Path(__file__).parent.parent / "kg" / "samples"
REPORTS = sorted([*HELDOUT.rglob("reports/*.txt"), *SAMPLES.glob("*.txt"), *SAMPLES.glob("*.docx")])
# Two reports of one city that spell the same schools and partners differently.
TWINS = {
    "twin-a": "安康市职业教育质量年度报告（2022年度）\n一、校企合作\n"
    "安康市第一职业中等专业学校与恒远轴承有限公司、安康市中心医院合作开展顶岗实习。\n"
    "岚皋县职业教育中心与安康市恒远轴承有限公司共建实训基地。\n",
    "twin-b": "岚皋县职业教育中心职业教育质量年度报告（2023年度）\n一、校企合作\n"
    "岚皋县职教中心与恒远轴承有限责任公司、岚皋县人民医院合作开展顶岗实习。\n"
    "学校与安康市第1职业中专联合办学。\n",
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("reports")
    for name, text in TWINS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    for path in REPORTS:
        shutil.copy(path, folder)
    return sorted(folder.iterdir())


class Memory:
    """Reads a file once, and says the same of it as often as it is asked."""

    def __init__(self) -> None:
        self._said: dict[Path, bytes] = {}

    def __call__(self, items: Iterable[Input]) -> Iterator[WithResult]:
        for item in items:
            if item.path not in self._said:
                self._said[item.path] = pickle.dumps(try_input(item))
            yield item, pickle.loads(self._said[item.path])  # anew: what was said is changed by those who use it


@pytest.fixture(scope="module")
def remembered() -> Memory:
    return Memory()


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory, reports: list[Path], remembered: Memory) -> Path:
    """The home of all reports in order of their names."""
    home = tmp_path_factory.mktemp("in-order") / "home"
    assert not build(reports, home, extract=remembered).failed
    return home


def content(home: Path) -> dict[str, bytes]:
    """Every byte that counts: statement files, registry, sorted N-Quads."""
    store.rebuild(home)
    out = io.BytesIO()
    store.write_nquads(home, out)
    files = {path.name: path.read_bytes() for path in list_statement_files(home)}
    return {**files, "registry": (home / "identity" / "registry.jsonl").read_bytes(), "quads": out.getvalue()}


def partition(home: Path) -> set[frozenset[tuple[str, str]]]:
    """Which (report, name) are one thing, whatever their IRIs are."""
    things: dict[str, set[tuple[str, str]]] = {}
    for file in map(read_statement_file, list_statement_files(home)):
        for entity in file.entities.values():
            things.setdefault(entity.iri, set()).add((file.report.report, entity.name))
    return {frozenset(each) for each in things.values()}


@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_steps(tmp_path: Path, reports: list[Path], in_order: Path, remembered: Memory, seed: int) -> None:
    mixed = list(reports)
    random.Random(seed).shuffle(mixed)
    half = len(mixed) // 2
    build(mixed, tmp_path / "mixed", extract=Memory())  # read anew, in this order
    assert content(in_order) == content(tmp_path / "mixed")
    two = tmp_path / "two"
    build(mixed[:half], two, extract=remembered)
    build(mixed[half:], two, extract=remembered)
    assert partition(two) == partition(in_order)
    first = content(two)
    build(mixed, two, extract=remembered)  # with the registry that is there
    assert content(two) == first
    fresh = tmp_path / "fresh"
    shutil.copytree(two / "identity", fresh / "identity")
    build(reports, fresh, extract=remembered)
    assert content(fresh) == first


def test_decisions_survive_a_build_from_nothing(
    tmp_path: Path, reports: list[Path], in_order: Path, remembered: Memory
) -> None:
    home, again = tmp_path / "home", tmp_path / "again"
    shutil.copytree(in_order, home)
    names = {
        entity.name: iri
        for file in map(read_statement_file, list_statement_files(home))
        for iri, entity in file.entities.items()
    }
    two = ["安康市中心医院", "岚皋县人民医院"]
    add_decision(home, {"merge": [f"{name} <{names[name]}>" for name in two], "reason": "试"})
    shutil.copytree(home / "identity", again / "identity")
    build(reports[::-1], again, extract=remembered)
    assert decisions_path(again).read_bytes() == decisions_path(home).read_bytes()
    assert content(again) == content(home)
    assert b"isReplacedBy" in content(home)["quads"]

"""The rules of the house: who imports whom, where libraries live, how long a module is, what lies where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("kg", "extractors", "ontology", "queries")

# From a report file to its statements, and from the statement files to every answer. Neither half knows the other.
FIRST_HALF = (
    "extractors",
    "kg.archives",
    "kg.built_inputs",
    "kg.code_digest",
    "kg.dask_extraction",
    "kg.duplicates",
    "kg.extraction",
    "kg.extraction_pool",
    "kg.headers",
    "kg.identity",
    "kg.input_hashes",
    "kg.inputs",
    "kg.invisible",
    "kg.layout",
    "kg.limits",
    "kg.manifest",
    "kg.linking",
    "kg.list_slots",
    "kg.mentions",
    "kg.misprints",
    "kg.pickling",
    "kg.pipeline",
    "kg.programme_links",
    "kg.readers",
    "kg.registry",
    "kg.report_info",
    "kg.report_names",
    "kg.sketches",
    "kg.statements",
)
SECOND_HALF = (
    "kg.address",
    "kg.analysis",
    "kg.answers",
    "kg.branch_index",
    "kg.build_report",
    "kg.branches",
    "kg.checks",
    "kg.coverage",
    "kg.coverage_page",
    "kg.current_store",
    "kg.decision_file",
    "kg.decisions",
    "kg.designations",
    "kg.divisions",
    "kg.embedded",
    "kg.export",
    "kg.figure_wording",
    "kg.frame_choice",
    "kg.frames",
    "kg.graph",
    "kg.graph_changes",
    "kg.graph_quads",
    "kg.identity_view",
    "kg.fact_index",
    "kg.ledger",
    "kg.merged_entities",
    "kg.name_choice",
    "kg.name_index",
    "kg.network",
    "kg.network_data",
    "kg.network_layout",
    "kg.network_page",
    "kg.network_part",
    "kg.network_style",
    "kg.network_views",
    "kg.ontology_page",
    "kg.page_writer",
    "kg.proposals",
    "kg.quads",
    "kg.queries",
    "kg.query_values",
    "kg.query_worker",
    "kg.remote",
    "kg.remote_loading",
    "kg.renames",
    "kg.rows",
    "kg.schema",
    "kg.schemes",
    "kg.shapes",
    "kg.server",
    "kg.sparql_text",
    "kg.start_page",
    "kg.statement_files",
    "kg.store",
    "kg.tallies",
    "kg.strangers",
    "kg.workbook",
    "kg.workbook_file",
    "kg.workbook_sheets",
    "kg.workbook_words",
    "ontology",
    "queries",
)
# What both halves stand on: the model, what a Chinese name is made of, files and processes.
COMMON = (
    "kg.build_results",
    "kg.child_process",
    "kg",
    "kg.errors",
    "kg.home_lock",
    "kg.model",
    "kg.name_keys",
    "kg.names",
    "kg.places",
    "kg.programmes",
    "kg.reference",
    "kg.reference_data",
    "kg.regions",
    "kg.short_forms",
    "kg.short_names",
    "kg.whole_files",
)
WIRING = (
    "kg.cli",
    "kg.cli_analyse",
    "kg.cli_build",
    "kg.cli_draw",
    "kg.cli_export",
    "kg.cli_identity",
    "kg.cli_output",
    "kg.cli_workbook",
)
OF_EXTRACTORS = (
    "extractors",
    "kg.mentions",
    "kg.model",
    "kg.names",
    "kg.programmes",
    "kg.reference_data",
)

# Each library has one home: whoever wants to replace it knows where to look.
HOMES = {
    "bs4": ("kg.readers.html",),
    "defusedxml": ("kg.readers.xlsx",),
    "distributed": ("kg.dask_extraction",),
    "docx": ("kg.readers.docx",),
    "fastapi": ("kg.server",),
    "filelock": ("kg.home_lock",),
    "httpx": ("kg.remote",),
    "jinja2": ("kg.ontology_page", "kg.server.pages"),
    "networkx": ("kg.analysis.graphs", "kg.network"),
    "numpy": ("kg.network_layout",),
    "openpyxl": ("kg.readers.xlsx",),
    "orjson": ("kg.export",),
    "oxrdflib": ("kg.store",),
    "pandas": ("kg.analysis", "kg.frame_choice", "kg.frames", "kg.rows"),
    "pdfminer": ("kg.readers.pdf",),
    "pdfplumber": ("kg.readers.pdf",),
    "pyarrow": ("kg.export.parquet",),
    "pyoxigraph": ("kg.answers", "kg.embedded", "kg.export.rdf", "kg.remote", "kg.store"),
    "pypinyin": ("kg.misprints", "kg.name_index"),
    "pyshacl": ("kg.shapes",),
    "pyvis": ("kg.network",),
    "rdflib": ("kg.ontology_page", "kg.schema", "kg.shapes", "kg.store"),
    "rapidfuzz": ("kg.proposals",),
    "rich": ("kg.cli", "kg.cli_build", "kg.cli_output"),
    "ruamel": ("kg.decision_file",),
    "spacy": ("kg.mentions",),
    "starlette": ("kg.server",),
    "typer": (
        "kg.cli",
        "kg.cli_analyse",
        "kg.cli_build",
        "kg.cli_draw",
        "kg.cli_export",
        "kg.cli_identity",
        "kg.cli_output",
        "kg.cli_workbook",
    ),
    "uvicorn": ("kg.server.run",),
    "xlsxwriter": ("kg.export.xlsx", "kg.workbook_file"),
}
# Where a library's name in the registry is another than the one it is imported by.
DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "docx": "python-docx",
    "pdfminer": "pdfminer.six",
    "ruamel": "ruamel.yaml",
    "xlsxwriter": "XlsxWriter",
}
NOT_IMPORTED = {"lxml"}  # beautifulsoup4 is told its name

TOP = {
    ".ci",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "README.zh-CN.md",
    "docs",
    "extractors",
    "hatch_build.py",
    "kg",
    "ontology",
    "output",
    "pyproject.toml",
    "queries",
    "requirements-test.lock",
    "requirements.lock",
    "tests",
}
# Names that stand in identifiers of vocabularies and formats; none of them is ever asked for anything.
VOCABULARIES = {
    "gexf.net",
    "graphml.graphdrawing.org",
    "openoffice.org",
    "purl.oclc.org",
    "purl.org",
    "schema.org",
    "schemas.microsoft.com",
    "schemas.openxmlformats.org",
    "w3id.org",
    "www.apache.org",
    "www.w3.org",
}
EXAMPLES = re.compile(r"(.+\.)?example(\.\w+)?|\w\.org|\w*|127\.0\.0\.1")


# ---- imports


@cache
def list_modules() -> dict[str, Path]:
    """Every module of the code by its dotted name."""
    found = {}
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


@cache
def list_imports(name: str) -> tuple[str, ...]:
    """What a module imports anywhere in it: modules of ours by their full name, others by their first part."""
    modules = list_modules()
    found = set()
    for node in ast.walk(ast.parse(modules[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are absolute here"
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                found.add(whole if whole in modules else str(node.module))
    ours = {each for each in found if each.partition(".")[0] in CODE}
    return tuple(sorted(ours | {each.partition(".")[0] for each in found - ours}))


def is_part(name: str, of: tuple[str, ...]) -> bool:
    return any(name == each or (each != "kg" and name.startswith(f"{each}.")) for each in of)


@pytest.mark.parametrize("name", list_modules())
def test_each_module_belongs_to_one_half(name: str) -> None:
    assert sum(is_part(name, part) for part in (FIRST_HALF, SECOND_HALF, COMMON, WIRING)) == 1


@pytest.mark.parametrize("name", list_modules())
def test_the_halves_meet_only_in_the_statement_files(name: str) -> None:
    ours = [each for each in list_imports(name) if each.partition(".")[0] in CODE]
    if is_part(name, COMMON):
        assert [each for each in ours if not is_part(each, COMMON)] == []
    elif is_part(name, FIRST_HALF):
        assert [each for each in ours if not is_part(each, FIRST_HALF + COMMON)] == []
    elif is_part(name, SECOND_HALF):
        assert [each for each in ours if not is_part(each, SECOND_HALF + COMMON)] == []


@pytest.mark.parametrize("name", [name for name in list_modules() if is_part(name, ("extractors",))])
def test_extractors_know_only_the_model_and_names(name: str) -> None:
    others = [each for each in list_imports(name) if not is_part(each, OF_EXTRACTORS)]
    assert [each for each in others if each not in sys.stdlib_module_names] == []


@pytest.mark.parametrize("name", list_modules())
def test_each_library_has_one_home(name: str) -> None:
    for each in list_imports(name):
        if each.partition(".")[0] not in CODE and each not in sys.stdlib_module_names:
            assert each in HOMES, f"{each} is no dependency yet: say where its home is"
            assert is_part(name, HOMES[each]), f"{each} is used only in {', '.join(HOMES[each])}"


def test_the_declared_dependencies_are_those_in_use() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [each for name, some in project["optional-dependencies"].items() if name != "test" for each in some]
    declared = {re.match(r"[\w.-]+", each)[0] for each in (*project["dependencies"], *extras)}
    used = {each for name in list_modules() for each in list_imports(name)} & set(HOMES)
    assert {DISTRIBUTIONS.get(each, each) for each in used} | NOT_IMPORTED == declared
    assert used == set(HOMES)


@pytest.mark.parametrize("folder", [*CODE, "tests"])
def test_a_module_is_read_in_one_sitting(folder: str) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > 600} == {}


# ---- files


@cache
def list_tracked() -> tuple[str, ...]:
    """The paths that git keeps, relative to the root."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "-C", str(ROOT), "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
    return tuple(each for each in listed.split("\0") if each and (ROOT / each).is_file())


def read_tracked() -> Iterator[tuple[str, str]]:
    """Every text file that git keeps, with its text."""
    for name in list_tracked():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a report


def test_the_top_level_is_fixed() -> None:
    assert {name.partition("/")[0] for name in list_tracked()} - TOP == set()


def test_what_is_generated_is_not_kept() -> None:
    made = (".pyc", ".whl", "vega.js")
    kept = [name for name in list_tracked() if name.startswith("output/") or name.endswith(made)]
    assert kept == ["output/.gitkeep"]


def test_no_file_names_a_host() -> None:
    found = {
        f"{name}: {host}"
        for name, text in read_tracked()
        for host in re.findall(r"\b(?:https?|ftp|git|ssh)://([\w.-]+)", text, re.ASCII)
        if host.rstrip(".") not in VOCABULARIES and not EXAMPLES.fullmatch(host)
    }
    assert found == set()


def test_no_file_names_a_place_on_a_machine() -> None:
    places = re.compile(r"(?<![\w./~}-])/(?:work|home|root|Users|opt|mnt|srv|tmp|usr/local)/\w|\b[C-Z]:\\\\?Users\b")
    found = {f"{name}: {match[0]}" for name, text in read_tracked() for match in places.finditer(text)}
    assert found == set()


def test_the_lock_files_hold_versions_with_hashes_only() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pinned = re.compile(r"[a-z0-9-]+==[\w.!+]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|\s+#.*")
        assert [line for line in lines if not pinned.fullmatch(line)] == []


# ---- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked where nothing else of the project lies."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as packed:
        packed.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_everything_travels_in_the_wheel(wheel: Path) -> None:
    travelled = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}
    expected = {name for name in list_tracked() if name.partition("/")[0] in CODE}
    assert expected - travelled == set()
    assert {name.partition("/")[0].partition("-")[0] for name in travelled} == {*CODE, "zhijiao_kg"}


def test_the_charting_library_travels_with_its_licences(wheel: Path) -> None:
    library = (wheel / "kg/page/vega.js").read_text(encoding="utf-8")
    licences = (ROOT / "kg/page/vega-licences.txt").read_text(encoding="utf-8")
    assert library.startswith(f"/*!\n{licences}*/") and 300_000 < len(library.encode()) < 600_000
    assert next(wheel.glob("*.dist-info/licenses/kg/page/vega-licences.txt")).read_text(encoding="utf-8") == licences


def test_the_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(wheel)!r}); from kg.cli import main; main()"
    told = subprocess.run(
        [sys.executable, "-c", code, "demo"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "output" / "network.html").stat().st_size > 100_000

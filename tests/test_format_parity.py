"""The gold reports saved as Word files and printed as PDF say what they say as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.readers import read_document
from tests.gold_scores import score_reports
from tests.other_formats import save_docx, save_pdf

pytestmark = [pytest.mark.gold, pytest.mark.office]


@pytest.fixture(scope="module")
def forms(gold_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each form of the three reports."""
    folders = {"txt": gold_reports, "docx": tmp_path_factory.mktemp("docx"), "pdf": tmp_path_factory.mktemp("pdf")}
    for path in sorted(gold_reports.glob("*.txt")):
        word_file = folders["docx"] / f"{path.stem}.docx"
        save_docx(read_document(path, path.stem), word_file)
        save_pdf(word_file, folders["pdf"])
    return folders


@pytest.fixture(scope="module")
def scores(
    forms: dict[str, Path], gold_dir: Path, gold_reports: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    return {
        form: score_reports(gold_dir / "score.py", gold_dir, folder, tmp_path_factory.mktemp(form), words=gold_reports)
        for form, folder in forms.items()
    }


@pytest.mark.parametrize(("form", "distance"), [("docx", 0.02), ("pdf", 0.05)])
@pytest.mark.parametrize("kind", ["relations", "indicators", "entities"])
def test_a_report_says_the_same_in_every_form(
    scores: dict[str, dict[str, Any]], form: str, distance: float, kind: str
) -> None:
    plain, other = scores["txt"][kind]["f1"], scores[form][kind]["f1"]
    assert other >= plain - distance, f"{kind}: {plain} as text, {other} as {form}\n{scores[form]['errors']}"

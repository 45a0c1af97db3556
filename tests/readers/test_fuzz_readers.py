"""Fuzzing of every reader: whatever bytes come in, a Document or one line comes out, soon, and nothing else happens."""

from __future__ import annotations

import os
import time
from pathlib import Path
from random import Random

import pytest
from damage import KINDS, damage, damage_archive, make_damaged, make_good
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from watched_reading import LIMITS, check_result, read_watched

from kg.extraction import try_input
from kg.inputs import Input
from kg.readers.office import convert_office

MINUTES = float(os.environ.get("KG_FUZZ_MINUTES", "10"))  # for each reader, in `make endurance`
QUICKLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def check(folder: Path, name: str, data: bytes) -> None:
    """Reads the file under watch; what goes wrong leaves the file behind."""
    path = folder / name
    path.write_bytes(data)
    read_watched(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


@pytest.mark.parametrize("ending", KINDS)
def test_a_good_file_is_read(folder: Path, ending: str) -> None:
    path = folder / f"good{ending}"
    path.write_bytes(make_good(ending))
    assert not isinstance(read_watched(path), str)


@pytest.mark.parametrize("ending", KINDS)
@QUICKLY
@given(chance=st.randoms(use_true_random=False), named=st.sampled_from([None, *KINDS]))
def test_damaged_files_end_well(folder: Path, ending: str, chance: Random, named: str | None) -> None:
    """``named``: one in some has the ending of another kind."""
    check(folder, f"a{named if named and chance.random() < 0.1 else ending}", make_damaged(ending, chance))


@pytest.mark.endurance
@pytest.mark.timeout(60 * MINUTES + 300)
@pytest.mark.parametrize("ending", KINDS)
def test_damaged_files_end_well_for_long(tmp_path: Path, ending: str) -> None:
    """A failure is repeated with its seed: ``make_damaged(ending, Random(seed))``."""
    until = time.monotonic() + 60 * MINUTES
    first = seed = time.time_ns()
    while time.monotonic() < until:
        chance = Random(seed)
        data = make_damaged(ending, chance)
        named = chance.choice(list(KINDS)) if chance.random() < 0.02 else ending
        try:
            check(tmp_path, f"a{named}", data)
        except BaseException:
            print(f"seed {seed} of {ending}, named {named}")
            raise
        seed += 1
    print(f"{ending}: {seed - first} damaged files in {MINUTES:g} minutes")


@pytest.mark.endurance
@pytest.mark.office
@pytest.mark.timeout(60 * MINUTES + 300)
@pytest.mark.parametrize("ending", [".doc", ".odt", ".rtf", ".xls"])
def test_damaged_old_files_end_well_for_long(tmp_path: Path, ending: str) -> None:
    """Here a program of others reads; some seconds for each file, and four kinds share the time."""
    source = tmp_path / ("good.xlsx" if ending == ".xls" else "good.docx")
    source.write_bytes(make_good(source.suffix))
    (tmp_path / "made").mkdir()
    good = convert_office(source, tmp_path / "made", ending[1:]).read_bytes()
    until = time.monotonic() + 15 * MINUTES
    first = seed = time.time_ns()
    while time.monotonic() < until:
        path = tmp_path / f"a{ending}"
        path.write_bytes((damage_archive if ending == ".odt" else damage)(good, Random(seed)))
        print(f"seed {seed} of {ending}", end="\r")
        check_result(path, try_input(Input(path, "r", path), LIMITS))
        seed += 1
    print(f"{ending}: {seed - first} damaged files in {MINUTES / 4:g} minutes")

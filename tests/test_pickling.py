"""What a report says comes back from another process as it was."""

import pickle
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from kg.extraction import try_input
from kg.inputs import Input
from kg.model import Span
from kg.statements import Extraction

SAMPLES = sorted(Path(str(resources.files("kg") / "samples")).glob("[!R]*.*"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_what_a_report_says_comes_back_as_it_was(path):
    said = try_input(Input(path, path.stem, path))
    assert isinstance(said, Extraction) and said.claims
    back = pickle.loads(pickle.dumps(said))
    assert vars(back.identity) == vars(said.identity)
    assert replace(back, identity=said.identity) == said


def test_what_comes_back_is_held_to_what_its_class_allows():
    broken = pickle.dumps(Span(1, 2)).replace(b"K\x02", b"K\x00")
    with pytest.raises(ValueError):
        pickle.loads(broken)

"""The pages of a home are written together: the start page last, and only beside a picture of the same graph."""

import shutil

import pytest
from graph_home import shared_home

from kg.errors import KgError
from kg.page_writer import NETWORK, open_writer
from kg.start_page import PAGE, is_written


@pytest.fixture
def home(tmp_path):
    made = tmp_path / "home"
    shutil.copytree(shared_home(), made)
    for page in (NETWORK, PAGE):
        (made / page).unlink(missing_ok=True)
    return made


def test_both_pages_are_written_and_told(home):
    with open_writer() as write:
        lines, notes = write(home, None)
    assert is_written(home) and (home / NETWORK).exists()
    assert [line.split()[0] for line in lines] == ["picture", "start"] and not notes


def test_without_a_picture_there_is_no_start_page_of_that_graph(home):
    (home / NETWORK).mkdir()
    with open_writer() as write, pytest.raises(KgError, match=NETWORK):
        write(home, None)
    assert not is_written(home), "the next build writes both"


def test_a_drawing_process_that_dies_is_told(home):
    with open_writer() as write:
        write.args[0]._process.kill()
        with pytest.raises(KgError, match=f"{NETWORK}: not drawn: its process died"):
            write(home, None)
    assert not is_written(home)


def test_a_home_without_a_graph_is_told(tmp_path):
    with open_writer() as write, pytest.raises(KgError, match="kg build"):
        write(tmp_path, None)

"""Files are written whole or not at all; what is no file stays what it is."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.whole_files import append_lines, clear_left, write_aside


def write(to: Path, content: bytes = b"new") -> None:
    with write_aside(to) as out:
        out.write(content)


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(RuntimeError), write_aside(tmp_path / "a") as out:
        out.write(b"half")
        raise RuntimeError
    assert (tmp_path / "a").read_bytes() == b"old" and [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_link_stays_one_and_its_file_is_written(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("file")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_bytes() == b"new"


def test_a_link_to_nothing_makes_the_file_that_it_names(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "file")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "folder" / "file").read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_device_or_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    taken: list[bytes] = []
    reader = threading.Thread(target=lambda: taken.append(pipe.read_bytes()))
    reader.start()
    write(pipe)
    reader.join(30)
    assert taken == [b"new"] and stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full there")
def test_a_full_device_is_told_in_one_line_and_stays_a_device():
    with pytest.raises(KgError, match=r"^/dev/full: cannot be written: No space left on device$"):
        write(Path("/dev/full"))
    with pytest.raises(KgError, match=r"^/dev/full: cannot be written: No space left on device$"):
        append_lines(Path("/dev/full"), ["a"])
    assert Path("/dev/full").is_char_device()


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(KgError, match="cannot be written: Is a directory"):
        write(tmp_path)


# ---- what a process that was killed has left


HELD = """
import sys, time
from pathlib import Path
from kg.whole_files import make_scratch, write_aside
with write_aside(Path(sys.argv[1]) / "a") as out, make_scratch("way", Path(sys.argv[1])) as folder:
    out.write(b"half")
    (folder / "part").write_bytes(b"half")
    print("there", flush=True)
    time.sleep(60)
"""


def test_drafts_of_a_process_are_kept_while_it_lives_and_go_when_it_was_killed(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HELD, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"there\n"
        clear_left(tmp_path)
        assert sorted(path.name.split(".")[1] for path in tmp_path.iterdir()) == ["a", "way"]
        process.kill()
    write(tmp_path / "a")  # whoever writes there next
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_is_no_draft_is_left_alone(tmp_path):
    for name in (".a.part", "kg-part", ".kg-part-of-mine"):
        (tmp_path / name).write_bytes(b"mine")
    clear_left(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    clear_left(tmp_path / "not there")

"""A disk that fills, a target that cannot be written, an interrupt: one clear line, the old file, nothing half made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from graph_home import shared_home

from kg.export import parallel
from kg.export.formats import FORMATS
from kg.export.writing import export

OLD = b"what was there before"
EACH = [(next(iter(sorted(form.kinds))), name) for name, form in FORMATS.items()]
LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500)); "
RUN = "from kg.cli import main; main()"
ROOT = Path(__file__).resolve().parent.parent


# A shell has what it starts in the background ignore Ctrl-C, and that is handed down to tests.
LISTEN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"


def start(*arguments, before="", cwd=None, **options):
    """``kg export …`` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", LISTEN + before + RUN, "export", *map(str, arguments), "--home", str(shared_home())],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        **options,
    )


def told(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err.decode().strip()


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
@pytest.mark.parametrize(("what", "form"), EACH)
def test_a_disk_that_fills(what, form, tmp_path):
    to = tmp_path / "到处 x"
    to.write_bytes(OLD)
    what = "facts" if "facts" in FORMATS[form].kinds else what
    code, out, err = told(start(what, "--format", form, "--to", to, before=LIMIT))
    assert (code, out) == (1, b"")
    assert len(err.splitlines()) == 1 and err.startswith(f"kg: {to}: cannot be written"), err
    assert to.read_bytes() == OLD and [path.name for path in tmp_path.iterdir()] == [to.name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full there")
@pytest.mark.parametrize(("what", "form"), EACH)
def test_a_full_stdout(what, form):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", RUN, "export", what, "--format", form, "--home", str(shared_home())]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)})
    said = done.stderr.decode().strip()
    assert done.returncode == 1 and len(said.splitlines()) == 1, said
    assert "stdout: cannot be written: No space left" in said


@pytest.mark.parametrize(("what", "form"), EACH)
def test_a_pipe_takes_the_same_bytes_as_a_file(what, form, tmp_path):
    to = tmp_path / "x"
    export(shared_home(), what, form, to)
    code, out, _ = told(start(what, "--format", form))
    assert code == 0
    if form in ("xlsx", "neo4j", "parquet", "sqlite"):  # these name the time, or how they could be written
        assert out[:2] == to.read_bytes()[:2] and abs(len(out) - to.stat().st_size) < 500
    else:
        assert out == to.read_bytes()


def test_a_reader_that_goes_away():
    process = start("facts", "--format", "csv")
    process.stdout.close()
    assert process.wait(timeout=60) in (0, 1)
    assert len(process.stderr.read().splitlines()) <= 1


@pytest.mark.parametrize("to", ["ordner", "datei/x.csv"])
def test_a_target_that_cannot_be_written(to, tmp_path):
    (tmp_path / "ordner").mkdir()
    (tmp_path / "datei").write_bytes(OLD)
    code, _, err = told(start("facts", "--format", "csv", "--to", tmp_path / to))
    assert code == 1 and len(err.splitlines()) == 1 and "cannot be written" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["datei", "ordner"]
    assert (tmp_path / "datei").read_bytes() == OLD


SLOW = """
import time
from kg.export import reading
read = reading.ReportReader.read
def slowly(self, path):
    print("reading", flush=True)
    time.sleep(30)
    return read(self, path)
reading.ReportReader.read = slowly
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a process there")
@pytest.mark.parametrize("form", ["csv", "xlsx", "sqlite", "graphml", "neo4j"])
def test_an_interrupt(form, tmp_path):
    what = "facts" if "facts" in FORMATS[form].kinds else "graph"
    to = tmp_path / f"x.{form}"
    to.write_bytes(OLD)
    process = start(what, "--format", form, "--to", to, before=SLOW)
    assert process.stdout.readline() == b"reading\n"
    process.send_signal(signal.SIGINT)
    code, _, err = told(process)
    assert code == 1 and err == "kg: interrupted: nothing was written"
    assert to.read_bytes() == OLD and [path.name for path in tmp_path.iterdir()] == [to.name]


# ---- several processes


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize("what", ["facts", "figures", "issues", "partnerships"])
def test_several_processes_write_what_one_writes(what, form, tmp_path, monkeypatch):
    export(shared_home(), what, form, tmp_path / "one")
    monkeypatch.setattr(parallel, "WORTH", 0)
    monkeypatch.setattr(parallel, "BLOCK", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    export(shared_home(), what, form, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a process there")
def test_an_interrupt_ends_all_processes(tmp_path):
    to = tmp_path / "x.csv"
    to.write_bytes(OLD)
    before = """
from kg.export import parallel
parallel.WORTH = 0
parallel.os.cpu_count = lambda: 2
def wait(process):
    print(process.pid, flush=True)
    import time
    time.sleep(30)
parallel._take = wait
"""
    process = start("facts", "--format", "csv", "--to", to, before=before, start_new_session=True)
    helper = int(process.stdout.readline())
    os.killpg(process.pid, signal.SIGINT)
    code, _, err = told(process)
    assert code == 1 and err == "kg: interrupted: nothing was written"
    assert to.read_bytes() == OLD and [path.name for path in tmp_path.iterdir()] == [to.name]
    for _ in range(50):
        if not Path(f"/proc/{helper}").exists():
            return
        time.sleep(0.1)
    pytest.fail("a helper was left behind")

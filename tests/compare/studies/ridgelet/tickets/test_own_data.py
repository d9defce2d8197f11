"""A user's own file where a data set's name stands: by its content, kept with the records, refused in prose."""

import random

import pytest

import compare
from compare.studies.data import TABLE
from compare.studies.ridgelet.tickets.study import TICKET
from problems.errors import InputError

SETTINGS = {"features": 2, "primes": 3, "methods": ["dequantized", "uniform"], "nodes": 4, "repeats": 2}


@pytest.fixture
def table(tmp_path):
    rng = random.Random(1)
    lines = ["a,b,species"]
    for _ in range(60):
        a, b = rng.random(), rng.random()
        lines.append(f"{a:.3f},{b:.3f},{'cat' if a + b > 1 else 'dog'}")
    (tmp_path / "my.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "my.csv"


def test_a_file_is_its_content_and_stays_with_the_records(table, tmp_path, look):
    ask = {**SETTINGS, "out": tmp_path / "out", "progress": False}
    runs = compare.run("study", datasets=[str(table), "iris"], target="species", **ask)
    assert runs.missing == 0
    (columns,) = runs[TABLE]
    assert columns["classes"] == ("cat", "dog")
    (name,) = {row["dataset"] for row in runs[TICKET]} - {"iris"}
    assert name.startswith("file:")
    shown = {str(row[1]) for row in runs.report().sections[0].tables[0].rows}
    assert shown == {"my.csv", "iris"}
    look(tmp_path / "out" / "report.html")
    # Elsewhere and under another name it is the same data set, and even without the file more is run.
    moved = table.rename(tmp_path / "moved.csv")
    before = (tmp_path / "out" / "records.jsonl").read_bytes()
    compare.run("study", datasets=[str(moved), "iris"], **ask)
    assert (tmp_path / "out" / "records.jsonl").read_bytes() == before
    moved.unlink()
    more = compare.run("study", datasets=[name], **(ask | {"repeats": 3}))
    assert more.missing == 0


def test_without_the_file_and_its_record_the_tasks_wait_and_say_for_what(tmp_path, capsys):
    runs = compare.run("study", datasets=["file:0123456789abcdef"], out=tmp_path, progress=False, **SETTINGS)
    assert runs.missing == 4
    assert "for the table of a file: name the file again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "target", "said"),
    [
        ("a,b,y\n1,2,3\n1,x,4\n", None, "x"),
        ("a,b,y\n1,2,3\n", "z", "z"),
        ("", None, "my.csv"),
    ],
)
def test_what_is_no_data_set_is_refused_before_a_folder_is_made(tmp_path, content, target, said):
    (tmp_path / "my.csv").write_text(content)
    with pytest.raises(InputError) as refused:
        compare.run("study", datasets=str(tmp_path / "my.csv"), target=target, out=tmp_path / "out", progress=False)
    assert said in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_target_of_what_has_its_own_is_refused(tmp_path):
    with pytest.raises(InputError, match="targets of their own"):
        compare.run("study", datasets="iris", target="species", out=tmp_path / "out", progress=False)

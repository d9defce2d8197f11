import csv
import io
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from compare.checkout import commit
from compare.engine.fields import Names, called
from compare.listing import TOPICS
from compare.studies import STUDIES
from compare.studies.ridgelet.methods import METHODS
from problems import names as known_names
from problems.activations import ACTIVATIONS
from problems.datasets import DATASETS
from problems.datasets.files import READERS
from problems.errors import InputError
from problems.ridgelet.data import DATA
from problems.ridgelet.functions import FUNCTIONS
from quantum.names import ENCODINGS, SIMULATORS, snapshot_names

HEAVY = ("qiskit", "qiskit_aer", "qiskit_ibm_runtime", "sklearn", "matplotlib", "numba", "scipy", "jax", "pandas")
"""Packages that no list, help or refusal waits for."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def listed(tickets, *arguments):
    code, out, errors = tickets(*arguments, "--json")
    assert (code, errors) == (0, "")
    return json.loads(out)


def names(tickets, topic):
    return [one["name"] for one in listed(tickets, "list", topic)]


def test_each_topic_lists_the_names_that_flags_take(tickets):
    assert set(names(tickets, "datasets")) == set(DATA)
    assert names(tickets, "samplers") == list(METHODS)
    assert names(tickets, "encodings") == list(ENCODINGS)
    assert names(tickets, "studies") == list(STUDIES)
    assert names(tickets, "devices") == [*SIMULATORS, *snapshot_names(), "ibm_..."]


def test_everything_that_is_listed_says_what_it_is(tickets):
    for topic in ("datasets", "samplers", "encodings", "studies", "devices"):
        assert all(one["about"] for one in listed(tickets, "list", topic)), topic


@pytest.mark.parametrize("topic", TOPICS)
def test_text_and_csv_say_the_same_as_json(tickets, topic):
    entries = listed(tickets, "list", topic)
    rows = list(csv.DictReader(io.StringIO(tickets("list", topic, "--csv")[1])))
    assert [next(iter(row.values())) for row in rows] == [next(iter(one.values())) for one in entries]
    lines = tickets("list", topic)[1].splitlines()
    assert len(lines) == len(entries) + 1


def test_all_runs_are_listed_those_below_other_folders_too(tickets):
    assert listed(tickets, "runs") == []
    assert "holds no runs yet" in tickets("runs")[1]
    small = ("sample", "--prime", 3, "--features", 2, "--samples", 5, "--dataset", "sine")
    tickets(*small)
    tickets(*small, "--seed", 1, "--out", "runs/then/other")
    first, second = listed(tickets, "runs")
    assert (first["run"], second["run"]) == ("sample", "then/other")
    assert {name: first[name] for name in ("study", "status", "tasks", "done", "failed")} == {
        "study": "sample", "status": "done", "tasks": 1, "done": 1, "failed": 0,
    }  # fmt: skip
    assert listed(tickets, "list", "runs") == [first, second]
    assert [one["run"] for one in listed(tickets, "runs", "--out", "runs/then/other")] == ["runs/then/other"]
    records = Path("runs/sample/records.jsonl")
    records.write_text(records.read_text()[:40])
    assert listed(tickets, "runs")[0]["status"] == "begun"
    next(Path("runs/sample/asks").iterdir()).write_text("{")
    broken = listed(tickets, "runs")[0]
    assert (broken["run"], broken["status"]) == ("sample", "unreadable")
    assert "sample: " in tickets("runs")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("list", "dataset"), "no topic 'dataset'. Did you mean 'datasets'"),
        (("list", "studies", "--json", "--csv"), "give one"),
        (("runs", "--out", "file"), "is a file"),
    ],
)
def test_lists_refuse_in_one_line(tickets, arguments, message):
    Path("file").touch()
    code, out, errors = tickets(*arguments)
    assert (code, out, len(errors.splitlines())) == (2, "", 1)
    assert message in errors


def test_the_version_has_its_commit(tickets):
    code, out, _ = tickets("--version")
    known = commit()
    assert (code, out.split(",")[0].strip()) == (0, f"quantum-tickets {version('quantum-tickets')}")
    assert known is None or f"commit {known['id'][:10]}" in out


@pytest.mark.parametrize("command", [(), ("sample",), ("list",), ("submit",)])
def test_h_is_help(tickets, command):
    assert tickets(*command, "-h") == tickets(*command, "--help")


def test_what_lists_say_of_a_study_is_what_it_says_of_itself():
    for name, study in STUDIES.items():
        about = STUDIES.about(name)
        assert (about.summary, about.presets) == (study.summary, tuple(study.presets)), name


FIRST = ("dataset", "quadratic", "method", "encoding", "loader", "device")
"""Words for settings whose names are refused before a study is imported."""


@pytest.mark.parametrize("name", STUDIES)
def test_names_are_refused_as_the_study_itself_refuses_them(name):
    """A study's flags as they are known beforehand are those that it declares: the same names, in the same words."""
    settings, known = called(STUDIES[name].settings), STUDIES.about(name).names
    marks = {one.flag: mark for one in settings.values() for mark in one.marks if isinstance(mark, Names)}
    assert set(known) == set(marks) & set(FIRST)
    for flag, early in known.items():
        assert list(early.options()) == list(marks[flag].options()), flag
        with pytest.raises(InputError) as one:
            early.check(flag, "nope")
        with pytest.raises(InputError) as two:
            settings[flag].value("nope")
        assert str(one.value) == str(two.value)
        for other in ("my.csv", "file:0123456789abcdef", "rows:0123456789abcdef"):
            if marks[flag].also is not None:
                early.check(flag, other)


def test_names_that_are_right_or_no_single_ones_are_left_to_the_study(tickets):
    refused = tickets("study", "--dataset", "nope", "--dataset=iris,nope", "--method", "nope", "--method", "uniform")
    assert refused[0] == 2
    assert "There is no data set 'nope'" in refused[2]
    assert tickets("study", "--dataset", "nope", "--help")[0] == 0
    assert "no such option" in tickets("study", "--dataset", "iris*10", "--nonsense")[2].lower()
    assert "There is no file 'none.csv'" in tickets("compare", "--dataset", "none.csv")[2]


@pytest.mark.parametrize(
    ("known", "table"),
    [(known_names.DATASETS, DATASETS), (known_names.FUNCTIONS, FUNCTIONS)],
    ids=["data", "functions"],
)
def test_names_of_data_are_those_of_the_tables_each_in_its_words(known, table):
    for name, load in table.items():
        assert known[name] == load.__doc__.splitlines()[0].removeprefix("Return ").rstrip(".")
    assert list(known) == list(table)
    assert tuple(ACTIVATIONS) == known_names.ACTIVATIONS
    assert set(READERS) == set(known_names.READABLE)
    table["another"] = lambda: None
    assert "another" in known
    assert "another" in known_names.DATA
    del table["another"]
    assert "another" not in known_names.DATA


def test_old_words_of_a_flag_are_known_and_not_shown(tickets):
    shown = tickets("scale", "--help")[1]
    assert "--features" in shown
    assert "--dimension" not in shown
    for word, said in (("features", "features"), ("dimension", "dimension"), ("dimensions", "features")):
        assert f"{said} = 0 is too small" in tickets("scale", f"--{word}", 0)[2]
    assert "given twice" in tickets("scale", "--features", 4, "--dimension", 4)[2]


def test_nothing_would_run_in_a_file(tickets, tmp_path):
    (tmp_path / "my.csv").touch()
    assert tickets("scale", "--dry-run", "--out", "my.csv") == (
        2,
        "",
        "tickets: --out my.csv is a file; name a folder.\n",
    )


def test_runs_are_a_folder_wherever_they_are_a_flag(tickets):
    """Of minimum finding there are searches; the old word is known and not shown."""
    shown = {name: tickets(name, "--help")[1] for name in ("verdict", "neurons")}
    assert "--runs" in shown["verdict"]
    assert "--searches" in shown["neurons"]
    assert "--runs" not in shown["neurons"]
    assert "searches = 1 is too small" in tickets("neurons", "--searches", 1)[2]
    assert "runs = 1 is too small" in tickets("neurons", "--runs", 1)[2]


def completed(line):
    """Completions that bash would offer for a command line whose last word is begun."""
    words = line.split(" ")
    environ = os.environ | {
        "_TICKETS_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    code = "from compare.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
    return done.stdout.split()


def test_a_shell_completes_commands_flags_names_and_lists():
    assert completed("tickets lis") == ["list"]
    assert completed("tickets list dat") == ["datasets"]
    # What is misspelled before is refused when the command runs.
    assert "--features" in completed("tickets scale --method nope --fea")
    assert completed("tickets sample --method dequ") == ["dequantized"]
    assert completed("tickets scale --method rejection,unif") == ["rejection,uniform"]


LIGHT = [
    "--help", "runs --json", "sample --activation nope", "scale --prime 4", "states --arm nope", "fetch nope",
    "kernels --network nope", "report nope", "again nope", "record nope 0",
]  # fmt: skip


LIGHTEST = [
    "--help", "-h", "list studies", "list encodings", "list datasets", "list devices", "list samplers", "list",
    "nonsense", "list nope", "submit", "submit --backend nope", "submit --backend fake_fez --dataset nope",
    "submit --backend fake_fez --encoding nope", "submit --study nope", "data nope",
    *(f"{name} --{flag} nope" for name in STUDIES for flag in STUDIES.about(name).names),
]  # fmt: skip
"""These need no study, no engine and no array."""

ARRAYS = (
    "numpy",
    "msgspec",
    "compare.engine.kind",
    "compare.engine.fields",
    "compare.statistics",
    "compare.hardware.plan",
    "compare.hardware.run",
)


def test_help_lists_and_refusals_import_nothing_heavy(tmp_path):
    """One process for all: what one of them imports, `sys.modules` shows."""
    code = (
        "import sys\nfrom compare import cli\n"
        f"for lines, heavy in (({LIGHTEST!r}, {HEAVY + ARRAYS!r}), ({LIGHT!r}, {HEAVY!r})):\n"
        "    for line in lines:\n"
        "        try:\n            cli.main(line.split())\n        except SystemExit:\n            pass\n"
        "        found = [name for name in heavy if name in sys.modules]\n"
        "        assert not found, (line, found)\n"
    )
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "AssertionError" not in done.stderr

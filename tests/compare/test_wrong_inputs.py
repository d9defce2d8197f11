"""Wrong inputs of every kind, numbers, names, files and paths: one line on standard error, and nothing is made."""

import os
import shlex

import pytest

from compare.engine.fields import Most, declared
from compare.studies import STUDIES


@pytest.fixture
def refused(tickets, tmp_path, monkeypatch):
    """Run the command line in an empty folder, see it refuse in one line and make nothing; return the line."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        before = sorted(tmp_path.rglob("*"))
        code, out, errors = tickets(*arguments)
        assert (code, out) == (2, ""), (arguments, code, out, errors)
        assert errors.startswith("tickets: ")
        assert errors.count("\n") == 1
        assert sorted(tmp_path.rglob("*")) == before
        return errors

    return run


NUMBERS = {
    "sample --prime \uff15": "is not a whole number",
    "sample --prime ½": "is not a whole number",
    "sample --features 1_0": "is not a whole number",
    "sample --seed 1000000000000000000000000000000": "more than 18 digits",
    "sample --regularization 1e400": "is not a finite number",
    "sample --regularization 1_0": "is not a finite number",
    "sample --regularization \uff19": "is not a finite number",
    "sample --samples 10000000000": "give at most 1e+09",
    "sample --activation 1,\uff12,3": "neither a name nor a list of numbers",
    "sample --workers \uff15": "is no whole number; give one in digits 0 to 9",
    "sample --workers 1e400": "is no whole number; give one in digits 0 to 9",
    "sample --workers 999999999999": "more than one machine has",
    "scale --points 999999999999": "points = 999999999999 is too large",
    "scale --dimension 1_0": "is not a whole number",
    "compare --dimension 99999999999": "dimension = 99999999999 is too large",
    "crossover --dimension 99999999999": "dimension = 99999999999 is too large",
    "crossover --dimensions 1,99999999999": "dimensions = 99999999999 is too large",
    "crossover --samples 999999999999999999": "samples = 999999999999999999 is too large",
    "neurons --landscapes 999999999999": "landscapes = 999999999999 is too large",
    "neurons --degree 999999999999": "degree = 999999999999 is too large",
    "neurons --searches 999999999999": "searches = 999999999999 is too large",
    "neurons --layers 65": "layers = 65 is too large",
    "neurons --scale 1e308": "scale = 1e+308 is too large",
    "noise --points 0": "points = 0 is too small",
    "noise --shots 999999999999999999": "shots = 999999999999999999 is too large",
    "phase --samples 999999999999999": "samples = 999999999999999 is too large",
    "phase --thinnings 999999999999": "thinning = 999999999999 is too large",
    "phase --spreads 999999999999": "spread = 999999999999 is too large",
    "phase --concentrations nan": "is not a finite number",
    "risk --nodes nan": "is not a whole number",
    "study --nodes 999999999999999": "nodes = 999999999999999 is too large",
    "circuit --points 99999999999999999": "points = 99999999999999999 is too large",
    "submit --backend aer_statevector --shots \uff15": "is no whole number; give one in digits 0 to 9",
    "submit --backend aer_statevector --points 1_0": "is no list of whole numbers",
    "submit --backend aer_statevector --points 1000000000000000000000": "has more than 18 digits",
    "submit --backend aer_statevector --seed 99999999999999999999999999": "has more than 18 digits",
    "submit --backend aer_statevector --regularization nan": "is no finite number",
    "submit --backend aer_statevector --activation 1e400,0,0": "finite",
    "again page.html --run ½": "is no whole number; give one in digits 0 to 9",
}


@pytest.mark.parametrize(("words", "said"), NUMBERS.items(), ids=NUMBERS)
def test_numbers_are_read_as_they_are_written_and_bounded(refused, words, said):
    assert said in refused(*shlex.split(words))


NAMES = ["", " ", ".", "/", "~", "x" * 5000, "a\nb", "\x1b[31mred", "iris\x00", "iris,", "file:", "file:zz", "naïve-ü"]


@pytest.mark.parametrize("name", NAMES, ids=map(ascii, range(len(NAMES))))
def test_names_of_no_data_set_are_refused(refused, name):
    assert "\x1b" not in refused("sample", "--dataset", name)


def test_sizes_have_bounds_in_every_study():
    """But for seeds, primes, assumptions that are divided by, and samples whose memory is asked for."""
    free = {
        (study.name, setting.name)
        for study in STUDIES.values()
        for setting in declared(study.settings).values()
        if setting.kind is int and not any(isinstance(mark, Most) for mark in setting.marks)
    }
    allowed = {"prime", "primes", "raw_prime", "chain_prime", "seed", "seeds", "draw", "machines", "cores", "distance"}
    rest = {one for one in free if one[1] not in allowed}
    assert rest == {("compare", "samples"), ("compare", "chain_samples")}


@pytest.fixture
def strange(tmp_path):
    """Links to a device, pipes, folders and links to nowhere, where files are expected."""
    for suffix in ("csv", "npz", "yaml", "html", "jsonl"):
        os.symlink("/dev/zero", tmp_path / f"device.{suffix}")
        os.mkfifo(tmp_path / f"pipe.{suffix}")
        os.symlink("/nowhere/at/all", tmp_path / f"gone.{suffix}")
        (tmp_path / f"folder.{suffix}").mkdir()
    for name in ("device", "pipe"):
        for folder, file in (("run", "records.jsonl"), ("jobs/hw-1", "run.json")):
            (tmp_path / name / folder).mkdir(parents=True)
            (tmp_path / name / "run" / "asks").mkdir(exist_ok=True)
            os.symlink(tmp_path / f"{name}.csv", tmp_path / name / folder / file)


@pytest.mark.parametrize("kind", ["device", "pipe", "gone", "folder"])
def test_what_is_no_file_is_refused_and_nothing_waits(refused, strange, kind):
    for suffix in ("csv", "npz"):
        assert f"{kind}.{suffix}" in refused("sample", "--dataset", f"{kind}.{suffix}")
    assert f"{kind}.yaml" in refused("sample", "--grid", f"{kind}.yaml")
    for command in ("again", "report"):
        for suffix in ("html", "jsonl"):
            assert kind in refused(command, f"{kind}.{suffix}")
    assert kind in refused("merge", f"{kind}.csv", "--out", "joined")


@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_runs_whose_files_are_no_files_are_refused(refused, strange, tickets, kind):
    for command in ("report", "again"):
        assert "holds no run" in refused(command, f"{kind}/run")
    assert "cannot be read (it is" in refused("merge", f"{kind}/run", "--out", "joined")
    refused("fetch", "hw-1", "--out", f"{kind}/jobs")
    code, out, errors = tickets("runs", "--out", f"{kind}/jobs")
    assert (code, errors) == (0, "")
    assert "unreadable" in out

"""Grover's search for a device: submitted with the study's flags, in rounds, fetched as records, and on the page."""

import json
from pathlib import Path

from compare.engine.runs import Runs
from compare.studies.neuron_selection.study import DEVICE, STUDY

FLAGS = (
    "--problem ticket --neurons 4 --method gray-code --scale 0.6 --seed 0 --oracle lookup --queried 4 --noisy 3 "
    "--rounds 1 --device-shots 300"
)


def test_a_search_goes_to_a_device_in_turns_and_its_first_is_the_study_s(tickets, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    order = ("submit", "--study", "neurons", *FLAGS.split())
    code, out, errors = tickets(*order, "--backend", "aer_statevector", "--turns", "2", "--yes")
    assert (code, errors) == (0, "")
    assert out.startswith("aer_statevector: 1 job in each of 2 rounds, one after the other, 300 shots each\n")
    run = out.splitlines()[-1]
    code, out, errors = tickets("fetch", run)
    assert (code, errors) == (0, "")
    assert "1 record: " in out
    runs = Runs.read(STUDY, Path("runs/neurons"))
    (row,) = runs[DEVICE]
    assert tickets("hardware")[0] == 0
    (found,) = json.loads(Path("runs/hardware/hardware.json").read_text())
    assert [job["round"] for job in found["jobs"]] == [0, 1]
    assert found["study"] == "neurons"
    # 1 round finds the best mask of 8 with probability 0.78125; the number is the share of the gain over 1/8.
    for job in found["jobs"]:
        assert job["number"] == "share of Grover's gain"
        assert 0.5 < job["raw"]["best"] < 1.2
    share = found["jobs"][0]["raw"]["best"] * (0.78125 - 0.125) + 0.125
    assert abs(share - row["marked"] / 300) < 1e-9

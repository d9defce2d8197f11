"""Signs for a device: submitted with the study's flags, fetched as records of the study, and reported."""

from pathlib import Path

from compare.engine.runs import Runs
from compare.studies.kernel_training.study import DEVICE, STUDY

FLAGS = (
    "--dataset digits --network unit --n 8 --depth 4 --pattern dense --tests 20 --repeats 2 --circuits 4 --counted 17 "
    "--noisy 2 --shots 2000 --method nearest-neighbor --solver cholesky --sent 1"
)


def test_a_sign_of_four_real_images_goes_to_a_device_and_comes_back(tickets, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, errors = tickets("submit", "--study", "kernels", *FLAGS.split(), "--backend", "fake_fez", "--yes")
    assert (code, errors) == (0, "")
    run = out.splitlines()[-1]
    code, out, errors = tickets("fetch", run, "--wait")
    assert (code, errors) == (0, "")
    assert "1 record" in out
    runs = Runs.read(STUDY, Path("runs/kernels"))
    (row,) = runs[DEVICE]
    # The first test image is of class -1, here an odd digit.
    assert row["exact"] < -0.1
    assert row["right"]
    assert 0.2 < row["kept"] < 1
    found = next(one for one in runs.made().sections if one.title == "Circuits")
    assert any("1 of 1 signs are right" in said for said in found.findings)

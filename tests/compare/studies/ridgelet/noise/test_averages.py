"""Expectation values, estimated in several ways at equal shots: exact observables first, then the study."""

from dataclasses import replace

import numpy as np
import pytest

from classical.ridgelet.enumeration import enumerate_probabilities
from compare.hardware.observables import without_readout_errors
from compare.studies.ridgelet.noise.averages import AVERAGES, MITIGATIONS
from compare.studies.ridgelet.noise.findings import gathered
from compare.studies.ridgelet.noise.report import page, report
from compare.studies.ridgelet.observables import observables
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import first_points, load_residues
from quantum.backends.readout import ReadoutErrors
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from tests.compare.studies.ridgelet.noise import run_in
from tests.quantum.backends.planted import exact_law

WANTED = {"encodings": ("rader",), "suppressions": ("none",), "points": 4, "shots": 400, "repeats": 4}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("averages") / "run"
    return run_in(folder, **WANTED, mitigations=tuple(MITIGATIONS), seed=3)


def digits():
    data = first_points(load_residues("digits", prime=3, features=1, seed=3), 4)
    return RidgeletProblem.from_samples(data.x_train, data.y_train, prime=3)


@pytest.mark.parametrize("encoding", ["rader", "binary"])
def test_averages_over_the_ideal_circuit_are_the_ideal_values(encoding):
    problem = digits()
    circuit = ridgelet_circuit(problem, encoding, "sparse", ancillas=False)
    found = observables(problem, ENCODINGS[encoding](3), circuit.num_clbits)
    assert len(found.names) > 1
    np.testing.assert_allclose(found.table @ exact_law(circuit), found.ideal, atol=1e-12)
    # By its definition, over all nodes.
    exact = enumerate_probabilities(problem).reshape(3, 3)
    (c,) = map(int, found.names[1].rpartition("(")[2].rstrip(")").split(","))
    waves = np.cos(2 * np.pi * c * np.arange(3) / 3)
    assert waves @ exact.sum(axis=1) == pytest.approx(found.ideal[1], abs=1e-12)


def test_readout_errors_are_undone_exactly_in_every_average():
    rng = np.random.default_rng(2)
    problem = digits()
    found = observables(problem, ENCODINGS["rader"](3), 4)
    errors = ReadoutErrors(np.array([[0.02, 0.05], [0.0, 0.1], [0.03, 0.01], [0.2, 0.3]]))
    law = rng.dirichlet(np.ones(16))
    read = law
    for bit, (up, down) in enumerate(errors.flips):
        halves = read.reshape(-1, 2, 1 << bit)
        read = np.einsum("ij,ajb->aib", np.array([[1 - up, down], [up, 1 - down]]), halves).reshape(-1)
    np.testing.assert_allclose(without_readout_errors(found, errors).table @ read, found.table @ law, atol=1e-12)


def test_every_way_has_the_same_shots_and_a_standard_error(runs):
    rows = {row["mitigation"]: row for row in runs[AVERAGES]}
    assert list(rows) == list(MITIGATIONS)
    for row in rows.values():
        assert row["shots"] == 1600
        assert np.all(row["errors"] > 0)
        # Within four standard errors of the ideal, and of what the noise leaves.
        assert np.all(np.abs(row["values"] - row["ideal"]) < 0.12 + 4 * row["errors"])
    gates = rows["raw"]["gates"][0]
    assert rows["zne"]["gates"] == (gates, 3 * gates, 5 * gates)
    assert (rows["zne"]["circuits"], rows["pec"]["circuits"]) == (3, 100)
    assert rows["zne"]["scaled"].shape == (3, len(rows["raw"]["names"]))
    assert rows["pec"]["gamma"] > 1
    assert [rows[way]["gamma"] for way in ("raw", "readout", "zne")] == [None] * 3
    # Readout inverted and canceled: each costs variance.
    assert rows["raw"]["errors"][0] < rows["readout"]["errors"][0] < rows["zne"]["errors"][0]


def test_raw_and_readout_are_of_the_same_shots(runs):
    rows = {row["mitigation"]: row for row in runs[AVERAGES]}
    assert rows["readout"]["values"][0] > rows["raw"]["values"][0]  # paired: readout errors take from the fidelity


def test_the_section_says_what_is_corrected_and_what_is_not(runs):
    section = report(runs, runs.settings).sections[-1]
    assert section.title == "Expectation values, mitigated"
    assert "Nodes themselves are not mitigated" in section.paragraphs[0]
    assert section.findings[0].startswith(
        "The cross-entropy fidelity of the rader circuit is 1 without noise; with 1,600"
    )
    assert "scales the rader circuit's signed average by gamma = 1.0" in section.findings[1]
    (table,) = section.tables
    assert "zne divides its shots among circuits whose two-qubit gates run 1, 3, 5 times" in table.note
    without = replace(gathered(runs, runs.settings), averages=())
    assert [one.title for one in page(without).sections] == ["What was compared", "What the shots say"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"mitigations": ("zne",), "factors": (1, 2)}, "factor = 2 is even"),
        ({"mitigations": ("zne",), "factors": (0, 3)}, "factor = 0 is too small"),
        ({"mitigations": ("zne",), "factors": (3,)}, "leave nothing to extrapolate from"),
        ({"mitigations": ("zen",)}, "There is no mitigation 'zen'. Did you mean 'zne'"),
        ({"mitigations": ("zne",), "extrapolation": "cubic"}, "There is no extrapolation 'cubic'"),
        ({"mitigations": ("raw",), "features": 7}, "Expectation values of 16 bits need a table"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(tmp_path, wanted, told):
    with pytest.raises(InputError, match=told):
        run_in(tmp_path / "run", **WANTED | wanted)
    assert not (tmp_path / "run" / "records.jsonl").exists()

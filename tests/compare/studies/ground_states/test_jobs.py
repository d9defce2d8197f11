"""An energy as jobs: both settings of a ticket, submitted, run on a simulated device and fetched."""

import json

import numpy as np
import pytest

from compare.hardware.create import create
from compare.hardware.payload import find_kind
from compare.hardware.plan import Order, make_plan
from compare.hardware.run import HardwareRun
from compare.studies.ground_states.jobs import ENERGY, KIND, energy_payload, model_of
from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode
from quantum.ground_states import (
    SETTINGS,
    HamiltonianAnsatz,
    RotationCircuit,
    disjoint_ticket,
    energy_of_bits,
    noisy_energy,
    setting_circuit,
    setting_energies,
)
from tests.compare.hardware.runs import bring, in_one_line

MODEL = IsingModel(2, 2, CRITICAL_FIELD)


@pytest.fixture(scope="module")
def ticket():
    circuit = RotationCircuit(MODEL, 1)
    angles, mask = disjoint_ticket(circuit, 2)
    return angles[mask], circuit.gates[mask], circuit.circuit(angles, mask, short=True)


def both(angles, gates):
    return [energy_payload(MODEL, setting, angles=angles, gates=gates, description="2 gates") for setting in SETTINGS]


def test_a_ticket_on_a_simulated_device_is_submitted_run_and_fetched(tmp_path, ticket):
    angles, gates, circuit = ticket
    shots = 4000
    run = HardwareRun(create(make_plan(both(angles, gates), Order("fake_fez", shots, 2)), tmp_path).path)
    bring(run, None)
    bits = {}
    for job, setting in zip(run.jobs, SETTINGS, strict=True):
        result = run.result(job)
        bits[setting] = result.arrays["bits"]
        energies = setting_energies(MODEL, setting, bits[setting])
        np.testing.assert_array_equal(result.arrays["energies"], energies)
        assert result.numbers == {
            "mean": pytest.approx(energies.mean()),
            "variance": pytest.approx(energies.var(ddof=1)),
            "shots": shots,
        }
    found = energy_of_bits(MODEL, bits)
    # Up to the layout, which is another one, it is what the density matrix says.
    exact = noisy_energy(circuit, MODEL, "fake_fez").error
    assert abs(found.error - exact) < 5 * found.standard_error / abs(MODEL.ground_energy()) + 5e-3
    assert found.error > 0.0


def test_everything_travels_along(ticket):
    angles, gates, circuit = ticket
    for payload, setting in zip(both(angles, gates), SETTINGS, strict=True):
        assert json.loads(json.dumps(dict(payload.settings)))["setting"] == setting
        assert model_of(payload) == MODEL
        assert ENERGY.build(payload, "fake_fez").circuit == setting_circuit(circuit, setting)
        assert payload.description == f"2 gates, 2 x 2, setting {setting}"
    assert find_kind(KIND) is ENERGY


def test_other_families():
    code = energy_payload(ToricCode(2, 3), "X", "toric")
    assert model_of(code) == ToricCode(2, 3)
    assert ENERGY.build(code, None).circuit.num_qubits == 12
    angles = [[0.1, 0.2], [0.3, 0.4]]
    shared = energy_payload(IsingModel(2, 3, 1.0, periodic=True), "Z", "hamiltonian", angles)
    assert model_of(shared).periodic
    expected = setting_circuit(HamiltonianAnsatz(model_of(shared), 2).circuit(angles), "Z")
    assert ENERGY.build(shared, None).circuit == expected
    product = energy_payload(MODEL, "X")
    assert ENERGY.build(product, None).circuit.count_ops()["h"] == 8
    one = ENERGY.decode(product, np.zeros((1, 4), dtype=bool))
    assert one.numbers == {"mean": -4 * CRITICAL_FIELD, "variance": None, "shots": 1}


def test_bad_circuits_are_refused():
    bad = {
        "There is no setting 'Y'": {"setting": "Y"},
        "There is no circuit 'adapt'": {"circuit": "adapt"},
        "'toric' is not made for IsingModel": {"circuit": "toric"},
        "angles have shape \\(1,\\); give 0 finite": {"angles": [0.1]},
        "angles have shape \\(1,\\); give 1 finite": {"angles": [np.nan], "gates": [[0, 1]]},
        "A gate is on no two of the 4 sites": {"angles": [0.1], "gates": [[0, 4]]},
        "give two different ones": {"angles": [0.1], "gates": [[1, 1]]},
        "angles have shape \\(3,\\); give finite g_1": {"circuit": "hamiltonian", "angles": [1, 2, 3]},
    }
    for told, changes in bad.items():
        with pytest.raises(InputError, match=told) as refusal:
            energy_payload(**({"model": MODEL, "setting": "Z"} | changes))
        in_one_line(refusal)

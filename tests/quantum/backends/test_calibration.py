import json

import pytest
from qiskit.transpiler import Target

from problems.errors import InputError
from quantum.backends.calibration import as_plain, as_target
from quantum.backends.fitting import expect, fit_circuit
from quantum.backends.snapshots import shared_snapshot
from tests.quantum.backends.circuits import chain


@pytest.mark.parametrize("name", ["fake_fez", "fake_brisbane"])
def test_a_calibration_is_the_same_target_after_it_was_a_file(name):
    pytest.importorskip("qiskit_ibm_runtime")
    target = shared_snapshot(name).target
    again = as_target(json.loads(json.dumps(as_plain(target))))
    assert as_plain(again) == as_plain(target)
    fitted = fit_circuit(chain(3), target, name, tries=1)
    assert expect(fitted.circuit, again, fitted.seed).summary() == fitted.summary()


def test_what_is_no_calibration_is_refused():
    whole = as_plain(Target(num_qubits=2))
    for damage in (
        {"qubits": "two"},
        {"known": 5},
        {"gates": {"x": {}}},
        {"gates": {"odd": {"qubits": -1, "parameters": 0, "places": []}}},
    ):
        with pytest.raises(InputError, match="is none that can be read"):
            as_target(whole | damage)

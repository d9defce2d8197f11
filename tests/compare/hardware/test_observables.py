"""The number of each study as a function of the bits: its average over a circuit without noise is the one stated."""

import numpy as np
import pytest

from compare.hardware.observables import all_strings, check_bits
from compare.hardware.payload import find_kind
from compare.studies.ground_states.jobs import energy_payload
from compare.studies.kernel_training.jobs import payloads_of_task
from compare.studies.neuron_selection.jobs import masks_payload
from compare.studies.sparse_training.jobs import weights_payload
from problems.errors import InputError
from problems.ground_states import IsingModel
from problems.kernel_training import ErfNtk, KernelTask
from problems.neuron_selection import ticket_problem
from problems.sparse_training import PolynomialUpdate
from tests.quantum.backends.planted import exact_law

PAYLOADS = {
    "kernels": lambda: payloads_of_task(KernelTask.draw(4, 0, tests=8), ErfNtk(17), [0])[0],
    "neurons": lambda: masks_payload(ticket_problem(3, 0), "lookup", rounds=1),
    "training": lambda: weights_payload(PolynomialUpdate([[-0.2], [[-0.3]], [[-0.1]]]), [0.1], 2, 1, "marching"),
}


@pytest.mark.parametrize("study", PAYLOADS)
def test_the_average_without_noise_is_the_ideal_one(study):
    payload = PAYLOADS[study]()
    circuit = find_kind(payload.kind).build(payload, "fake_fez").circuit
    found = find_kind(payload.kind).observables(payload, circuit.num_clbits)
    assert found.table @ exact_law(circuit) == pytest.approx(found.ideal, abs=1e-6)
    bits = all_strings(circuit.num_clbits)
    np.testing.assert_array_equal(found.at(bits), found.table)


def test_what_has_no_ideal_says_so_and_too_many_bits_are_refused():
    payload = energy_payload(IsingModel(2, 2, 1.0), "Z")
    found = find_kind(payload.kind).observables(payload, 4)
    assert np.isnan(found.ideal).all()
    assert found.names == ("energy of setting Z",)
    with pytest.raises(InputError, match="Expectation values of 15 bits need a table"):
        check_bits(15)

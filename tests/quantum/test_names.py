import pytest

from problems.errors import InputError
from quantum.backends import BACKENDS, resolve, snapshots
from quantum.names import ENCODINGS, LOADERS, QUBIT_MODELS, SIMULATORS, check_backend, snapshot_names
from quantum.resources import MODELS
from quantum.ridgelet import ENCODINGS as MADE
from quantum.ridgelet import LOADERS as PREPARED


def test_names_are_those_of_the_tables():
    assert set(ENCODINGS) == set(MADE)
    assert set(LOADERS) == set(PREPARED)
    assert set(SIMULATORS) == set(BACKENDS)
    assert set(QUBIT_MODELS) == set(MODELS)
    assert list(snapshot_names()) == snapshots.snapshot_names()


@pytest.mark.parametrize("name", ["aer_mps", "fake_fez", "ibm_fez", "ibmq_qasm"])
def test_what_may_be_a_backend_passes(name):
    check_backend(name)


@pytest.mark.parametrize("name", ["fez", "fake_fes", ""])
def test_what_is_no_backend_is_refused_as_where_it_is_made(name):
    with pytest.raises(InputError) as said:
        check_backend(name)
    with pytest.raises(InputError) as same:
        resolve(name)
    assert str(said.value) == str(same.value)

"""Other vendors' backends: run by themselves, never simulated, and noticed where they keep no shots."""

import numpy as np
import pytest
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit_aer import AerSimulator

from problems.errors import InputError
from quantum.backends import NotHonored, Suppression, check_bit_order, resolve
from quantum.backends.errors import ServiceError
from quantum.backends.vendor import VendorBackend
from tests.quantum.backends.circuits import chain, flipped
from tests.quantum.backends.vendors import Vendor


def bits_of(outcomes, width=4):
    return (np.asarray(outcomes)[:, None] >> np.arange(width) & 1).astype(bool)


@pytest.fixture
def nothing_is_simulated(monkeypatch):
    def never(*_arguments, **_options):
        raise AssertionError("a vendor's device was simulated")

    for name in ("run", "from_backend"):
        monkeypatch.setattr(AerSimulator, name, never)


@pytest.mark.usefixtures("nothing_is_simulated")
def test_the_vendor_runs_the_fitted_circuit_itself_and_once():
    vendor = Vendor()
    backend = resolve(vendor)
    assert isinstance(backend, VendorBackend)
    program = backend.prepare(chain(4), 1)
    read = program.run(50, seed=0)
    np.testing.assert_array_equal(read, bits_of(vendor.shots[0]))
    assert vendor.ran == [program.fitted.circuit]
    assert {instruction.name for instruction in vendor.ran[0].data} <= set(vendor.target.operation_names)
    assert vendor.asked == [{"shots": 50, "memory": True}]


def test_a_recorded_circuit_is_run_as_it_is():
    vendor = Vendor()
    fitted = resolve(vendor).prepare(chain(4), 1).fitted
    resolve(vendor).program(fitted.circuit, 1).run(5, seed=0)
    assert vendor.ran == [fitted.circuit]


@pytest.mark.usefixtures("nothing_is_simulated")
def test_counts_are_expanded_to_shots():
    vendor = Vendor("counts")
    read = resolve(vendor).prepare(chain(4), 1).run(200, seed=0)
    expected = bits_of(vendor.shots[0])
    assert read.any()
    np.testing.assert_array_equal(np.sort(read @ [1, 2, 4, 8]), np.sort(expected @ [1, 2, 4, 8]))
    assert len(vendor.ran) == 1


def test_neither_shots_nor_counts_are_refused_in_a_sentence():
    vendor = Vendor("nothing")
    with pytest.raises(InputError, match=r"vendor_four gave neither single shots nor counts, .*its 30 shots .*memory"):
        resolve(vendor).prepare(chain(4), 1).run(30, seed=0)
    assert len(vendor.ran) == 1


def test_a_failure_is_told():
    with pytest.raises(ServiceError, match="vendor_four could not run the circuit: calibrating"):
        resolve(Vendor(works=False)).prepare(chain(4), 1).run(30, seed=0)


@pytest.mark.parametrize("keeps", ["memory", "counts"])
def test_lost_shots_are_an_error(keeps):
    with pytest.raises(ServiceError, match=r"(?i)half a result: .*27 .*30 "):
        resolve(Vendor(keeps, lost=3)).prepare(chain(4), 1).run(30, seed=0)


def test_a_backend_with_a_seed_is_given_it():
    backend = GenericBackendV2(4, seed=1)
    program = resolve(backend).prepare(flipped([1, 0, 1]), 1)
    shots = program.run(300, seed=5)
    assert np.mean(np.all(shots == [True, False, True], axis=1)) > 0.9
    assert program.run(300, seed=5).tobytes() == shots.tobytes()


def test_nothing_is_asked_for_that_the_interface_has_no_words_for():
    with pytest.warns(NotHonored, match="vendor_four .* knows no dynamical decoupling and twirling: it is left out"):
        resolve(Vendor(), Suppression(True, True))


def test_what_the_vendor_is_known_by():
    backend = resolve(Vendor())
    assert (backend.name, backend.device, backend.max_shots) == ("vendor_four", True, None)
    limited = Vendor()
    limited.max_shots = 77
    assert resolve(limited).max_shots == 77


def test_refusals_come_before_anything_runs():
    vendor = Vendor()
    with pytest.raises(InputError, match="has 5 qubits, but vendor_four connects 4"):
        resolve(vendor).check(5, 1)
    with pytest.raises(InputError, match="bond_dimension = 4 says nothing to vendor_four"):
        resolve(vendor).prepare(chain(4), 1, 4)
    assert vendor.ran == []


class Odd(Vendor):
    """Raises where a test says so, takes no `memory`, or has no default options at all."""

    def __init__(self, fails="", **more):
        super().__init__(**more)
        self.fails = fails

    @classmethod
    def _default_options(cls):
        return None

    def run(self, run_input, shots):
        if self.fails == "run":
            raise KeyError("no such circuit")
        job = super().run(run_input, shots=shots)
        if self.fails == "result":
            job.result = self._explode
        return job

    def _explode(self):
        raise TimeoutError("the queue\nis long")


def test_a_backend_without_memory_and_options_is_run_by_what_it_takes():
    vendor = Odd()
    read = resolve(vendor).prepare(chain(4), 1).run(50, seed=0)
    np.testing.assert_array_equal(read, bits_of(vendor.shots[0]))
    assert vendor.asked == [{"shots": 50}]


@pytest.mark.parametrize(
    ("fails", "message"),
    [("run", "vendor_four failed: KeyError: 'no such circuit'"), ("result", "failed: TimeoutError: the queue is long")],
)
def test_whatever_a_vendor_raises_is_told_in_one_line(fails, message):
    with pytest.raises(ServiceError, match=message):
        resolve(Odd(fails)).prepare(chain(4), 1).run(30, seed=0)


class Ordered(Vendor):
    """Reads an X gate on its first qubit in one of its bits."""

    def __init__(self, bit, share=1.0):
        super().__init__(bits=3)
        self.bit, self.share = bit, share

    def run(self, run_input, **options):
        job = super().run(run_input, **options)
        shots = options["shots"]
        ones = round(self.share * shots)
        job.result().results[0].data.memory = [hex(1 << self.bit)] * ones + ["0x0"] * (shots - ones)
        return job


def test_the_order_of_bits_is_found_out():
    check_bit_order(Ordered(0))
    check_bit_order(Ordered(0, 0.8))
    check_bit_order("aer_statevector")
    with pytest.raises(InputError, match=r"vendor_four returns bits in another order .* read in bit 2 of 0 to 2"):
        check_bit_order(Ordered(2))
    with pytest.raises(InputError, match=r"does not show which bit is the first: .* read 1 in 0\.30, 0\.00, 0\.00 of"):
        check_bit_order(Ordered(0, 0.3))

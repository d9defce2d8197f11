"""Backends by name and as objects, and what is none."""

import os
import subprocess
import sys

import pytest
from qiskit.primitives import StatevectorSampler
from qiskit_aer import AerSimulator

from problems.errors import InputError
from quantum.backends import BACKENDS, NotHonored, Suppression, resolve
from quantum.backends.primitive import PrimitiveBackend
from quantum.backends.simulated_device import SimulatedDevice
from quantum.backends.snapshots import snapshot
from quantum.backends.vendor import VendorBackend
from tests.quantum.backends.vendors import Vendor


@pytest.mark.parametrize("name", sorted(BACKENDS))
def test_exact_simulators_are_those_of_the_list(name):
    backend = resolve(name)
    assert backend is BACKENDS[name]
    assert (backend.device, backend.max_shots, backend.target) == (False, None, None)


def test_each_kind_of_object_has_its_backend():
    pytest.importorskip("qiskit_ibm_runtime")
    kinds = {
        SimulatedDevice: ["fake_manila", snapshot("fake_manila"), AerSimulator()],
        VendorBackend: [Vendor()],
        PrimitiveBackend: [StatevectorSampler()],
    }
    for kind, given in kinds.items():
        assert [type(resolve(one)) for one in given] == [kind] * len(given)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("fake_fess", "no backend 'fake_fess'. Did you mean .*'fake_fez'"),
        ("aer_statevectr", "Did you mean 'aer_statevector'"),
        (
            "qpu",
            "no backend 'qpu'. There are: aer_mps, aer_statevector, .* snapshots .*, IBM's devices as ibm_..., IonQ's",
        ),
        (5, "no backend 5. There are"),
        (None, "no backend None. "),
    ],
)
def test_what_is_no_backend_is_refused_in_one_line_with_the_nearest(value, message):
    with pytest.raises(InputError, match=message) as refusal:
        resolve(value)
    assert "\n" not in str(refusal.value)


def test_a_snapshot_without_the_extra_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "qiskit_ibm_runtime.fake_provider", None)
    with pytest.raises(InputError, match=r"pip install 'quantum-tickets\[ibm\]'"):
        resolve("fake_fez")
    with pytest.raises(InputError, match=r"no backend 'fake_anything'"):
        resolve("fake_anything")
    with pytest.raises(InputError, match=r"no backend 'aer-mps'. Did you mean 'aer_mps'"):
        resolve("aer-mps")


def test_exact_simulators_have_nothing_to_suppress():
    with pytest.warns(NotHonored, match="aer_mps simulates without noise, so twirling has nothing to suppress"):
        assert resolve("aer_mps", Suppression(twirling=True)) is BACKENDS["aer_mps"]


def test_the_service_is_imported_for_its_devices_alone():
    """Nothing of IBM's client is loaded where it is not asked for."""
    code = (
        "import sys, quantum.ridgelet\n"
        "from quantum.backends import resolve\n"
        "resolve('aer_mps')\n"
        "assert not [name for name in sys.modules if name.startswith('qiskit_ibm_runtime')]\n"
        "assert 'quantum.backends.ibm' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ)

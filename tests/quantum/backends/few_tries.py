"""Fewer seeds of the transpiler where circuits are fitted: most tests do not mind which of the circuits it is."""

import contextlib
import importlib

import pytest

from quantum.backends.fitting import fit_circuit

__all__ = ["few_tries"]

FEW = 2

PLACES = ("compare.hardware.plan", "quantum.backends.device", "quantum.backends.regions")
"""Modules that fit circuits."""


@contextlib.contextmanager
def few_tries(most=FEW):
    """Fit circuits by the best of so many seeds for a while; `tests.quantum.backends.test_fitting` has them all."""

    def fit(circuit, target, name, tries=most, noiseless=False):
        return fit_circuit(circuit, target, name, min(tries, most), noiseless)

    with pytest.MonkeyPatch.context() as patch:
        for place in PLACES:
            patch.setattr(importlib.import_module(place), "fit_circuit", fit)
        yield

"""Processes of tests begin as copies of one that is itself a copy of the tester, made when all tests are collected.

So nothing is imported again that any test imports: a server that begins as a program takes seconds for it.
"""

import contextlib
import os
import select
import sys
import threading
import warnings
from multiprocessing import forkserver, resource_tracker, util

import pytest

__all__ = ["begin"]

FIRST = (
    "classical.kernel_training",
    "classical.neuron_selection.relaxation_kernels",
    "classical.peers",
    "compare.claims",
    "compare.engine.runs",
    "compare.studies.kernel_training.measures",
    "compare.studies.neuron_selection.measures",
    "compare.studies.ridgelet.circuit.measures",
    "compare.studies.ridgelet.noise.measures",
    "compare.studies.ridgelet.risk.measures",
    "compare.studies.ridgelet.samplers.measures",
    "mthree",
    "problems.registers",
    "qiskit.transpiler.passes.synthesis.hls_plugins",
    "qiskit_aer.primitives",
    "qiskit_ibm_runtime.fake_provider",
    "qiskit_ibm_runtime.transpiler.plugin",
    "sklearn.kernel_approximation",
    "sklearn.linear_model",
    "tests.compare.quick",
)
"""Modules that tasks of many studies need, for where a few files are tested, and shorter measurements of time."""


def begin():
    """Begin the server that `multiprocessing` takes from now on, wherever it can copy processes."""
    if not hasattr(os, "fork") or threading.current_thread() is not threading.main_thread():
        return
    resource_tracker.ensure_running()  # a program of its own, which the server tells what to tidy up
    forkserver.set_forkserver_preload(list(FIRST))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(util, "spawnv_passfds", _copied)
        forkserver.ensure_running()


def _copied(path, arguments, files):
    """Run the server in a copy of this process, which keeps these files and no other: what it holds never ends."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for name in os.listdir("/dev/fd"):
            if int(name) > 2 and int(name) not in files:
                with contextlib.suppress(OSError):  # the list of files was one itself
                    os.close(int(name))
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        warnings.resetwarnings()  # those of tests are errors
        forkserver._forkserver.__init__()  # its lock is held by whoever asked for a server
        select.select(files, (), ())  # until it is asked for a process: what others compile at first is there by then
        exec(arguments[-1], {})
        code = 0
    finally:
        os._exit(code)

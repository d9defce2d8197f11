"""Backends of a vendor that is not IBM, for tests: each returns what the test chose."""

import numpy as np
from qiskit.circuit import Parameter
from qiskit.circuit.library import CXGate, Measure, RZGate, SXGate, XGate
from qiskit.providers import BackendV2, Options
from qiskit.result import Result
from qiskit.result.models import ExperimentResult, ExperimentResultData
from qiskit.transpiler import Target


class Vendor(BackendV2):
    """Four connected qubits; returns single shots, counts, or nothing."""

    def __init__(self, keeps="memory", bits=4, lost=0, works=True):
        super().__init__(name="vendor_four")
        self._target = Target(num_qubits=4)
        for gate in (RZGate(Parameter("t")), SXGate(), XGate(), Measure()):
            self._target.add_instruction(gate, {(qubit,): None for qubit in range(4)})
        pairs = [(i, j) for i in range(4) for j in range(4) if i != j]
        self._target.add_instruction(CXGate(), dict.fromkeys(pairs))
        self.keeps, self.bits, self.lost, self.works = keeps, bits, lost, works
        self.ran, self.asked, self.shots = [], [], []

    @property
    def target(self):
        return self._target

    @property
    def max_circuits(self):
        return None

    @classmethod
    def _default_options(cls):
        return Options(shots=1024)

    def run(self, run_input, **options):
        self.ran.extend(run_input)
        self.asked.append(options)
        kept = options["shots"] - self.lost
        outcomes = np.random.default_rng(len(self.ran)).integers(1, 2**self.bits, kept)
        self.shots.append(outcomes)
        memory = [hex(outcome) for outcome in outcomes]
        counts = {outcome: memory.count(outcome) for outcome in sorted(set(memory))}
        data = {
            "memory": {"memory": memory, "counts": counts},
            "counts": {"counts": counts},
            "nothing": {},
        }[self.keeps]
        header = {"memory_slots": self.bits, "creg_sizes": [["node", self.bits]], "name": run_input[0].name}
        experiment = ExperimentResult(options["shots"], True, ExperimentResultData(**data), header=header)
        return Job(Result(results=[experiment], success=self.works, status="calibrating"))


class Job:
    def __init__(self, result):
        self._result = result

    def result(self):
        return self._result

"""The work of the service's machines: run the programs of a job, and write the results as the service does."""

import importlib.resources
import json
from typing import Any

from qiskit_aer import AerSimulator

__all__ = ["calibration", "run_program"]


def calibration(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a device's configuration and properties, named "ibm_..." after the client's own snapshot of it."""
    package = name.removeprefix("ibm_")
    folder = importlib.resources.files("qiskit_ibm_runtime.fake_provider.backends") / package
    configuration, properties = (
        json.loads((folder / f"{kind}_{package}.json").read_text()) for kind in ("conf", "props")
    )
    configuration["backend_name"] = properties["backend_name"] = name
    return configuration, properties


def run_program(parameters: dict[str, Any], simulator: AerSimulator, seed: int) -> str:
    """Run the circuits of one job and return the text that the service would give as its result."""
    from ibm_quantum_schemas.common import CompressedTensorModel
    from ibm_quantum_schemas.executor.version_2_0 import models
    from qiskit_ibm_runtime.fake_provider.executor.run_quantum_program import run_quantum_program
    from qiskit_ibm_runtime.options_models.simulator import SimulatorOptions
    from qiskit_ibm_runtime.quantum_program.params_converters import QUANTUM_PROGRAM_PARAMS_CONVERTERS

    converter = QUANTUM_PROGRAM_PARAMS_CONVERTERS[parameters["schema_version"]]
    model = converter.model.model_validate(parameters)
    program, _ = converter.decoder(model)
    for item in program.items:
        if hasattr(item, "samplex"):
            item.samplex.finalize()  # a decoded one cannot sample before
    result = run_quantum_program(simulator, program, SimulatorOptions(seed_simulator=seed))
    return models.QuantumProgramResultModel(
        data=[
            models.QuantumProgramResultItemModel(
                results={name: CompressedTensorModel.from_numpy(array) for name, array in item.items()},
                metadata=models.ItemMetadataModel(),
            )
            for item in result
        ],
        metadata=models.MetadataModel(chunk_timing=[]),
        passthrough_data=model.quantum_program.passthrough_data,
        semantic_role=model.quantum_program.semantic_role,
    ).model_dump_json()

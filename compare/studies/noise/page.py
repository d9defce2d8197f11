"""The noise study's report: what stands on the page, in which order."""

from compare.report import Picture, Report, Section
from compare.studies.noise.findings import findings
from compare.studies.noise.plots import fidelity_figure
from compare.studies.noise.study import Plan, Results, Settings, load_results, plan, run
from compare.studies.noise.tables import arms_table
from compare.studies.study import Study

__all__ = ["STUDY", "report"]


def report(results: Results) -> Report:
    """Return the report of a run: verdict first, then the problem and its circuits, the table and the figure."""
    problem, settings = results.problem, results.run["settings"]
    what = (
        f"{problem['description']} P = {problem['prime']}, D = {problem['dimension']}, K = {problem['points']} "
        "distinct points. The same nodes are measured without noise, with the simulated noise of "
        f"{settings['backend']}, and with dynamical decoupling (DD), twirling and readout mitigation on or off."
    )
    circuits = [
        f"{encoding}: {len(circuit['qubits'])} qubits, depth {circuit['depth']}, {circuit['two_qubit_gates']} "
        f"two-qubit gates{_duration(circuit['duration'])}, product of 1 - error {circuit['fidelity']:.3f}."
        for encoding, circuit in results.circuits.items()
    ]
    caption = (
        "Cross-entropy fidelity with 95% intervals (bootstrap over shots): filled circles as read, open squares the "
        "same shots with readout mitigation. 1 is p* (solid line), 0 uniform nodes; dotted: the product of 1 - error "
        "over all gates and measurements, a rough expectation without waiting."
    )
    section = Section(
        "What was compared",
        [what, *circuits],
        [],
        [arms_table(results)],
        [Picture("fidelity", fidelity_figure(results), caption, fidelity_figure(results, narrow=True))],
    )
    return Report("Ideal, noisy, suppressed, mitigated", findings(results), [section], results.run)


def _duration(seconds: float | None) -> str:
    return "" if seconds is None else f", {1e6 * seconds:.2g} microseconds a shot"


def _check(planned: Plan) -> None:
    """Fit every circuit to the device, so that what does not fit is refused."""
    planned.arms.check(planned.settings.encodings, planned.settings.suppressions)


STUDY = Study("noise", "noise", Settings, plan, run, load_results, report, _check)

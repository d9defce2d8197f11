"""Assumptions behind the row on sparse neural states: machines, synthesis, angles, shots, a rival's seconds."""

from compare.machines import Assumptions
from compare.report import Table
from compare.report.cells import seconds
from compare.studies.ground_states.study import Settings

__all__ = ["CHANGED", "assumptions", "machine"]

CHANGED = {
    "cycle": "seconds of a round of error correction",
    "distance": "code distance",
    "machines": "quantum machines side by side",
    "rotation_cost": "T gates of a rotation over log2 of one over its error",
    "synthesis_error": "error of all rotations together",
    "classical_speedup": "speed of a classical core",
}
"""Settings that are numbers, each in words, whose change may reverse the row."""


def machine(settings: Settings) -> Assumptions:
    """Return what is assumed of machines, in the words that all studies share."""
    names = ("cycle", "distance", "t_rate", "synthesis_error", "machines", "classical_speedup", "drift")
    return Assumptions(cores=1, **{name: getattr(settings, name) for name in names})


def assumptions(settings: Settings) -> Table:
    """Return the table of what is assumed."""
    supply = "as many as asked for" if settings.t_rate is None else f"{settings.t_rate:g} a second"
    rows = [
        ["Logical step", f"{settings.distance} rounds of {seconds(settings.cycle)}", "--distance, --cycle", "nobody"],
        ["T gates one by one", "each takes a step", "none", "nobody"],
        ["T states", supply, "--t-rate", "quantum: factories take most of the qubits"],
        [
            "Rotations",
            f"{settings.rotation_cost:g} log2(1 / error) T gates each (Ross and Selinger, arXiv:1403.2975), at "
            f"{settings.synthesis_error:g} over all of them together",
            "--rotation-cost, --synthesis-error",
            "classical: synthesis with ancillas or by chance takes fewer",
        ],
        ["Angles", "known: finding them takes no time", "none", "quantum: finding them is the whole of its training"],
        [
            "Shots of an energy",
            "variance 1 for each product of Z, as of |+>^N; two settings",
            "none",
            "classical: the ground state has less of it",
        ],
        ["Clifford gates, preparation and readout", "free, but for one step a shot", "none", "quantum"],
        ["Quantum machines side by side", str(settings.machines), "--machines", "nobody"],
        [
            "Classical machine",
            f"one core of this one, {settings.classical_speedup:g} times as fast",
            "--classical-speedup",
            "quantum, where there are more",
        ],
        ["Times from run to run", f"within a factor of {settings.drift:g}", "--drift", "nobody: in the intervals"],
        ["Errors", "none is left after correction", "none", "quantum"],
    ]
    return Table("What is assumed", ["assumption", "value", "flag", "in favor of"], rows)

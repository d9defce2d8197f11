"""Machines and crossings in words, and what is assumed about machines as rows of a table."""

from collections.abc import Mapping

from compare.machines.assumptions import ESTIMATED, ESTIMATED_WORDS, MACHINES, Assumptions
from compare.machines.crossing import Crossing
from compare.report.cells import Cell, estimate, span
from compare.statistics import Estimate

__all__ = ["assumption_rows", "crossing_cell", "machine_name", "size_text"]

PHYSICAL_ERROR = 1e-3
"""The error of a physical gate for which the failure of a code is stated."""


def machine_name(machine: str, assumed: Assumptions) -> str:
    """Return a machine's name in words."""
    return ESTIMATED_WORDS if machine == ESTIMATED else MACHINES[machine].format(device=assumed.device)


def size_text(size: int) -> str:
    """Write a size: in full while it is short, else to two digits."""
    if size < 10_000:
        return f"{size:,}"
    digits, power = f"{size:.1e}".split("e")
    return f"10^{int(power)}" if digits == "1.0" else f"{digits} 10^{int(power)}"


def crossing_cell(crossing: Crossing) -> Cell:
    """Write where the quantum machine is faster: the first size, its interval, and the last if it is not for good."""
    if crossing.start is None:
        possible = "" if crossing.low is None else f", possible from {size_text(crossing.low)}"
        return Cell(f"never up to {size_text(crossing.largest)}{possible}")
    star = "" if crossing.start <= crossing.measured else "*"
    high = f"> {size_text(crossing.largest)}" if crossing.high is None else size_text(crossing.high)
    low = size_text(crossing.start if crossing.low is None else crossing.low)
    ends = "" if crossing.to_the_end else f", to {size_text(crossing.end or crossing.start)}"
    return Cell(f"from {size_text(crossing.start)}{star} [{low}, {high}]{ends}", crossing.start)


def assumption_rows(
    assumed: Assumptions,
    gate: float,
    volume: float,
    calibrated: str | None = None,
    efficiency: Mapping[int, Estimate] | None = None,
) -> list[tuple[str, str, str, str]]:
    """Return every assumption about machines: its name, its value, its flag and whom it favors.

    Parameters
    ----------
    assumed
        The assumptions.
    gate
        Seconds of the device's two-qubit gate.
    volume
        Logical qubits times logical steps of the largest circuit.
    calibrated
        When the device was calibrated, ISO 8601; None where it is not known.
    efficiency
        Of several cores, as measured at each P; nothing if it was not.
    """
    shared = "; ".join(f"{estimate(one)} at P = {prime}" for prime, one in (efficiency or {}).items())
    if assumed.cores == 1:
        shared = "nothing to share"
    rate = "as many as asked for" if assumed.t_rate is None else f"{assumed.t_rate:g} a second"
    when = "once" if calibrated is None else f"on {calibrated[:10]}"
    failure = min(1.0, 0.1 * (100 * PHYSICAL_ERROR) ** ((assumed.distance + 1) / 2) * volume * assumed.distance)
    return [
        (
            "Classical machine",
            f"a core of this one, {assumed.classical_speedup:g} times as fast",
            "--classical-speedup",
            "quantum: a larger machine costs less than any quantum one",
        ),
        (
            "Classical cores",
            f"{assumed.cores}, all drawing nodes of the same problem: seconds on one core are divided by their number "
            f"and by the efficiency that was measured on two ({shared or 'not measured: 1'})",
            "--cores",
            "quantum, where the classical machine has more; classical, where memory holds up more than two",
        ),
        (
            "Classical seconds, another time",
            f"up to {assumed.drift:g} times as many or as few: what other processes take of shared caches and memory. "
            "Every interval of a classical time is wider by it, or by the spread between rounds if that is more",
            "--drift",
            "nobody",
        ),
        ("Quantum preparation", "compiling and calibrating take no time", "none", "quantum"),
        ("Quantum machines side by side", str(assumed.machines), "--machines", "classical, if several fit on one chip"),
        (
            "Device",
            f"{assumed.device}, as it was {when}; two-qubit gate {span(gate)} (median)",
            "--device",
            "nobody",
        ),
        (
            "A shot on the device",
            f"the compiled circuit's duration, reset {span(assumed.reset)}, repetition delay {span(assumed.delay)}",
            "--reset, --delay",
            "quantum: no queue, no job overhead, no communication",
        ),
        (
            "Errors on the device",
            "ignored, or shots divided by the product of 1 - error, as if the shots without error could be told",
            "none",
            "quantum: they cannot be told, and what is left is not what was asked for",
        ),
        ("Error correction, a cycle", span(assumed.cycle), "--cycle", "quantum, today"),
        (
            "Code distance",
            f"{assumed.distance}, so a logical step takes {span(assumed.step)}. It leaves a failure of {failure:.0e} "
            "in the largest circuit here, at physical errors of 0.1% (0.1 (100 p)^((d + 1)/2) a qubit and cycle: "
            "Fowler and Gidney, arXiv:1808.06709)",
            "--distance",
            "nobody",
        ),
        ("T states", f"{rate}, ready when needed", "--t-rate", "quantum: factories take most of the qubits"),
        ("T gates one by one", "each takes a logical step (Litinski, arXiv:1808.02892)", "none", "nobody"),
        (
            "T layers at once",
            "all T gates of a layer take one logical step together, however many",
            "none",
            "quantum: that needs a machine many times as large",
        ),
        ("Clifford gates", "free, at any number (commuted to the end)", "none", "quantum"),
        (
            "Rotations",
            f"synthesized to an error of {assumed.synthesis_error:g} over the whole circuit (Ross and Selinger, "
            "arXiv:1403.2975)",
            "--synthesis-error",
            "classical: synthesis with ancillas or by chance takes fewer T gates",
        ),
        (
            "Loader in log2 K steps",
            "not built: on the device a two-qubit gate a step, else a logical step; amplitudes and the memory's qubits "
            "cost nothing",
            "none",
            "quantum",
        ),
        ("Free loader", "not built: the loaded state is there at once (a memory of no cost)", "none", "quantum"),
    ]

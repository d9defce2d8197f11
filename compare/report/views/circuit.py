"""A circuit as a drawing in characters."""

from typing import Any

from compare.report.content import Drawing

__all__ = ["circuit_drawing"]

MAX_DRAWN = 100_000
"""Qubits times operations of a circuit that is still drawn."""


def circuit_drawing(
    circuit: Any, name: str = "circuit", caption: str = "", width: int = 120, narrow: str = ""
) -> Drawing:
    """Return a circuit, or the text of its drawing as a record has it, as a picture of a report.

    Parameters
    ----------
    circuit
        Text; or what draws itself as text, as a Qiskit circuit does. One that would be huge is only described.
    name, caption
        Of the picture.
    width
        Letters after which a drawing is folded.
    narrow
        The text of a drawing that is folded earlier, for narrow terminals.
    """
    if isinstance(circuit, str):
        return Drawing(name, circuit.rstrip(), caption, narrow.rstrip())
    if circuit.num_qubits * circuit.size() > MAX_DRAWN:
        return Drawing(name, f"The circuit, of {circuit.num_qubits} qubits, is too large to be drawn.", caption)
    return Drawing(name, str(circuit.draw("text", fold=width)), caption)

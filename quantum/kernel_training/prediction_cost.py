"""The full cost of predicting one test image on a quantum computer."""

from dataclasses import dataclass
from functools import cached_property

from problems.kernel_training import readout_shots
from quantum.blocks.amplitude_amplification import amplified_probability, paying_rounds
from quantum.kernel_training.readout import Readout, best_readout
from quantum.kernel_training.t_cost import TCost, t_by_growth

__all__ = ["PredictionCost"]


@dataclass(frozen=True)
class PredictionCost:
    """Queries, gates and shots of one prediction.

    Every shot is a whole circuit, and every test image needs its own: nothing is kept from one to the next.

    Attributes
    ----------
    images
        Training images n.
    kappa
        The walk's scale over the least singular value of the matrix.
    degree
        D, queries of the walk in one circuit.
    success
        Probability that the inversion by quantum signal processing is kept, within (0, 1].
    tries
        Mean number of preparations until |k*> is kept, n / sum_j k*_j^2.
    overlap
        o = <k*|x> with the normalized solution x.
    mean
        E[Z] of the circuit that has |k*> from its amplitudes: the overlap times the root of the success.
    two_qubit, rotations
        CX gates of one circuit, and rotations that T gates have to approximate.
    """

    images: int
    kappa: float
    degree: int
    success: float
    tries: float
    overlap: float
    mean: float
    two_qubit: int
    rotations: int

    @property
    def solution_queries(self) -> float:
        """Queries for one copy of the solution as a state: D over the success; no reading is in it."""
        return self.degree / self.success

    @property
    def amplified_solution_queries(self) -> float:
        """The queries of a solution with amplitude amplification, which pays where the success is below 0.317."""
        rounds = paying_rounds(self.success)
        return self.degree * (2 * rounds + 1) / amplified_probability(self.success, rounds)

    @property
    def readout(self) -> float:
        """1/o^2 - 1: shots to read the overlap to its own size, were both states at hand; the paper's count."""
        return float(readout_shots(self.overlap))

    @property
    def readout_queries(self) -> float:
        """D (1/o^2 - 1): neither the success of the inversion nor the post-selection of |k*> is in it."""
        return self.degree * self.readout

    @property
    def shots(self) -> float:
        """1/E^2 - 1: shots of the circuit, the success of the inversion included."""
        return float(readout_shots(self.mean))

    @property
    def queries(self) -> float:
        """Queries of one prediction, |k*> prepared from amplitudes that were computed classically, in O(n)."""
        return self.degree * self.shots

    @property
    def gates(self) -> float:
        """CX gates of one prediction."""
        return self.two_qubit * self.shots

    def t_gates(self, known: TCost, error: float = 1e-2) -> float:
        """Return the T gates of one circuit, by growth from a smaller one; times `shots`, those of one prediction.

        Parameters
        ----------
        known
            A smaller circuit, synthesized: `KernelPredictor.t_cost`.
        error
            Of the whole circuit, in operator norm.

        Raises
        ------
        InputError
            If the error is out of range.
        """
        return t_by_growth(known, self.rotations, error)

    @property
    def flagged_mean(self) -> float:
        """E[Z] with |k*> as a rotation of a flag leaves it: the mean over the root of the tries."""
        return float(self.mean / self.tries**0.5)

    @property
    def flagged_shots(self) -> float:
        """Shots of the circuit with the post-selection of |k*> included, as the paper prepares it."""
        return float(readout_shots(self.flagged_mean))

    @property
    def flagged_queries(self) -> float:
        """Queries of one prediction with everything counted."""
        return self.degree * self.flagged_shots

    @cached_property
    def amplified(self) -> Readout:
        """The reading with amplitude amplification, for someone who knows |E| beforehand; pays below |E| = 1/2."""
        return best_readout(self.mean)

    @property
    def amplified_queries(self) -> float:
        """Queries of one prediction by amplified reading: they grow as 1/|E|, not as its square."""
        return self.degree * self.amplified.circuits

    @property
    def amplified_flagged_queries(self) -> float:
        """Queries of one prediction by amplified reading of |k*> in its flag's branch."""
        return self.degree * best_readout(self.flagged_mean).circuits

"""Tasks and results of the study, each a frozen dataclass: all that numbers depend on, and all that is recorded."""

from dataclasses import dataclass
from typing import Annotated

from compare.engine import Array, Shape
from compare.statistics import RecordedEstimate

__all__ = [
    "Arm",
    "Circuit",
    "CircuitArm",
    "Deep",
    "Dense",
    "Estimated",
    "Fitted",
    "Ground",
    "Known",
    "Lattice",
    "Measured",
    "Noise",
    "Noisy",
    "Pruned",
    "Pruning",
    "Rival",
    "Round",
    "Shots",
    "Timed",
    "Timing",
    "Trained",
]


@dataclass(frozen=True)
class Lattice:
    """A model on a lattice.

    Attributes
    ----------
    model
        A name in `MODELS`.
    lattice
        Rows and columns, as "3x3".
    field
        kappa; None of the toric code.
    """

    model: str
    lattice: str
    field: float | None


@dataclass(frozen=True)
class Known:
    """The references that a lattice's errors are held against.

    Attributes
    ----------
    sites, products
        Spins, and products of Z: bonds or plaquettes.
    energy
        The ground energy.
    bond
        The bond dimension of the matrix product state whose energy it is; None if it is exact.
    precision
        What that energy fell from half of the bond dimension, relative; 0 if it is exact.
    degeneracy, gap
        Of the ground energy, and the distance to the next; None where that is not known exactly.
    plateau
        The relative error of |+>^N.
    near
        That of the Jastrow state of nearest neighbors; None where there is none, or too many configurations.
    """

    sites: int
    products: int
    energy: float
    bond: int | None
    precision: float
    degeneracy: int
    gap: float | None
    plateau: float
    near: float | None


@dataclass(frozen=True)
class Dense(Lattice):
    """The short dense training of one state; `samples` None is exact sums."""

    alpha: int
    seed: int
    samples: int | None
    rate: float
    dense_steps: int


@dataclass(frozen=True)
class Trained:
    """A trained state.

    Attributes
    ----------
    count
        Weights that are there.
    energy, error, standard_error
        Its energy, relative error and the standard error of that; None if it diverged.
    diverged
        The step in which it did; None if it did not.
    kept
        Places of its weights in W, row by row.
    values
        The weights at these places.
    """

    count: int
    energy: float | None
    error: float | None
    standard_error: float | None
    diverged: int | None
    kept: Annotated[Array, Shape("count", of="iu")]
    values: Annotated[Array, Shape("count", of="f")]


@dataclass(frozen=True)
class Round(Dense):
    """One round of pruning; `round` 0 has all weights."""

    steps: int
    share: float
    rewind: str
    round: int


@dataclass(frozen=True)
class Pruned(Trained):
    """A round's trained state, and its mask on the lattice.

    Attributes
    ----------
    fidelity
        |<psi|psi'>|^2 with the trained state of the round before; None of the first, and of large lattices.
    candidates, on_products, covered
        Neurons with as many weights as a bond or plaquette has sites, those that sit on one, and how many of these
        are sat on.
    held
        How many neurons sit on each, in the model's order.
    """

    fidelity: float | None
    candidates: int
    on_products: int
    covered: int
    held: tuple[int, ...]


@dataclass(frozen=True)
class Arm(Round):
    """A control at a round's number of weights, trained in isolation."""

    arm: str
    arm_steps: int


@dataclass(frozen=True)
class Fitted:
    """An arm's outcome: weights, relative error, its standard error, and the step in which it diverged."""

    count: int
    error: float | None
    standard_error: float | None
    diverged: int | None


@dataclass(frozen=True)
class Rival(Lattice):
    """A rival: "jastrow" (size 1: nearest neighbors, 2: all pairs), "mps" (bond dimension), "hva" (layers), "adapt"."""

    rival: str
    size: int
    seed: int


@dataclass(frozen=True)
class Timing(Lattice):
    """A rival to be timed: its name and size as of `Rival`."""

    rival: str
    size: int


@dataclass(frozen=True)
class Timed:
    """Processor seconds of a rival, optimized from nothing: the fastest of several rounds, up to the slowest."""

    seconds: RecordedEstimate


@dataclass(frozen=True)
class Ground:
    """Errors of a rival by its number of parameters; ADAPT has many of both."""

    parameters: tuple[int, ...]
    errors: tuple[float, ...]


@dataclass(frozen=True)
class Estimated(Ground):
    """Errors of one of NetKet's networks, round by round.

    Attributes
    ----------
    standard_errors
        Of these; 0 of exact sums.
    diverged
        The step in which the round after them diverged; None if none did.
    """

    standard_errors: tuple[float, ...]
    diverged: int | None


@dataclass(frozen=True)
class Circuit(Lattice):
    """A pruning run of a rotation circuit of p layers."""

    p: int
    seed: int
    rewind: str
    least: int


@dataclass(frozen=True)
class Pruning:
    """Rounds of a rotation circuit.

    Attributes
    ----------
    gates, errors
        Of each round.
    fidelities
        With the round before; None of the first.
    covered
        Distinct bonds that gates sit on.
    masks
        Which gates are left, shape (rounds, gates of the whole circuit).
    """

    gates: tuple[int, ...]
    errors: tuple[float, ...]
    fidelities: tuple[float | None, ...]
    covered: tuple[int, ...]
    masks: Annotated[Array, Shape("gates", "all", of="b")]


@dataclass(frozen=True)
class CircuitArm(Circuit):
    """A control of all rounds of a rotation circuit."""

    arm: str


@dataclass(frozen=True)
class Deep(Lattice):
    """A pruning run of one of NetKet's networks: "cnn" or "rescnn"."""

    network: str
    seed: int
    samples: int | None
    rate: float
    dense_steps: int
    steps: int
    share: float
    features: int
    kernel: int
    blocks: int
    rounds: int


@dataclass(frozen=True)
class Noise(Lattice):
    """A ticket on the snapshot of a device; see `compare.studies.ground_states.gates`."""

    ticket: str
    device: str


@dataclass(frozen=True)
class Noisy:
    """Relative errors with a device's noise, of a circuit and of |+>^N on the same qubits, with readout and without.

    Attributes
    ----------
    ideal
        Without noise.
    error, product
        With all noise, of the circuit and of |+>^N.
    unread, unread_product
        Without readout errors.
    two_qubit
        Two-qubit gates on the device.
    """

    ideal: float
    error: float
    product: float
    unread: float
    unread_product: float
    two_qubit: int


@dataclass(frozen=True)
class Shots(Lattice):
    """One setting of a ticket's energy on a device."""

    ticket: str
    setting: str
    backend: str
    shots: int
    seed: int


@dataclass(frozen=True)
class Measured:
    """A device's measurement of a setting: the mean of its part of the energy, and the variance of a shot."""

    mean: float
    variance: float | None

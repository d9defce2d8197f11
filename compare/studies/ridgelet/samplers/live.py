"""Samplers compared in a notebook: live objects, no task and no file, by the functions and views of the study."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from classical.ridgelet import DequantizedSampler
from compare.distributions import (
    MAX_TESTED,
    TotalVariation,
    fidelity,
    goodness_of_fit,
    is_enumerable,
    total_variation,
    two_sample_test,
)
from compare.distributions.exact import exact_probabilities
from compare.report import Picture, Shown, Table
from compare.report.cells import so_many
from compare.report.inline import picture_html, table_html
from compare.report.views import beside
from compare.risk import RiskCurve, baseline_risks, risk_over_nodes
from compare.statistics import Estimate, RecordedTest
from compare.studies.ridgelet.methods import METHODS, SAMPLERS
from compare.studies.ridgelet.samplers.report import distribution_table, frequency_picture, risk_picture, risk_table
from compare.studies.ridgelet.samplers.rows import WORDS, Part
from problems.errors import InputError, choose, whole_number
from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem
from problems.ridgelet.data import Residues
from problems.ridgelet.sampling import check_room
from problems.seeds import named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ComparedSampler", "SamplerComparison", "compare_samplers"]

SIZES = (10, 20, 40, 80, 160)
"""Numbers of nodes N, as far as the samples go."""

NETWORKS = 10
"""Networks of each size, as far as the samples go."""

QUOTED = 40
"""The number of nodes that tables quote, where it is among the sizes."""

LEAST = 50
"""Nodes, below which no test says anything."""


@dataclass(frozen=True)
class ComparedSampler:
    """Findings of one sampler.

    Attributes
    ----------
    name
        As it was given.
    nodes
        What it drew.
    fidelity
        Cross-entropy fidelity: 1 for p*, 0 for uniform nodes.
    goodness_of_fit
        The test against p*: chi-square where all nodes can be enumerated, ranks among decoys elsewhere.
    total_variation
        The distance from p*, with the floor of perfect samples; None where nodes cannot be enumerated.
    two_sample
        The test against fresh nodes of the dequantized sampler; None where nodes can be enumerated, and for itself.
    pvalue
        The smallest p-value of its tests, corrected for all tests of the comparison (Holm).
    told_apart
        Whether its nodes are told apart from p* at the 5% level of the whole comparison.
    risks
        Risks over N of the networks that its nodes make; None without sizes.
    """

    name: str
    nodes: Nodes
    fidelity: Estimate
    goodness_of_fit: RecordedTest
    total_variation: TotalVariation | None
    two_sample: RecordedTest | None
    pvalue: float
    told_apart: bool
    risks: RiskCurve | None


class SamplerComparison(Mapping[str, ComparedSampler]):
    """Samplers held against p* and against each other: a table in a notebook, and each sampler's numbers by name.

    Made by `compare.compare_samplers`.

    Attributes
    ----------
    problem, samples, seed, sizes
        As they were given.
    """

    def __init__(self, problem: RidgeletProblem, samples: int, seed: int, sizes: tuple[int, ...], part: Part) -> None:
        self.problem, self.samples, self.seed, self.sizes, self._part = problem, samples, seed, sizes, part

    def __getitem__(self, name: str) -> ComparedSampler:
        tested = choose("sampler", name, self._part.tests)
        drawn = self._part.draws[name]
        return ComparedSampler(
            name,
            Nodes(drawn["a"], drawn["b"]),
            tested["fidelity"],
            tested["goodness_of_fit"],
            tested["total_variation"],
            tested["two_sample"],
            self._part.adjusted(name),
            self._part.told_apart(name),
            self._part.risks[name]["curve"] if name in self._part.risks else None,
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._part.tests)

    def __len__(self) -> int:
        return len(self._part.tests)

    @cached_property
    def tables(self) -> list[Table]:
        """The tables: whether the nodes are drawn from p*, and the risks of their networks."""
        found = [replace(distribution_table(self._part), title="Are the nodes drawn from p*?")]
        if self._part.risks:
            found.append(
                replace(risk_table(self._part), title=f"Risk of networks of {so_many(self._part.quoted, 'node')}")
            )
        return found

    @property
    def pictures(self) -> list[Picture]:
        """Frequency against p*, where nodes can be enumerated, and risk over N."""
        found = [frequency_picture(self._part)] if self._part.problem["probabilities"] is not None else []
        return [*found, risk_picture(self._part)] if self._part.risks else found

    def plot(self) -> "Figure":
        """Draw sampled frequency against exact probability, where nodes can be enumerated, and risk over N.

        Raises
        ------
        InputError
            If there is neither: no sizes, and too many nodes to enumerate.
        """
        if not self.pictures:
            raise InputError("There is nothing to draw: nodes cannot be enumerated here, and no sizes were asked for.")
        picture = beside("samplers", self.pictures)
        return picture.figure() if callable(picture.figure) else picture.figure

    def rows(self) -> list[dict[str, Any]]:
        """Return one row of numbers for each sampler; risks are means at each N."""
        found = []
        for name, one in self.items():
            fit = one.goodness_of_fit
            row: dict[str, Any] = {"sampler": name, "samples": len(one.nodes)}
            row |= _ends("fidelity", one.fidelity)
            row |= {"goodness_of_fit": fit.best, "goodness_of_fit_low": fit.low, "goodness_of_fit_high": fit.high}
            row |= {"goodness_of_fit_pvalue": fit.pvalue}
            if one.total_variation is not None:
                row |= _ends("total_variation", one.total_variation)
                row |= {"total_variation_floor": one.total_variation.floor.best}
            if any(other["two_sample"] is not None for other in self._part.tests.values()):
                row |= {"two_sample_pvalue": None if one.two_sample is None else one.two_sample.pvalue}
            row |= {"pvalue": one.pvalue, "told_apart": one.told_apart}
            if one.risks is not None:
                for which in WORDS:
                    means = getattr(one.risks, which).mean(axis=0)
                    row |= {f"{which}_risk_{n}": float(mean) for n, mean in zip(self.sizes, means, strict=True)}
            found.append(row)
        return found

    def to_pandas(self) -> Any:
        """Return the rows as a pandas DataFrame, the samplers as its index.

        Raises
        ------
        InputError
            If pandas is not installed.
        """
        from compare.engine import Rows

        return Rows(self.rows()).to_pandas().set_index("sampler")

    def __repr__(self) -> str:
        from compare.report.terminal import as_text

        return as_text(self.tables)

    def _repr_html_(self) -> str:
        return "".join(table_html(table) for table in self.tables)

    def figure_html(self) -> str:
        """Return the pictures as HTML that stands alone."""
        return "".join(picture_html(picture) for picture in self.pictures)


def compare_samplers(
    problem: RidgeletProblem,
    samplers: Mapping[str, "NodeSampler | Nodes | str"],
    samples: int = 20_000,
    seed: int = 0,
    data: Residues | None = None,
    sizes: Sequence[int] | None = None,
    ridge: float = 1e-4,
) -> SamplerComparison:
    """Draw nodes with each sampler and hold them against p*; see `compare.compare_samplers`."""
    if not isinstance(samplers, Mapping) or not samplers:
        raise InputError("There are no samplers; give a mapping from names to samplers, of one at least.")
    samples, seed = whole_number("samples", samples, LEAST), whole_number("seed", seed, 0)
    check_room(samples, problem.dimension)
    given = _data(problem) if data is None else _checked(problem, data)
    chosen = _sizes(samples, sizes)
    made = {str(name): _made(str(name), one, problem) for name, one in samplers.items()}
    drawn = {name: _drawn(name, one, samples, seed) for name, one in made.items()}
    part = Part(
        {name: _shown(name, samplers[name]) for name in drawn},
        _described(problem, given),
        {name: {"method": name, "a": nodes.a, "b": nodes.b} for name, nodes in drawn.items()},
        {name: _tested(name, problem, made[name], nodes, seed) for name, nodes in drawn.items()},
        {name: _risks(name, problem, given, nodes, chosen, ridge) for name, nodes in drawn.items()} if chosen else {},
        {},
    )
    return SamplerComparison(problem, samples, seed, chosen, part)


def _checked(problem: RidgeletProblem, data: Residues) -> Residues:
    if (data.prime, data.dimension) != (problem.prime, problem.dimension):
        raise InputError(
            f"The data lie on Z_{data.prime}^{data.dimension} and the problem on "
            f"Z_{problem.prime}^{problem.dimension}; give the data that the problem was made from."
        )
    return data


def _data(problem: RidgeletProblem) -> Residues:
    """Return the problem's own points, each as often as it was sampled, with their mean targets; nothing held out."""
    x = np.repeat(problem.points, problem.counts, axis=0)
    y = np.repeat(problem.labels, problem.counts, axis=0)
    return Residues("points", "The problem's points with their mean targets.", problem.prime, x, x, y, y)


def _sizes(samples: int, sizes: Sequence[int] | None) -> tuple[int, ...]:
    if sizes is None:
        return tuple(size for size in SIZES if 2 * size <= samples)
    chosen = tuple(sorted({whole_number("sizes", size, 1) for size in sizes}))
    if chosen and 2 * chosen[-1] > samples:
        raise InputError(
            f"sizes reach N = {chosen[-1]}, and two networks of it take {2 * chosen[-1]:,} samples; draw more than "
            f"{samples:,}, or ask for fewer nodes."
        )
    return chosen


def _made(name: str, given: Any, problem: RidgeletProblem) -> Any:
    if isinstance(given, str):
        method = choose("sampler", given, SAMPLERS)
        method.check(problem)
        return method.make(problem)
    if isinstance(given, Nodes) or hasattr(given, "sample"):
        own = getattr(given, "problem", None)
        if isinstance(own, RidgeletProblem) and own.digest != problem.digest:
            raise InputError(f"The sampler {name!r} was made for another problem; make it for this one.")
        return given
    raise InputError(
        f"{name!r} is a {type(given).__name__}, which samples no nodes; give a sampler, nodes, or a sampler's name "
        "(tickets list samplers)."
    )


def _drawn(name: str, given: Any, samples: int, seed: int) -> Nodes:
    if isinstance(given, Nodes):
        if len(given) < samples:
            raise InputError(f"{name!r} has {len(given):,} nodes, fewer than samples = {samples:,}; ask for fewer.")
        return given[:samples]
    # A stream for each name: two samplers with one seed would make the same mistakes together.
    nodes: Nodes = given.sample(samples, named("compared nodes", seed=seed, sampler=name))
    return nodes


def _shown(name: str, given: Any) -> Shown:
    known = given if isinstance(given, str) else name
    if known in METHODS:
        method = METHODS[known]
        return Shown(name, method.law, method.style)
    return Shown(name)


def _described(problem: RidgeletProblem, data: Residues) -> dict[str, Any]:
    exact = exact_probabilities(problem, "p*") if is_enumerable(problem) else None
    return {
        "part": "live",
        "prime": problem.prime,
        "coverage": problem.coverage,
        "effective": None if exact is None else 1.0,
        "baselines": baseline_risks(problem, data),
        "probabilities": exact,
    }


def _tested(name: str, problem: RidgeletProblem, sampler: Any, nodes: Nodes, seed: int) -> dict[str, Any]:
    distance = two_sample = None
    if is_enumerable(problem):
        distance = total_variation(problem, nodes)
    elif not isinstance(sampler, DequantizedSampler):
        stream = named("reference nodes", seed=seed, sampler=name)
        other = DequantizedSampler(problem).sample(min(len(nodes), MAX_TESTED), stream)
        two_sample = RecordedTest.of(two_sample_test(nodes, other, problem))
    fit = goodness_of_fit(problem, nodes, seed=named("decoys", seed=seed, sampler=name))
    return {
        "method": name,
        "samples": len(nodes),
        "fidelity": fidelity(problem, nodes),
        "goodness_of_fit": RecordedTest.of(fit),
        "total_variation": distance,
        "two_sample": two_sample,
    }


def _risks(
    name: str, problem: RidgeletProblem, data: Residues, nodes: Nodes, sizes: tuple[int, ...], ridge: float
) -> dict[str, Any]:
    repeats = min(NETWORKS, len(nodes) // sizes[-1])
    curve = risk_over_nodes(problem, data, nodes, sizes, repeats, ridge)
    quoted = QUOTED if QUOTED in sizes else sizes[-1]
    known = {"empirical": curve.empirical, "held_out": curve.held_out, "curve": curve}
    return {"method": name, "sizes": list(sizes), "quoted": quoted, "ridge": ridge, **known}


def _ends(name: str, found: Any) -> dict[str, float | None]:
    return {name: found.best, f"{name}_low": found.low, f"{name}_high": found.high}

"""Comparisons of what quantum algorithms and classical ones buy: studies, statistics, runs and reports."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compare.engine.runs import Runs
    from compare.engine.study import Study
    from compare.studies.ridgelet.samplers.live import SamplerComparison
    from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem
    from problems.ridgelet.data import Residues

__all__ = ["compare_samplers", "run"]


def compare_samplers(
    problem: "RidgeletProblem",
    samplers: "Mapping[str, NodeSampler | Nodes | str]",
    samples: int = 20_000,
    seed: int = 0,
    data: "Residues | None" = None,
    sizes: "Sequence[int] | None" = None,
    ridge: float = 1e-4,
) -> "SamplerComparison":
    """Draw nodes with each sampler, hold them against p*, and fit the networks that they make.

    Nothing is written, and no task is made; the tests, tables and figures are those of the study `compare`. All tests
    are judged together: the p-value of a sampler is corrected for those of the others.

    Parameters
    ----------
    problem
        The problem.
    samplers
        By name a sampler of this problem, nodes that were drawn elsewhere, or a sampler's name in
        `compare.studies.ridgelet.methods.SAMPLERS`.
    samples
        Nodes drawn by each, at least 50.
    seed
        A whole number; each name has random numbers of its own.
    data
        What the problem was made from, with a held-out part; None takes the problem's points with their mean targets.
    sizes
        Numbers of nodes N of the networks; None takes 10, 20, 40, 80 and 160 as far as the samples go, and an empty
        list fits none.
    ridge
        Penalty of the output weights' fit.

    Returns
    -------
    SamplerComparison
        Shows itself as a table in a notebook. ``found["circuit"]`` has a sampler's nodes, tests and risks,
        ``found.plot()`` draws frequency against p* and risk over N, and ``found.to_pandas()`` is a frame.

    Raises
    ------
    InputError
        If something is no sampler, is one of another problem, refuses the problem, or there are too few samples.

    Examples
    --------
    >>> from problems.ridgelet import RidgeletProblem
    >>> problem = RidgeletProblem.from_samples([[0], [1], [2]], [1.0, -1.0, 0.5], prime=3)
    >>> found = compare_samplers(problem, {"mine": "dequantized", "control": "uniform"}, samples=400, sizes=[])
    >>> found["mine"].told_apart, found["control"].told_apart
    (False, True)
    """
    from compare.studies.ridgelet.samplers.live import compare_samplers as compared

    return compared(problem, samplers, samples, seed, data, sizes, ridge)


def run(
    study: "str | Study",
    *,
    workers: int = 1,
    scheduler: str | None = None,
    out: str | Path | None = None,
    progress: bool = True,
    preset: str | None = None,
    **settings: Any,
) -> "Runs":
    """Run a study, or what of it has no record yet, and return its runs.

    Parameters
    ----------
    study
        Its name, as on the command line, or a `compare.engine.Study`.
    workers
        Tasks at the same time on this machine; results do not depend on it.
    scheduler
        Address of a dask scheduler, whose workers run what is not timed.
    out
        The folder; runs/<study> if None. What is finished there is read, not run again.
    progress
        Show a bar.
    preset
        Settings by name, for what is not given.
    settings
        The study's settings by the names of its fields, ``datasets=["digits"]``, or of its flags. A data frame of
        pandas, polars or Arrow, or a `problems.datasets.Dataset`, may stand where a data set's name stands.

    Returns
    -------
    Runs
        ``runs[kind]`` are rows, ``runs.to_pandas()`` a frame, ``runs.report()`` writes and returns the report.

    Raises
    ------
    InputError
        If there is no such study, or it refuses a setting, the data or the folder.

    Examples
    --------
    >>> runs = run("risk", datasets=["iris"], folds=4, workers=2)  # doctest: +SKIP
    """
    from compare.engine.session import run_study
    from compare.studies.data import held

    chosen = _study(study)
    where = None if out is None else Path(out)
    return run_study(chosen, held(settings), where, workers, scheduler, progress, preset)


def _study(study: "str | Study") -> "Study":
    from compare.engine.study import Study
    from compare.studies import STUDIES
    from problems.errors import choose

    if isinstance(study, Study):
        return study
    found: Mapping[str, Study] = STUDIES
    return choose("study", study, found)

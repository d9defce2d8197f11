"""Comparisons of what quantum algorithms and classical ones buy: studies, statistics, runs and reports."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compare.engine.runs import Runs
    from compare.engine.study import Study

__all__ = ["run"]


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

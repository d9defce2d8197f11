"""The command `tickets data`: what a file, or a data set with a name, would become, before anything is run."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compare.options import LOOK
from compare.streams import printable
from compare.studies import STUDIES
from compare.terminal import MISSING, TARGET, WITHOUT, as_typed, columns_left_out
from problems.errors import InputError, choose
from problems.names import DATASETS, is_path, is_rows
from problems.showing import so_many

if TYPE_CHECKING:
    from compare.engine.study import Study
    from problems.datasets import Dataset
    from problems.ridgelet.prospects import Prospect

# What reads data imports NumPy: it comes when the command runs, so that help and refusals come at once.

__all__ = ["Fit", "described", "fits", "register"]

COVERED = 0.5
"""Share of the space that points have to fill; of the P and D that do, the least label noise is advised."""

LISTED = 12
"""Classes listed with their samples."""

OWN_PROBLEMS = "makes its own problems, and takes no data"
NAMED_ALONE = "takes data sets of the suite alone, and no files"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command(rich_help_panel=LOOK)
    def data(
        source: Annotated[
            str, typer.Argument(metavar="DATA", help="A file (CSV, TSV, NPZ, Parquet, NPY), or a data set.")
        ],
        target: TARGET = None,
        missing: MISSING = "refuse",
        without: WITHOUT = None,
        prime: Annotated[
            str | None, typer.Option(help="Primes P to try: levels of each feature; several separated by commas.")
        ] = None,
        features: Annotated[
            str | None, typer.Option(help="Data dimensions D to try; several separated by commas.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print an object.")] = False,
    ) -> None:
        """Say what data would become as a problem, and which studies they fit; nothing is run."""
        if is_rows(source):
            from compare.own_rows import say

            if features is not None:
                raise InputError(f"features = {features}: of points in an NPY file all are taken; leave it out.")
            say(source, target, missing, columns_left_out(without), _numbers("prime", prime), as_json)
            return
        if not is_path(source):
            choose("data set", source, DATASETS)
        from problems.datasets import load_dataset
        from problems.ridgelet.prospects import PRIMES, prospects

        primes, dimensions = _numbers("prime", prime), _numbers("features", features)
        left_out = columns_left_out(without)
        found = load_dataset(source, target, missing, left_out)
        tried = prospects(found, primes or PRIMES, dimensions)
        fitting = fits(found, tried, source, target, missing, left_out)
        if as_json:
            print(json.dumps(described(found, tried, fitting), indent=1))
        else:
            _show(found, tried, fitting)


@dataclass(frozen=True)
class Fit:
    """Whether a study takes a data set.

    Attributes
    ----------
    study
        Its name.
    why
        Why it does not; empty if it does.
    command
        How to run it on the data; empty if it does not take them.
    """

    study: str
    why: str
    command: str

    @property
    def fits(self) -> bool:
        """Whether it does."""
        return not self.why


def fits(
    data: "Dataset",
    tried: "Sequence[Prospect]",
    source: str | Path,
    target: str | None = None,
    missing: str = "refuse",
    without: Sequence[str] = (),
) -> list[Fit]:
    """Return of every study whether it takes a data set, and why not.

    Parameters
    ----------
    data
        The data set.
    tried
        What it becomes; one of these is advised.
    source, target, missing, without
        How it was asked for, for the commands.
    """
    found = []
    for name, study in STUDIES.items():
        answer = _suits(study, data)
        if isinstance(answer, str):
            found.append(Fit(name, answer, ""))
            continue
        words = _words(study, data, advised(tried), source, target, missing, without)
        found.append(Fit(name, "", as_typed(*words, *(answer or ()))))
    return found


def advised(tried: "Sequence[Prospect]") -> "Prospect":
    """Return the choice of P and D to begin with: the least label noise among those whose points fill half the space.

    Where none do, it is the one of the highest coverage.
    """
    covered = [one for one in tried if one.coverage >= COVERED]
    if covered:
        return min(covered, key=lambda one: (one.noise, one.dimension, one.prime))
    return max(tried, key=lambda one: one.log10_coverage)


def described(data: "Dataset", tried: "Sequence[Prospect]", fitting: Sequence[Fit]) -> dict[str, Any]:
    """Return all that the command says as plain values."""
    return {
        "name": data.name,
        "source": data.source,
        "description": data.description,
        "samples": len(data),
        "features": list(data.features),
        "target": data.target,
        "kind": data.kind,
        "classes": dict(_classes(data)),
        "codes": {name: list(words) for name, words in data.codes},
        "dates": list(data.dates),
        "missing": data.imputed,
        "notes": data.told(),
        "prospects": [
            {
                "prime": one.prime,
                "dimension": one.dimension,
                "features": list(one.features),
                "samples": one.samples,
                "points": one.points,
                "coverage": one.coverage,
                "log10_coverage": one.log10_coverage,
                "mixed_points": one.mixed,
                "label_noise": one.noise,
                "lost": one.lost,
                "spread": one.spread,
            }
            for one in tried
        ],
        "studies": [
            {"study": one.study, "fits": one.fits, "why_not": one.why or None, "command": one.command or None}
            for one in fitting
        ],
    }


def _suits(study: "Study", data: "Dataset") -> str | Sequence[str] | None:
    """Return why a study does not take a data set, or flags that it needs then, if any."""
    from compare.engine.fields import Names, declared
    from compare.engine.kind import imported

    settings = declared(study.settings)
    named = next((settings[name] for name in ("datasets", "dataset") if name in settings), None)
    if named is None:
        return OWN_PROBLEMS
    if data.name not in DATASETS and not any(isinstance(mark, Names) and mark.also for mark in named.marks):
        return NAMED_ALONE
    found: str | Sequence[str] | None = None if study.suits is None else imported(study.suits)(data)
    return found


def _words(
    study: "Study",
    data: "Dataset",
    one: "Prospect",
    source: str | Path,
    target: str | None,
    missing: str,
    without: Sequence[str],
) -> list[str]:
    """Return the command that runs a study on the data, with the flags that it has."""
    from compare.engine.fields import declared

    settings = {setting.axis: setting for setting in declared(study.settings).values()}
    words = [study.name, "--dataset", str(source)]
    if "quadratic" in settings and len(data.classes) == 2:
        words += ["--quadratic", str(source)]
    if target is not None:
        words += ["--column" if "column" in settings else "--target", target]
    if missing != "refuse":
        words += ["--missing", missing]
    if without:
        words += ["--without", ",".join(without)]
    for flag, value in (("features", one.dimension), ("prime", one.prime)):
        # Without features the prime is said of points in NPY files alone.
        if flag in settings and "features" in settings:
            words += [f"--{flag}", str(value)]
    return words


def _classes(data: "Dataset") -> Mapping[str, int]:
    counts = Counter(data.y.tolist()) if data.classes else {}
    return {name: counts[number] for number, name in enumerate(data.classes)}


def _show(data: "Dataset", tried: "Sequence[Prospect]", fitting: Sequence[Fit]) -> None:
    from compare.report import Table
    from compare.report.cells import count, power, share
    from compare.report.terminal import for_terminal
    from compare.terminal import console

    classes = [f"{name} {samples:,}" for name, samples in _classes(data).items()]
    kind = data.kind
    if classes:
        more = f" and {len(classes) - LISTED} more" if len(classes) > LISTED else ""
        kind += f" ({', '.join(classes[:LISTED])}{more})"
    sizes = f"{so_many(len(data), 'sample')}, {so_many(len(data.features), 'feature')}"
    for line in (
        f"{data.description}: {sizes}; target {data.target!r}: {kind}.",
        *data.told(),
    ):
        console.print(printable(line), soft_wrap=True, markup=False, highlight=False)
    console.print()
    rows = [
        [
            count(one.dimension),
            count(one.prime),
            count(one.points),
            power(one.log10_coverage) if one.log10_coverage < -4 else share(one.coverage),
            share(one.mixed),
            share(one.noise),
            share(one.lost),
            share(one.spread),
        ]
        for one in tried
    ]
    told = (
        "target's variance within points" if not data.classes else "samples that no function of the points tells right"
    )
    note = (
        f"Of the training part of {tried[0].samples:,} samples, as studies split it with seed 0; the D features are "
        "those with the highest F-scores. K: distinct points. Mixed: share of these with different labels. Label "
        f"noise: share of the {told}, none where each point has one sample. Lost: how much of that quantizing makes. "
        "Spread: share of the features' variance within levels."
    )
    columns = ["D", "P", "K", "K/P^D", "mixed", "label noise", "lost", "spread"]
    console.print(for_terminal(Table("As residues", columns, rows, note)))
    console.print()
    for one in fitting:
        line = f"fits: {one.command}" if one.fits else f"does not fit: {one.why}"
        console.print(printable(f"{one.study:10} {line}"), soft_wrap=True, markup=False, highlight=False)


def _numbers(name: str, text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return list(dict.fromkeys(int(word) for word in text.split(",")))
    except ValueError:
        raise InputError(f"{name} = {text!r} is no list of whole numbers; separate them by commas.") from None

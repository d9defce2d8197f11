"""The report of ground states: what tickets are, what matters of them, and what else has their energy."""

from compare.engine import Runs
from compare.report import Card, Report
from compare.report.cells import so_many
from compare.studies.ground_states.arms import arms
from compare.studies.ground_states.equal import equal, families, fewest
from compare.studies.ground_states.errors import error_picture, errors, lost
from compare.studies.ground_states.fidelity import fidelity
from compare.studies.ground_states.masks import masks
from compare.studies.ground_states.noise import noise
from compare.studies.ground_states.readings import Place, listed, places
from compare.studies.ground_states.study import NOISE, ROUND, STUDY, Settings

__all__ = ["report"]


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    sections = [part(runs, settings) for part in (errors, arms, masks, equal, noise, fidelity)]
    shown = [one for one in sections if one.findings or one.tables or one.pictures]
    said = [one for place in places(runs)[:1] for one in _card(place, runs, settings) if one]
    return Report(STUDY.title, Card(error_picture(runs), said[:3]), shown, cited="the published curves")


def _card(place: Place, runs: Runs, settings: Settings) -> list[str]:
    return [_ticket(place, runs, settings), _equal(place, runs, settings), _noise(place, runs)]


def _ticket(place: Place, runs: Runs, settings: Settings) -> str:
    """Say what the smallest tickets are."""
    rounds = place.rows(runs, ROUND).where(rewind=settings.rewinds[0])
    alphas = rounds.unique("alpha") if len(rounds) else []
    alpha = settings.armed[0] if settings.armed[0] in alphas else alphas[0] if alphas else None
    own = rounds.where(alpha=alpha)
    found = lost(place, own)
    if not found:
        return ""
    least = min(held for held, _ in found.values())
    there = [row for row in own if row["count"] == least and row["seed"] in found and found[row["seed"]][0] == least]
    best = min(there, key=lambda row: row["error"])
    below = sum(held < place.fewest for held, _ in found.values())
    near = place.known.near
    told = f"Pruning finds the lattice: the smallest network that loses no {place.thing} (alpha = {alpha}) has "
    told += f"{least} weights, {best['on_products']} of its {best['candidates']} neurons of {place.weights} on a "
    told += f"{place.thing}, and an error of {best['error']:.3g}"
    if near is not None:
        told += f", that of the nearest-neighbor Jastrow state is {near:.3g}"
    several = "seed holds" if below == 1 else "seeds hold"
    return f"{told}; {below} of {len(found)} {several} below {place.fewest}, {place.each} weights a {place.thing}."


def _equal(place: Place, runs: Runs, settings: Settings) -> str:
    """Say what a Jastrow state does with few parameters, and what networks and circuits take for it."""
    every = families(place, runs, settings)
    couplings = every.get("Jastrow", {})
    if not couplings:
        return ""
    many = max(couplings)
    told, beaten = [], True
    for start, words in (("network", "the pruned network"), ("rotation", "the pruned circuit"), ("ADAPT", "ADAPT")):
        sizes = [one for name, one in every.items() if name.startswith(start)]
        needed = [found for one in sizes if (found := fewest(one, couplings[many])) is not None]
        if sizes:
            beaten = beaten and (not needed or min(needed) > many)
            most = max(max(one) for one in sizes)
            told.append(f"{words} needs {min(needed):,}" if needed else f"{words} needs more than {most:,}")
    what = "a Jastrow state beats both" if beaten else "a Jastrow state does not beat both"
    return (
        f"At equal numbers of parameters {what}: {many} couplings have an error of {couplings[many]:.2g}, for which "
        f"{listed(told)}."
    )


def _noise(place: Place, runs: Runs) -> str:
    """Say which tickets are worth their gates with noise."""
    rows = list(place.rows(runs, NOISE))
    if not rows:
        return ""
    wins = [row["two_qubit"] for row in rows if row["error"] < row["product"]]
    loses = [row["two_qubit"] for row in rows if row["error"] >= row["product"]]
    told = f"With the noise of {rows[0]['device']} "
    if not wins:
        least = so_many(min(loses), "two-qubit gate")
        return f"{told}no circuit, from {least} on, has less energy than |+> on the same qubits."
    best = min((row for row in rows if row["error"] < row["product"]), key=lambda row: row["error"] - row["product"])
    told += (
        f"circuits of up to {so_many(max(wins), 'two-qubit gate')} have less energy than |+> on the same qubits "
        f"(at best {best['error']:.4f} against {best['product']:.4f})"
    )
    return f"{told}, and those of {min(loses)} and more do not." if loses and min(loses) > max(wins) else f"{told}."

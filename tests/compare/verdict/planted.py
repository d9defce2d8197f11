"""Studies whose records are planted: both sides' seconds are what the task says."""

from dataclasses import dataclass, replace
from typing import Annotated

from compare.claims import DOES_NOT_FIT, NEVER_REACHED, Assumed, Claim, Mark, Number, changes, hashes
from compare.engine import Above, Each, Kind, Study
from compare.report import Card, Report
from compare.statistics import Estimate

GATES, STEP, DEVICE = "T gates one by one", "one step a query", "fake_fez, with its errors"


@dataclass(frozen=True)
class Settings:
    quantum: Annotated[float, Above(0)] = 100.0
    classical: Annotated[float, Above(0)] = 1.0
    cycle: Annotated[float, Above(0)] = 1.0
    error: Annotated[float, Above(0)] = 1.0
    fails: bool = False
    beyond: Annotated[tuple[float, ...], Each("beyond")] = (1.0,)


@dataclass(frozen=True)
class Task:
    quantum: float
    classical: float
    fails: bool
    beyond: float


@dataclass(frozen=True)
class Seconds:
    quantum: float
    classical: float


def measure(task, seeds, inputs):
    if task.fails:
        raise RuntimeError("the planted task fails")
    return Seconds(task.quantum, task.classical)


BOTH = Kind("planted/both", Task, Seconds, measure)


def tasks(settings):
    return BOTH.product(settings, quantum=settings.quantum, classical=settings.classical, fails=settings.fails)


def report(runs, settings):
    return Report("Planted", Card(None, [f"{len(runs[BOTH])} planted."]), [])


def around(value, by=2.0):
    return Estimate(value / by, value, value * by, 3)


def claim(runs, settings):
    rows = list(runs[BOTH])
    records = hashes(runs, BOTH)

    def ratio(other):
        return rows[0]["quantum"] * other.cycle / other.error**2 / rows[0]["classical"]

    marks = []
    for row in rows:
        quantum, classical = around(row["quantum"]), around(row["classical"])
        common = {"classical": classical, "records": records}
        marks = [
            Mark(STEP, quantum.times(0.01), start=1e3, until=1e6, **common),
            Mark(GATES, quantum, beyond=row["beyond"], until=1e6, **common),
            Mark(DEVICE, open=NEVER_REACHED, records=records, now=True),
            Mark("T layers at once", open=DOES_NOT_FIT, records=records),
        ]
    names = {"cycle": "seconds of a round", "error": "error of a pot"}
    return Claim(
        title="Planted",
        says="Plants grow",
        paper="0000.00000",
        regime="any garden",
        size="n = 5",
        letter="n",
        quality="green",
        rival="rain",
        built=[Number("pots", 1, "1 pot", records)],
        equal_size=[],
        equal_compute=[],
        marks=marks,
        deciding=GATES,
        changes=changes(ratio, settings, names) if rows else [],
        omits=[Number("worms", 7, "7 worms", records), "sun"],
        assumes=[
            Assumed("Round", "1 s", "--cycle, --cycles", "nobody"),
            Assumed("Weather", "fair", favors="quantum: it rains"),
        ],
        elsewhere=[Number("snow", 7, "against snow: faster from n = 7 on", records)],
    )


STUDY = Study(
    "planted",
    "Planted: seconds that are known",
    "Planted records.",
    Settings,
    tasks,
    report,
    (BOTH,),
    presets={"verdict": Settings()},
    claim=claim,
)


def study(name, **settings):
    """Return the study under another name with other seconds."""
    return replace(STUDY, name=name, presets={"verdict": Settings(**settings)})


def newer(other):
    """Return a study whose kind has risen to another version."""
    kind = replace(BOTH, version=2)
    return replace(other, kinds=(kind,), tasks=lambda settings: [kind(one.task) for one in tasks(settings)])

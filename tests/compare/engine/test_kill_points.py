"""Studies with two workers are killed at many moments each: nothing that was finished is lost or run again."""

import json
import os
import random
import shutil
import time
from collections import Counter

import pytest

from compare.engine.graph import Graph
from compare.engine.running import plan
from compare.studies.ridgelet.risk import study as risk
from tests.compare.engine import toy
from tests.compare.engine.prepared import Prepared, finished_in, lines_of
from tests.copies import KILLED

KILLS = int(os.environ.get("KILLS", "24"))
"""Kills of each study; `make kills` has more."""

RISK = risk.Settings(
    datasets=("sine-tiny", "digits-tiny"), methods=("uniform", "leverage", "enumeration"), folds=4, nodes=8
)

CAMPAIGNS = {
    "a risk run": ("compare.studies.ridgelet.risk.study", risk, RISK),
    "a sweep": ("tests.compare.engine.toy", toy, toy.Settings(repeats=8, methods=("plain", "large"))),
}


def parsed(lines):
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            found.append(None)
    return found


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_study_killed_at_many_moments(tmp_path, record_property, name):
    module, room, settings = CAMPAIGNS[name]
    kinds = room.STUDY.by_name
    asked = Graph.of(plan(room.STUDY, [settings]).tasks, {}).tasks
    prepared = Prepared(module, settings, warm=8)
    rng = random.Random(7)
    kills = losses = twice = broken = torn = tears = runs = 0
    try:
        # The first of all is the slowest: random moments come from the second.
        for trial in ("first", "second"):
            start = time.perf_counter()
            code, points = prepared.trial(tmp_path / trial)
            seconds = time.perf_counter() - start
            assert code == 0
            whole = finished_in(tmp_path / trial, kinds)
            assert whole.keys() == asked.keys()
        folder, content, known = tmp_path / "run-0", b"", {}
        while kills < KILLS or known.keys() != asked.keys():
            tear = kills < KILLS and kills % 4 == 2
            if kills == KILLS:
                moment = {}
            elif tear:
                moment = {"tear": True}
            elif kills % 2:
                moment = {"after": rng.uniform(0, seconds)}
            else:
                moment = {"point": rng.randint(1, int(points) // 3)}
            code, _ = prepared.trial(folder, **moment)
            kills += code == KILLED
            lines = lines_of(folder)
            now, before = b"\n".join(lines), content
            found = finished_in(folder, kinds)
            losses += len(known.keys() - found.keys()) + (not now.startswith(before))
            records = [record for record in parsed(lines) if record is not None]
            twice += sum(count - 1 for count in Counter(record["task"] for record in records).values())
            broken += sum(text != whole[task] for task, text in found.items())
            broken += len(found) != len(records)
            torn += bool(lines and lines[-1])
            tears += tear and code == KILLED and bool(lines[-1])
            content, known = now, found
            if known.keys() == asked.keys() and kills < KILLS:
                shutil.rmtree(folder)
                runs += 1
                folder, content, known = tmp_path / f"run-{runs}", b"", {}
    finally:
        prepared.close()
    text = (
        f"{name} with two workers, killed: {kills} times in {runs + 1} runs of {len(asked)} tasks, {torn} times "
        f"within a line: {losses} finished tasks lost, {twice} run twice, {broken} broken lines read"
    )
    print(text)
    record_property("measured", text)
    assert (losses, twice, broken) == (0, 0, 0)
    assert kills == KILLS
    assert tears == (KILLS + 1) // 4  # whenever a kill was to leave half a line, it did

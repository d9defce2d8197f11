"""A sweep with two workers is killed at a hundred moments: nothing that was finished is lost or run again."""

import json
import random
import shutil
import time
from collections import Counter

import pytest

from tests.compare.sweeps.prepared import Prepared
from tests.compare.sweeps.runs import finished_in, lines_of, small_tasks
from tests.copies import KILLED

KILLS = 100

TASKS = small_tasks(15)
ASKED = {task.id: task.settings for task in TASKS}


@pytest.fixture(scope="module")
def prepared():
    process = Prepared(TASKS)
    yield process
    process.close()


def parsed(lines):
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            found.append(None)
    return found


def test_a_sweep_killed_at_a_hundred_moments(tmp_path, prepared, record_property):
    rng = random.Random(7)
    kills = losses = twice = broken = torn = sweeps = 0
    # The first of all is the slowest: random moments come from the second.
    for name in ("first", "second"):
        start = time.perf_counter()
        code, points = prepared.trial(tmp_path / name)
        seconds = time.perf_counter() - start
        assert code == 0
        assert len(finished_in(tmp_path / name)) == len(TASKS)
    folder, content, known = tmp_path / "sweep-0", b"", {}
    while kills < KILLS or known.keys() != ASKED.keys():
        if kills == KILLS:
            moment = {}
        elif kills % 2:
            moment = {"after": rng.uniform(0, seconds)}
        else:
            moment = {"point": rng.randint(1, int(points) // 3)}
        code, _ = prepared.trial(folder, **moment)
        kills += code == KILLED
        lines = lines_of(folder)
        now, before = b"\n".join(lines), content
        found = finished_in(folder)
        losses += len(known.keys() - found.keys()) + (not now.startswith(before))
        records = [record for record in parsed(lines) if record is not None]
        twice += sum(count - 1 for count in Counter(record["task"] for record in records).values())
        broken += sum(json.loads(text)[0] != ASKED.get(task) for task, text in found.items())
        broken += sum(json.loads(text)[1].keys() != {*FIELDS} for text in found.values())
        broken += len(found) != len(records)
        torn += bool(lines and lines[-1])
        content, known = now, found
        if known.keys() == ASKED.keys() and kills < KILLS:
            shutil.rmtree(folder)
            sweeps += 1
            folder, content, known = tmp_path / f"sweep-{sweeps}", b"", {}
    text = (
        f"a sweep with two workers, killed: {kills} times in {sweeps + 1} sweeps of {len(TASKS)} tasks, {torn} times "
        f"within a line: {losses} finished tasks lost, {twice} run twice, {broken} broken lines read"
    )
    print(text)
    record_property("measured", text)
    assert (losses, twice, broken) == (0, 0, 0)
    assert kills == KILLS
    assert torn > 5


FIELDS = ("points", "prepare_seconds", "seconds_per_sample", "seconds", "density")

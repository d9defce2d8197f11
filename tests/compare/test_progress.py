import io
import re
import threading
import time

from rich.console import Console

from compare import progress
from compare.engine.durations import seconds_left, typical
from compare.progress import _Log, progress_bars, time_left


def test_short_work_says_nothing_in_a_log():
    out = io.StringIO()
    with progress_bars(Console(file=out)) as track:
        advance = track("Tasks", 3)
        for _ in range(3):
            advance("a")
    assert out.getvalue() == ""
    assert "progress" not in {thread.name for thread in threading.enumerate()}


def test_long_steps_are_a_line_each_with_the_time_left(monkeypatch):
    clock, lines = [0.0], []
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    log = _Log(lines.append)
    advance = log.track("Tasks", 4)
    for seconds in (40, 40, 1, 39):
        clock[0] += seconds
        advance("a, 3")
    assert lines == [
        "Tasks: 1 of 4, 2 min left (a, 3)",
        "Tasks: 2 of 4, 80 s left (a, 3)",
        "Tasks: 4 of 4, 0 s left (a, 3)",
    ]


def test_a_step_that_goes_on_is_seen_to_live():
    lines = []
    with _Log(lines.append, period=0.02, silence=0.08) as log:
        log.track("Timed", 2)
        end = time.monotonic() + 10
        while len(lines) < 3 and time.monotonic() < end:
            time.sleep(0.01)
        log.track("Others", 1)("done")
        done = len(lines)
    assert done >= 3
    assert all(re.fullmatch(r"Timed: 0 of 2, at work, [\d.]+ s so far", line) for line in lines[:3])
    assert not any(line.startswith("Others: 1 of 1, at work") for line in lines)


def test_time_left_has_two_digits():
    assert [time_left(s) for s in (3.14, 42, 100, 7200, 10**6)] == ["3.1 s", "42 s", "1.7 min", "2 h", "12 days"]


class Kinds:
    def __init__(self, name, timed=False):
        self.name, self.timed = name, timed


class Task:
    def __init__(self, kind, method):
        self.kind, self.settings = kind, {"method": method}


class Ended:
    def __init__(self, planned, seconds):
        self.planned, self.line = planned, type("Line", (), {"seconds": seconds})


def test_what_is_left_takes_what_its_like_took():
    fit, clock = Kinds("fit"), Kinds("clock", timed=True)
    known = typical([Ended(Task(fit, "a"), s) for s in (1.0, 2.0, 90.0)] + [Ended(Task(clock, ""), 5.0)])
    assert known == {("fit", "a"): 2.0, ("clock", ""): 5.0}
    left = [Task(fit, "a"), Task(fit, "a"), Task(fit, "b"), Task(clock, "")]
    assert seconds_left(left, known, 2) == (7.0, 1)

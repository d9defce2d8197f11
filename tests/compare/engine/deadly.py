"""Programs run in place of tasks, to see how processes die."""

import os
import time

from compare.engine.work import run_job

DEADLY = 3
"""The size of tasks that kill their process."""


def run_deadly(kind, task, inputs):
    """Kill the process at one size, and take a moment at all others."""
    if task.size == DEADLY:
        os.kill(os.getpid(), 9)
    time.sleep(0.02)
    return run_job(kind, task, inputs)


def run_once_deadly(mark, kind, task, inputs):
    """Kill the process at one size, but not for the second time."""
    if task.size == DEADLY and not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), 9)
    return run_job(kind, task, inputs)

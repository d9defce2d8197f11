"""What is run in place of tasks, to see how processes die."""

import os
import time

from compare.sweeps.task import run_task

DEADLY = 3
"""The dimension of tasks that kill their process."""


def run_deadly(kind, settings):
    """Kill the process at one dimension, and take a moment at all others."""
    if settings["dimension"] == DEADLY:
        os.kill(os.getpid(), 9)
    time.sleep(0.02)
    return run_task(kind, settings)


def run_once_deadly(mark, kind, settings):
    """Kill the process at one dimension, but not for the second time."""
    if settings["dimension"] == DEADLY and not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), 9)
    return run_task(kind, settings)

"""A process with everything imported, whose copies sweep until they are killed."""

import multiprocessing
import os
import signal
from pathlib import Path

from compare.sweeps import processes
from compare.sweeps.processes import Processes
from compare.sweeps.running import open_folder, run_tasks
from compare.sweeps.task import run_task
from tests.copies import KILLED, run_in_copy


class Prepared:
    """The process, from outside; its sweeps are of these tasks."""

    def __init__(self, tasks):
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, tasks))
        self._process.start()
        other.close()

    def close(self):
        self._pipe.send(None)
        self._process.join(10)
        self._process.close()

    def trial(self, folder, point=None, after=None):
        """Have a copy sweep in a folder with two workers; return its exit code, its points and what it told.

        It is killed with its workers at this point (before a write or in its midst), or after so many seconds.
        """
        self._pipe.send((str(folder), point, after))
        code, said = self._pipe.recv()
        if code not in (0, KILLED):
            raise AssertionError(said)
        return code, said


def _serve(pipe, tasks):
    # Copies of copies: what a process needs is imported, so that a trial takes no longer than its tasks.
    run_task(tasks[0].kind, tasks[0].settings)
    processes._context = lambda: multiprocessing.get_context("fork")
    while (asked := pipe.recv()) is not None:
        pipe.send(_copy(tasks, *asked))


def _copy(tasks, folder, point, after):
    def sweep():
        points = _Points(point)
        with open_folder(Path(folder)), Processes(2) as crew:
            run_tasks(tasks, Path(folder), crew)
        return points.passed

    return run_in_copy(sweep, after)


class _Points:
    """Counts this process's writes to the disk, and kills it before one of them, or when half of it is written."""

    def __init__(self, fatal):
        self.passed, self.own = 0, os.getpid()
        for name in ("write", "fsync", "replace"):
            setattr(os, name, self._around(getattr(os, name), fatal))

    def _around(self, function, fatal):
        def watched(*arguments):
            if os.getpid() == self.own and arguments[0] != 1:
                self.passed += 1
                if self.passed == fatal:
                    if function.__name__ == "write":
                        function(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                    os.kill(self.own, signal.SIGKILL)
            return function(*arguments)

        return watched

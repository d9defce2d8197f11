"""A process with everything imported, whose copies run a study until they are killed."""

import json
import multiprocessing
import os
import signal
from importlib import import_module
from pathlib import Path

from compare.engine import processes
from compare.engine.folder import RECORDS, read_records
from compare.engine.running import execute, plan
from tests.copies import KILLED, run_in_copy


class Prepared:
    """The process, from outside; it runs this study (its module) with these settings.

    With `warm` it runs the study once itself, so that its copies find everything imported and compiled.
    """

    def __init__(self, module, settings, warm=None):
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, module, settings, warm))
        self._process.start()
        other.close()

    def close(self):
        self._pipe.send(None)
        self._process.join(10)
        self._process.close()

    def trial(self, folder, point=None, after=None, tear=False):
        """Have a copy run in a folder with two workers; return its exit code, its points and what it told.

        It is killed with its workers at this point (before a write or in its midst), after so many seconds, or when
        half of its first record is written.
        """
        self._pipe.send((str(folder), point, after, tear))
        code, said = self._pipe.recv()
        if code not in (0, KILLED):
            raise AssertionError(said)
        return code, said


def _serve(pipe, module, settings, warm):
    planned = plan(import_module(module).STUDY, [settings])
    # Copies of copies: what a process needs is imported, so that a trial takes no longer than its tasks.
    processes._context = lambda preload: multiprocessing.get_context("fork")
    if warm is not None:
        from compare.engine.work import run_job

        for task in planned.tasks[:warm]:
            run_job(task.kind, task.task, {})
    while (asked := pipe.recv()) is not None:
        pipe.send(_copy(planned, *asked))


def _copy(planned, folder, point, after, tear):
    def run():
        points = _Points(point, tear)
        execute(planned, Path(folder), 2)
        return points.passed

    return run_in_copy(run, after)


class _Points:
    """Counts this process's writes to the disk, and kills it before one of them, or when half of it is written."""

    def __init__(self, fatal, tear):
        self.passed, self.own, self.tear = 0, os.getpid(), tear
        for name in ("write", "fsync", "replace"):
            setattr(os, name, self._around(getattr(os, name), fatal))

    def _around(self, function, fatal):
        def watched(*arguments):
            if os.getpid() == self.own and arguments[0] != 1:
                self.passed += 1
                if self.passed == fatal or (self.tear and self._is_record(function, arguments[0])):
                    if function.__name__ == "write":
                        function(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                    os.kill(self.own, signal.SIGKILL)
            return function(*arguments)

        return watched

    @staticmethod
    def _is_record(function, file):
        """Whether a record is about to be written."""
        return function.__name__ == "write" and os.readlink(f"/proc/self/fd/{file}").endswith(f"/{RECORDS}")


def lines_of(folder):
    """The lines of a folder's records as they stand, the last one also if it is cut off."""
    path = folder / RECORDS
    return path.read_bytes().split(b"\n") if path.exists() else []


def finished_in(folder, kinds):
    """Finished tasks: settings and result as the line has them."""
    path = folder / RECORDS
    found = read_records([path] if path.exists() else [], kinds)
    return {
        task: json.dumps([record.line.settings, record.line.result, record.line.arrays])
        for task, record in found.finished.items()
    }

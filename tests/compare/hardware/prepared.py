"""A process with everything imported and connected, whose copies submit and fetch until they are killed."""

import contextlib
import gc
import http.client
import importlib
import multiprocessing
import os
import signal
import sys
import tempfile
from pathlib import Path

from urllib3.connectionpool import HTTPConnectionPool

from compare.engine.provenance import provenance
from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.local import _backend
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from tests.compare.hardware.runs import QUICK, connect, small_plan
from tests.copies import run_in_copy


class Prepared:
    """The process, from outside.

    Parameters
    ----------
    environ
        The account.
    jobs
        By backend, how many jobs its runs have.
    """

    def __init__(self, environ, jobs):
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, environ, jobs), daemon=True)
        self._process.start()
        other.close()

    def close(self):
        self._pipe.send(None)
        self._process.join(10)
        self._process.close()

    def trial(self, backend, action, path, point=None, after=None):
        """Have a copy submit into a folder, or resume or fetch a run, and return its exit code and points.

        It is killed at this point (a number: before a write or a request, or in the midst), or after so many seconds.
        Points passed are reported only by a copy that was not killed.
        """
        self._pipe.send((backend, action, str(path), point, after))
        code, passed = self._pipe.recv()
        if isinstance(passed, str):
            raise AssertionError(passed)
        return code, passed


def _serve(pipe, environ, jobs):
    os.environ.update(environ)
    account = connect()
    plans = {backend: small_plan(backend, count, account=account) for backend, count in jobs.items()}
    for plan in plans.values():
        _import_what_is_used(plan)
        if plan.local:  # its noise is kept; nothing runs here, as a copy has none of the threads for it
            _backend(plan.order.backend, plan.order.suppression).program(plan.jobs[0].circuit, plan.jobs[0].rank)
    provenance()  # keeps the versions of all that is installed
    gc.disable()  # or each copy would look through all that it shares, and so make it its own
    while (asked := pipe.recv()) is not None:
        backend, *order = asked
        pipe.send(_copy(plans[backend], *order))


def _import_what_is_used(plan):
    """Import what a copy imports while it submits and fetches: each of the others would import it anew."""

    def act():
        with tempfile.TemporaryDirectory() as folder:
            run = create(plan, Path(folder))
            if plan.account is not None:
                send(run, plan.account, plan.device, fresh=True, pace=QUICK)
            fetch(run, True, lambda: plan.account, QUICK)
        return " ".join(sys.modules)

    code, said = run_in_copy(act)
    assert code == 0, said
    for name in said.split():
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _copy(plan, action, path, point, after):
    account = plan.account

    def act():
        points = _Points(point)
        with points.watched():
            if action == "submit":
                run = create(plan, Path(path))
                if account is not None:
                    send(run, account, plan.device, fresh=True, pace=QUICK)
            elif action == "resume":
                send(HardwareRun(Path(path)), account, pace=QUICK)
            else:
                fetch(HardwareRun(Path(path)), True, lambda: account, QUICK)
        return points.passed

    code, said = run_in_copy(act, after)
    return code, int(said) if said.isdigit() else said or None


class _Points:
    """Counts the moments before every write and request, and kills its process at one of them."""

    def __init__(self, fatal):
        self.fatal, self.passed = fatal, 0

    def point(self, file=None):
        self.passed += 1
        if self.passed == self.fatal:
            if file is not None:  # half of it is on disk
                os.ftruncate(file, os.fstat(file).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.contextmanager
    def watched(self):
        places = [(os, name) for name in ("mkdir", "rename", "replace", "unlink", "fsync")]
        # Before a request, and when it is sent and not yet answered. After it comes the next of these points.
        places += [(HTTPConnectionPool, "urlopen"), (http.client.HTTPConnection, "getresponse")]
        known = [(place, name, getattr(place, name)) for place, name in places]
        for place, name, function in known:
            setattr(place, name, self._around(function))
        try:
            yield
        finally:
            for place, name, function in known:
                setattr(place, name, function)

    def _around(self, function):
        def watched(*arguments, **options):
            folder = function.__name__ != "fsync" or os.path.isdir(f"/proc/self/fd/{arguments[0]}")
            self.point(None if folder else arguments[0])
            return function(*arguments, **options)

        return watched

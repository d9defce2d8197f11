"""Tasks on a cluster: the workers of a dask scheduler, on any number of machines."""

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import urlsplit

from compare.engine.kind import Planned, spreads
from compare.engine.lent import lend
from compare.engine.work import Job, Outcome, failure, run_job
from compare.unfinished import Unfinished
from problems.errors import InputError

__all__ = ["Cluster"]

PATIENCE = 10
"""Seconds that a scheduler has to answer."""

GLANCE = 0.1
"""Seconds between two looks at what others finished, while a task runs here."""


class Cluster:
    """The workers of a scheduler; see `compare.engine.workers.Workers`.

    A task whose worker is lost is run again by another; the scheduler gives a task up that took several workers down
    (its setting ``distributed.scheduler.allowed-failures``, 3 by default).

    Parameters
    ----------
    address
        Of the scheduler, such as tcp://127.0.0.1:8786.

    Raises
    ------
    InputError
        If dask.distributed is not installed, there is no scheduler, or one of its workers has no quantum-tickets.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ModuleNotFoundError:
            raise InputError(
                "A cluster needs dask.distributed, which is not installed; run: pip install 'quantum-tickets[cluster]'."
            ) from None
        _check_address(address)
        # What happens to a connection is said below, once and in words; each of its loggers has a level of its own.
        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.address = address
        self._distributed = distributed
        try:
            self._client = distributed.Client(address, timeout=PATIENCE, set_as_default=False, name="quantum-tickets")
        except Exception as error:  # whatever a client makes of what answers there
            reason = " ".join(str(error).split()) or type(error).__name__
            raise InputError(
                f"No scheduler answers at {address} ({reason}); start one with `dask scheduler`, and give the address "
                "that it prints."
            ) from None
        try:
            self._check_workers()
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

    @property
    def workers(self) -> int:
        """How many workers there are now; tasks wait for the first."""
        with self._asking():
            return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def run(self, queue: deque[Job]) -> Iterator[tuple[Planned, Outcome]]:
        """Run jobs side by side, and here those that share out their own work; see `workers.Workers.run`.

        One such job runs at a time, in a thread, so that what others finish meanwhile is not kept waiting for it.
        """
        by_key: dict[str, Planned] = {}
        finished = self._distributed.as_completed(loop=self._client.loop)
        own, beside = deque[Job](), None
        while True:
            while queue:
                job = queue.popleft()
                if spreads(job.planned):
                    own.append(job)
                    continue
                key, arguments = f"{job.planned.kind.name}-{job.planned.id}", job.arguments()
                by_key[key] = job.planned
                with self._asking():
                    finished.add(self._client.submit(run_job, *arguments, key=key, pure=False))
            if beside is None and own:
                beside = _Beside(own.popleft(), self._client)
            if beside is None and finished.is_empty():
                return
            if beside is not None and not finished.has_ready():
                if beside.ended():
                    outcome, planned, beside = beside.outcome(), beside.planned, None
                    yield planned, outcome
                continue
            with self._asking():
                future = next(finished)
                outcome = _outcome(future)
            yield by_key.pop(future.key), outcome
            with self._asking():
                future.release()

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """Say in words that the scheduler went away, whatever is raised by what is asked of it.

        It may go at any moment, also between two questions: so none is asked about an earlier one's answer.
        """
        try:
            yield
        except Exception:
            raise Unfinished(
                f"The scheduler at {self.address} went away; finished tasks are kept, and the same command goes on "
                "once it is back."
            ) from None

    def _check_workers(self) -> None:
        """Refuse workers that cannot run a task: they would fail them all."""
        with self._asking():
            found = self._client.run(run_nothing, on_error="return")
        for error in found.values():
            if error is not None:
                raise InputError(
                    f"The workers of {self.address} cannot run tasks ({_in_words(error)}); install this version of "
                    "quantum-tickets where they run."
                )

    def _close(self) -> None:
        with contextlib.suppress(Exception):
            self._client.close(timeout=PATIENCE)


class _Beside:
    """A task that runs here, in a thread beside the one that takes outcomes, with the scheduler's client lent to it.

    Parameters
    ----------
    job
        The task; its inputs are read at once, by the caller.
    client
        The scheduler's client, which is lent to it.
    """

    def __init__(self, job: Job, client: Any) -> None:
        self.planned = job.planned
        self._arguments, self._client, self._found = job.arguments(), client, list[Outcome | BaseException]()
        # It ends with the program: once the client is closed, nobody computes for it.
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"beside-{job.planned.kind.name}")
        self._thread.start()

    def _run(self) -> None:
        try:
            with lend(self._client):
                self._found.append(run_job(*self._arguments))
        except BaseException as error:  # raised where the outcome is taken
            self._found.append(error)

    def ended(self) -> bool:
        """Wait a little, and tell whether the task has ended."""
        self._thread.join(GLANCE)
        return not self._thread.is_alive()

    def outcome(self) -> Outcome:
        """Return what became of the task, which has ended."""
        (found,) = self._found
        if isinstance(found, BaseException):
            raise found
        return found


def _check_address(address: str) -> None:
    """Refuse what no scheduler could have: the client would try it for half a minute."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        complete = parts.scheme in ("tcp", "tls") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        complete = False
    if not complete:
        raise InputError(
            f"scheduler = {address!r} is no address; give the one that `dask scheduler` prints, such as "
            "tcp://127.0.0.1:8786."
        )


def run_nothing() -> None:
    """Run on each worker before any task: it fails where the packages are missing."""
    import compare.engine.work  # noqa: F401


def _in_words(error: Any) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _outcome(future: Any) -> Outcome:
    """Return what became of a task; whatever else is raised is the scheduler's going away.

    The task itself raises nothing (see `run_job`): an exception is its worker's, if the scheduler still says so.
    """
    try:
        found = future.result()
    except Exception as error:
        if future.status == "error":
            return failure(_in_words(error))
        raise
    if not isinstance(found, Outcome):
        raise TypeError(f"{found!r} is no outcome")  # of a client that was closed meanwhile
    return found

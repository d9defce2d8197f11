"""Copies of a process, in which things happen until they are killed."""

import contextlib
import os
import signal
import tempfile
import time
import traceback

__all__ = ["KILLED", "run_in_copy"]

KILLED = -signal.SIGKILL


def run_in_copy(action, after=None):
    """Have a copy of this process run `action`; return its exit code, and what the action returned, as text.

    After so many seconds it is killed, with whatever processes it has begun. What the action raises is returned as a
    traceback, with the exit code 1. Copies of the copy are gone too when this returns, and what they held is free.
    """
    with tempfile.TemporaryFile() as said:  # and no pipe, which holds so much and then waits for who reads it
        gone, held = os.pipe()  # ends when the last that holds its other side has died
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(gone)
                os.setsid()
                os.write(said.fileno(), str(action()).encode())
                code = 0
            except BaseException:
                os.write(said.fileno(), traceback.format_exc().encode())
            finally:
                os._exit(code)
        os.close(held)
        if after is not None:
            until = time.monotonic() + after
            while time.monotonic() < until and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                time.sleep(0.001)
            os.kill(child, signal.SIGKILL)  # one that has ended is there until it is waited for
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # its own copies
        os.read(gone, 1)
        os.close(gone)
        said.seek(0)
        return os.waitstatus_to_exitcode(status), said.read().decode()

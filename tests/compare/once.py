"""Small runs of studies, each made once in all of a session's processes, whichever of them comes first.

A folder that is here is nobody's own: a test that continues a run, or changes its files, works on a copy.
"""

import functools
import json
import os
import shutil
from hashlib import sha256

from filelock import FileLock

_place = []


def settle(tmp_path_factory):
    """Take the folder that all processes of this session share."""
    base = tmp_path_factory.getbasetemp()
    _place[:] = [(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)]


def made_once(name, make):
    """Return a folder that `make` fills when it is first asked for."""
    folder = _place[0] / name
    with FileLock(f"{folder}.lock"):
        done = folder.with_name(f"{name}.done")
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


def run_once(study, workers=1, **settings):
    """Return the runs of a study with these settings; they are made when they are first asked for."""
    return _run_once(study, workers, json.dumps(settings, sort_keys=True))


@functools.cache
def _run_once(study, workers, settings):
    import compare
    from compare.engine.runs import Runs
    from compare.studies import STUDIES

    def make(folder):
        compare.run(study, workers=workers, out=folder, progress=False, **json.loads(settings))

    return Runs.read(STUDIES[study], made_once(f"{study}-{sha256(settings.encode()).hexdigest()[:8]}", make))


def copied(runs, folder):
    """Copy the folder of runs to where a test may go on with them, and return it: nothing there is run again."""
    return shutil.copytree(runs.folder, folder, dirs_exist_ok=True)


def report_once(runs):
    """Have the page of runs that are made once written into their folder, once as well; return the runs."""
    made_once(f"{runs.folder.name}-page", lambda folder: runs.report())
    return runs

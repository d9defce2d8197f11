"""The commit of the code, where it runs from a checkout."""

import functools
import os
import subprocess
from pathlib import Path
from typing import TypedDict

__all__ = ["Commit", "commit"]

ROOT = Path(__file__).parents[1]

PATIENCE = 10
"""Seconds that git has to answer."""


class Commit(TypedDict):
    """A commit, as records have it: its ``id``, and whether tracked files were ``changed`` since."""

    id: str
    changed: bool


@functools.cache
def commit() -> Commit | None:
    """Return the commit's ``id`` and whether tracked files were ``changed`` since; None if that is not known.

    Asked once: the code that runs is what was there at the beginning.
    """
    if not (ROOT / ".git").exists():  # installed, maybe in an environment that lies in somebody else's repository
        return None
    identity, status = _git("rev-parse", "HEAD"), _git("status", "--porcelain", "--untracked-files=no")
    if identity is None or status is None:
        return None
    return {"id": identity.strip(), "changed": bool(status.strip())}


def _git(*arguments: str) -> str | None:
    """Return what git says; None where there is no git, or it refuses."""
    # A hook's own repository, which its environment names, is not asked for; nor is the index written.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "--no-optional-locks", "-C", str(ROOT), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None

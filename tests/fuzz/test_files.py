"""Every command that reads files of a finished run, on files that were changed in every way there is."""

import contextlib
import io
import os
import signal
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import hypothesis
import pytest

from compare import cli
from compare.engine import kind as kind_module
from compare.report.figures import Embedded
from tests.fuzz.mutations import mutations
from tests.fuzz.runs import DEVICE, HARDWARE, LONG, SETTINGS, finished
from tests.loopback.environment import no_account

FEW = 150

MUTATIONS = int(os.environ.get("MUTATIONS", FEW))
"""Mutations in all; `make fuzz` has more."""

KINDS = [kind for kind in (*SETTINGS, HARDWARE, DEVICE) if MUTATIONS > FEW or kind not in LONG]

NAME = "hw-20261129-0f0f0f"

OTHERS = {"line": b'{"schema": 2}', "text": b"no record", "npy": b"\x93NUMPY\x01\x00v\x00"}
"""Things that may stand in a file's place."""

RAISED = 99

MOST_TASKS = 20_000
"""Tasks that one command may plan, whatever a file asks for: the runs have some hundred at most."""

LONGEST = 60
"""Seconds of the processor after which a command counts as one that does not end."""


class EndlessError(BaseException):
    """A command that did not end."""


def command(*arguments):
    """Run a command in this process; return its exit code, output and errors, a traceback among these."""
    out, errors, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            cli.main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
        except Exception:
            code = RAISED
            errors.write(traceback.format_exc())
    return code, out.getvalue(), errors.getvalue()


PAGE, LINES, ASKS = "report.html", ("records.jsonl", "arrays/"), "asks/"
"""The page, the records, and what was asked for: no command on a study's run reads any other file."""


def changed(files, known, *names):
    """Whether files that begin by these names are others than they were."""

    def of(every):
        return {name: content for name, content in every.items() if name.startswith(names)}

    return of(files) != of(known)


def said_of(files, known=None):
    """The answers of every command to the files of a run, by its words: exit code, what is shown, errors.

    Where the run is `known` as it was, commands that read none of the files which changed are left out.
    """
    found, known = {}, {} if known is None else known
    with tempfile.TemporaryDirectory() as temporary:
        job = any(name.startswith(("run.json", "payload")) for name in files)
        folder = Path(temporary) / "runs" / NAME if job else Path(temporary) / "run"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

        def run(*words, page=None):
            code, out, errors = command(*words)
            if page is not None and code == 0:
                out = (page / "report.html").read_text()
            said = code, out.replace(temporary, ""), errors.replace(temporary, "")
            found[" ".join(str(word).removeprefix(temporary) for word in words)] = said

        if job:
            run("runs", "--json", "--out", folder.parent)
            run("runs", "--out", folder.parent)
            run("submit", "--resume", NAME, "--out", folder.parent)
            run("fetch", NAME, "--out", folder.parent)
            return found
        if (folder / PAGE).exists() and changed(files, known, PAGE):
            run("again", folder / PAGE)
        if changed(files, known, *LINES):
            lines = Path(temporary) / "lines"
            run("report", folder / "records.jsonl", "--out", lines, page=lines)
        if not changed(files, known, *LINES, ASKS):
            return found
        run("again", folder)
        merged = Path(temporary) / "merged"
        run("merge", folder, "--out", merged)
        run("report", folder, page=folder)
        if merged.exists():
            same = (merged / "records.jsonl").read_bytes() == files.get("records.jsonl")
            asks = {file.name: file.read_bytes() for file in (merged / "asks").glob("*")}
            if not same or asks != {name[5:]: held for name, held in files.items() if name.startswith("asks/")}:
                told = found["merge /run --out /merged"][2]
                run("report", merged, page=merged)
                code, out, errors = found["report /merged"]
                found["report /merged"] = code, out, errors if code else told + errors  # what was left out was named
    return found


@pytest.fixture(scope="module", autouse=True)
def light(tmp_path_factory):
    """Draw no figure, nor a table on the terminal beside the page's, ask no service, and run nothing but say it."""
    with no_account(tmp_path_factory.mktemp("account")) as patch:
        patch.setattr("compare.report.page.draw", lambda picture, path, prefix, refer: Embedded(picture.caption))
        patch.setattr("compare.report.terminal.for_terminal", lambda table: table.title)
        patch.setattr("compare.engine.session.run_planned", lambda asked, folder: print([x.id for x in asked.tasks]))
        patch.setattr("compare.again.write_joined", lambda *arguments: None)
        patch.setattr("compare.again.load_all", lambda *arguments: None)
        patch.setattr("os.fsync", lambda descriptor: None)
        yield


@pytest.fixture
def planned(monkeypatch):
    """How many tasks were planned, in a list of its own."""
    count, take = [0], kind_module._take

    def counted(tasks, kind):
        count[0] += tasks
        take(tasks, kind)

    monkeypatch.setattr(kind_module, "_take", counted)
    return count


@contextlib.contextmanager
def ended():
    """Stop what does not end: by the processor's seconds, which do not depend on who else is there."""

    def stop(*arguments):
        raise EndlessError(f"no end after {LONGEST} seconds of the processor")

    known = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, known)


TOLD = ("unreadable", "is damaged", "no result yet")
"""How a page or a list names what is not there, or cannot be read."""


@pytest.mark.parametrize("kind", KINDS)
def test_changed_files_are_named_or_change_nothing(kind, planned, record_property):
    files = finished(kind)
    before = said_of(files)
    assert {code for code, _, _ in before.values()} == {0}, before
    before["report /merged"] = before.get("report /run")
    counted = Counter()

    @hypothesis.settings(
        max_examples=-(-MUTATIONS // len(KINDS)),
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(mutation=mutations(files, OTHERS))
    def check(mutation):
        planned[0] = 0
        with ended():
            said = said_of(mutation.files, files)
        assert planned[0] <= MOST_TASKS, mutation.told
        found = {judged(mutation, words, before, *one) for words, one in said.items()}
        counted["mutations"] += 1
        verdicts = ("impossible", "forged", "named", "nothing")
        counted[next((verdict for verdict in verdicts if verdict in found), "read by nobody")] += 1

    check()
    record_property("measured", f"files of {kind}: {dict(counted)}")


def judged(mutation, words, before, code, shown, errors):
    """Say what a command made of a change: "named", "nothing" that is shown, "forged" where nobody could tell."""
    where = mutation.told, words, shown[-300:], errors
    assert code in (0, 1, 2), where
    lines = errors.splitlines()
    assert all(line.startswith("tickets: ") and len(line) > 20 for line in lines), where
    if code:
        assert len(lines) == 1, where
    if code or errors or any(word in shown for word in TOLD):
        return "impossible" if "makes no report" in errors else "named"
    if shown == before[words][1]:
        return "nothing"
    # Values of the right type and range with every digest made anew cannot be told from others.
    assert mutation.sealed, where
    return "forged"

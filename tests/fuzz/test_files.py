"""Every command that reads files of a finished run, on files that were changed in every way there is."""

import contextlib
import io
import os
import re
import tempfile
import traceback
import warnings
from collections import Counter
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from compare import cli
from compare.report.figures import Embedded
from tests.fuzz.mutations import mutations
from tests.fuzz.runs import HARDWARE, SETTINGS, finished

KINDS = [*SETTINGS, HARDWARE]

MUTATIONS = int(os.environ.get("MUTATIONS", "300"))
"""How many in all."""

NAME = "hw-20261129-0f0f0f"


def command(*arguments):
    """Run a command in this process; return its exit code, output and errors, a traceback among the errors."""
    import signal

    def late(*a):
        raise TimeoutError("SLOW")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(12)
    out, errors = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors), warnings.catch_warnings():
        try:
            cli.main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
        except BaseException:
            code = 99
            errors.write(traceback.format_exc())
        finally:
            signal.alarm(0)
    return code, out.getvalue(), errors.getvalue()


def write(files, folder):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def shown_by(files):
    """What every command says to the files of a run, by its words: exit code, what is shown, errors."""
    found = {}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        hardware = "run.json" in files or "payload-000.npz" in files
        folder = place / "runs" / NAME if hardware else place / "run"
        write(files, folder)

        def run(*words):
            code, out, errors = command(*words)
            found[words[0], str(words[1]).removeprefix(temporary)] = (
                code,
                out.replace(temporary, ""),
                errors.replace(temporary, ""),
            )
            return code

        if hardware:
            run("runs", "--json", "--out", folder.parent)
            run("runs", "--out", folder.parent)
            run("fetch", NAME, "--out", folder.parent)
            run("submit", "--resume", NAME, "--out", folder.parent)
            return found
        if (folder / "report.html").exists():
            run("again", folder / "report.html")
        run("again", folder)
        run("merge", folder, "--out", place / "merged")
        for one in (folder, place / "merged"):
            if run("report", one) == 0:
                code, _, errors = found["report", str(one).removeprefix(temporary)]
                page = (one / "report.html").read_text()
                found["report", str(one).removeprefix(temporary)] = code, page, errors
    return found


@pytest.fixture(scope="module", autouse=True)
def light():
    """Draw no figure, and run nothing: what would run is said."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compare.report.page.draw", lambda picture, path: Embedded(picture.caption))
        patch.setattr(
            "compare.engine.session.run_planned", lambda planned, folder: print([one.id for one in planned.tasks])
        )
        patch.setattr("os.fsync", lambda descriptor: None)
        patch.setattr("compare.again.write_joined", lambda *arguments: None)
        patch.setattr("compare.again.load_all", lambda *arguments: None)
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_changed_files_are_named_or_change_nothing(kind, record_property):
    files = finished(kind)
    others = (
        {
            f"{other}/{name}": held
            for other in KINDS
            if other != kind
            for name, held in list(finished(other).items())[:3]
        }
        if MUTATIONS > 300
        else {}
    )
    others = others or {"line": b'{"schema": 2}', "text": b"no record", "npy": b"\x93NUMPY\x01\x00v\x00"}
    before = shown_by(files)
    assert all(code == 0 for code, _, _ in before.values()), before
    counted = Counter()

    @hypothesis.settings(
        max_examples=max(1, MUTATIONS // len(KINDS)),
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        report_multiple_bugs=False,
    )
    @hypothesis.given(mutation=mutations(files, others))
    def check(mutation):
        after = shown_by(mutation.files)
        for words, (code, shown, errors) in after.items():
            if code == 99:
                counted["tracebacks"] += 1
                last = re.findall(r'File "([^"]*/(?:compare|problems|quantum|classical)/[^"]*)", line (\d+)', errors)[
                    -1:
                ]
                FOUND[(str(last), errors.strip().splitlines()[-1][:150])].append((kind, mutation.told[:300], words))
            elif errors.count("\n") > 2 or (code and not errors):
                FOUND["not one line", errors[:200]].append((kind, mutation.told[:300], words))
            elif code or errors or "unreadable" in shown or "is damaged" in shown:
                counted["named"] += 1
                if "makes no report" in errors:
                    counted["last guard"] += 1
                    FOUND["guard", errors[:250]].append((kind, mutation.told[:300], words))
            elif words in before and shown == before[words][1]:
                counted["nothing changed"] += 1
            elif mutation.sealed:
                counted["undetectable"] += 1
            else:
                FOUND["silently"].append((kind, mutation.told[:300], words, code))

    check()
    record_property("measured", f"{kind}: {dict(counted)}")
    print(kind, dict(counted))


from collections import defaultdict

FOUND = defaultdict(list)


@pytest.fixture(scope="module", autouse=True)
def told():
    yield
    import json, time

    Path(f"/tmp/fz/found-{os.getpid()}-{time.time()}.json").write_text(
        json.dumps([(key, cases) for key, cases in FOUND.items()])
    )
